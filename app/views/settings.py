"""You: name, zone, day start, theme, shortcuts, password."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import clock, db, passwords
from app.operations import accounts, sessions
from app.operations.tries import forget
from app.queries import accounts as account_queries
from app.rules.days import find_zone
from app.rules.errors import SessionEnded
from app.rules.identity import Actor, Claims
from app.rules.language import _
from app.rules.tries import PASSWORD
from app.views.account_forms import PasswordForm
from app.views.forms import SettingsForm
from app.views.proofs import account, known
from app.views.sessions import begin_visit, local
from app.web import access, audit, htmx, tries, whose
from app.web.once import once

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def show() -> Any:
    """Show the settings."""
    return _page()


@bp.post("/settings")
def update() -> Any:
    """Set what is preferred, and sign the claims anew at once: the next page looks like it.

    A field that is not sent, or not changed, stays as it is.
    """
    form = SettingsForm(request.form, data=_preferences())
    if not form.validate():
        return _page(form=form, status=422)
    day_start, shortcuts = form.changed("day_start"), form.changed("shortcuts")
    week_start = form.changed("week_start")
    with once() as writing:
        if writing:
            accounts.set_preferences(
                writing,
                access.actor(),
                name=form.changed("name"),
                timezone=form.changed("timezone"),
                day_start=None if day_start is None else int(day_start),
                theme=form.changed("theme"),
                shortcuts=None if shortcuts is None else shortcuts == "on",
                week_start=None if week_start is None else int(week_start),
            )
    access.sign(_fresh())
    flash(_("Saved."))
    if back := request.form.get("next"):
        return htmx.go(local(back))
    # A theme is on the whole page.
    return htmx.go(url_for("settings.show"))


@bp.get("/settings/keys")
def keys() -> Any:
    """Show what single keys do."""
    return htmx.page("settings/keys.html")


@bp.get("/settings/zone")
def zone() -> Any:
    """Ask somebody whose zone nobody may have chosen whether it is that of the browser."""
    try:
        said = find_zone(request.args.get("zone", ""))
    except ValueError:
        return redirect(url_for("settings.show"), code=303)
    return htmx.page("settings/zone.html", zone=said, next=local(request.args.get("next", "")))


@bp.post("/settings/password")
@access.public
def password() -> Any:
    """Set another password for the one who knows the old; every other sign-in ends.

    Open to visitors, since the form that is sent twice comes with a sign-in that has ended. Raises
    SessionEnded for all others.
    """
    form, who = PasswordForm(request.form), access.current() or access.ended()
    if who is None:
        raise SessionEnded
    whose.check(form.key.data or "")
    form.address = account(who.user_id).email
    is_valid = form.validate()
    begun = _changed_before(form, who) if is_valid else None
    if begun is None:
        me = access.actor()
        attempt = tries.begin(PASSWORD, me.user_id)
        if known(form.current, me) is None or not is_valid:
            return _page(password_form=form, status=422)
        password_hash = passwords.hash_password(form.password.data or "")
        with db.transaction() as writing:
            begun = accounts.change_password(
                writing, me, password_hash, form.key.data, audit.here()
            )
            forget(writing, attempt)
    begin_visit(begun)
    flash(_("The password is changed. Everywhere else you are signed out."))
    return htmx.redirect("settings.show")


def _changed_before(form: PasswordForm, who: Claims) -> Actor | None:
    """Return the sign-in that this form has opened when it was sent before, None if it was not.

    Whoever sends it knows the new password.
    """
    with db.reading() as reading:
        begun = sessions.opened_before(reading, who.user_id, form.key.data)
    password_hash = account(who.user_id).password_hash
    is_right = begun and passwords.verify(form.password.data or "", password_hash)
    return begun if is_right else None


@bp.get("/settings/password")
def password_form() -> Any:
    """Lead to the form for another password."""
    return redirect(url_for("settings.show", _anchor="password"), code=303)


def _page(
    form: SettingsForm | None = None, password_form: PasswordForm | None = None, status: int = 200
) -> Any:
    return htmx.page(
        "settings/show.html",
        status,
        form=form or SettingsForm(data=_preferences()),
        password_form=password_form or PasswordForm(),
        account=account(access.actor().user_id),
    )


def _fresh() -> Claims:
    """What the account says now: another device may have set it since the cookie was signed."""
    with db.reading() as reading:
        fresh = account_queries.claims(reading, access.actor(), clock.now())
    if fresh is None:
        raise SessionEnded
    return fresh


def _preferences() -> dict[str, str]:
    who = _fresh()
    return {
        "name": who.name,
        "timezone": who.timezone,
        "day_start": str(who.day_start),
        "week_start": str(who.week_start),
        "theme": who.theme,
        "shortcuts": "on" if who.shortcuts else "off",
    }
