"""You: name, zone, day start, theme, shortcuts, password."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, request

from app.infra import clock, db, passwords
from app.infra.limits import limiter
from app.operations import accounts
from app.queries import accounts as account_queries
from app.rules.errors import SessionEnded
from app.rules.identity import Claims
from app.rules.language import _
from app.views.forms import PasswordForm, SettingsForm
from app.views.sessions import begin_visit
from app.web import access, htmx

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def show() -> Any:
    """Show the settings."""
    return _page()


@bp.post("/settings")
def update() -> Any:
    """Set what is preferred, and sign the claims anew at once: the next page looks like it.

    A field that is not sent stays as it is.
    """
    form = SettingsForm(request.form, data=_preferences())
    if not form.validate():
        return _page(form=form, status=422)
    sent = request.form
    with db.transaction() as writing:
        accounts.set_preferences(
            writing,
            access.actor(),
            name=form.name.data or "" if "name" in sent else None,
            timezone=form.timezone.data if "timezone" in sent else None,
            day_start=int(form.day_start.data) if "day_start" in sent else None,
            theme=form.theme.data if "theme" in sent else None,
            shortcuts=form.shortcuts.data == "on" if "shortcuts" in sent else None,
        )
    access.sign(_fresh())
    flash(_("Saved."))
    return htmx.redirect("settings.show")


def _whose() -> str:
    who = access.current()
    return f"user {who.user_id}" if who else access.address()


@bp.post("/settings/password")
@limiter.limit(
    "10 per 15 minutes",
    key_func=_whose,
    deduct_when=lambda response: response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY,
)
def password() -> Any:
    """Set another password for the one who knows the old; every other sign-in ends."""
    form = PasswordForm(request.form)
    with db.reading() as reading:
        account = account_queries.by_id(reading, access.actor().user_id)
    if not passwords.verify(form.current.data or "", account.password_hash if account else None):
        form.validate()
        form.current.errors = [_("This is not the password you have.")]
        return _page(password_form=form, status=422)
    if not form.validate():
        return _page(password_form=form, status=422)
    password_hash = passwords.hash_password(form.password.data or "")
    with db.transaction() as writing:
        begun = accounts.change_password(writing, access.actor(), password_hash)
    begin_visit(begun)
    flash(_("The password is changed. Everywhere else you are signed out."))
    return htmx.redirect("settings.show")


def _page(
    form: SettingsForm | None = None, password_form: PasswordForm | None = None, status: int = 200
) -> Any:
    return htmx.page(
        "settings/show.html",
        status,
        form=form or SettingsForm(data=_preferences()),
        password_form=password_form or PasswordForm(),
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
        "theme": who.theme,
        "shortcuts": "on" if who.shortcuts else "off",
    }
