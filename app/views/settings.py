"""You: name, zone, day start, password."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, request

from app.infra import clock, db, passwords
from app.infra.limits import limiter
from app.operations import accounts
from app.queries import accounts as account_queries
from app.rules.language import _
from app.views import access, htmx
from app.views.forms import PasswordForm, SettingsForm
from app.views.sessions import begin_visit

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def show() -> Any:
    """Show the settings."""
    return _page()


@bp.post("/settings")
def update() -> Any:
    """Set name, zone and day start, and sign the claims anew at once.

    A field that is not sent stays as it is.
    """
    form = SettingsForm(request.form, data=_preferences())
    if not form.validate():
        return _page(form=form, status=422)
    chosen = {
        "name": form.name.data or "",
        "timezone": form.timezone.data,
        "day_start": int(form.day_start.data),
    }
    with db.transaction() as writing:
        accounts.set_preferences(writing, access.me(), **chosen)
    access.sign(replace(access.claims(), **chosen, issued_at=clock.now()))
    flash(_("Saved."))
    return htmx.see("settings.show")


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
        account = account_queries.by_id(reading, access.me().user_id)
    if not passwords.verify(form.current.data or "", account.password_hash if account else None):
        form.validate()
        form.current.errors = [_("This is not the password you have.")]
        return _page(password_form=form, status=422)
    if not form.validate():
        return _page(password_form=form, status=422)
    password_hash = passwords.hash_password(form.password.data or "")
    with db.transaction() as writing:
        begun = accounts.change_password(writing, access.me(), password_hash)
    begin_visit(begun)
    flash(_("The password is changed. Everywhere else you are signed out."))
    return htmx.see("settings.show")


def _page(
    form: SettingsForm | None = None, password_form: PasswordForm | None = None, status: int = 200
) -> Any:
    return htmx.page(
        "settings/show.html",
        status,
        form=form or SettingsForm(data=_preferences()),
        password_form=password_form or PasswordForm(),
    )


def _preferences() -> dict[str, str]:
    who = access.claims()
    return {"name": who.name, "timezone": who.timezone, "day_start": str(who.day_start)}
