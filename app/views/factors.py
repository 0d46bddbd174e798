"""Sign-in and security: by what somebody signs in, and the end of a password."""

from typing import Any

from flask import Blueprint, flash, url_for

from app.infra import db
from app.operations import factors as operations
from app.queries import factors as queries
from app.queries.factors import Factor, Ways
from app.rules.errors import Invalid
from app.rules.language import _
from app.views.account_forms import FactorForm
from app.web import access, audit, htmx, passkeys
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("factors", __name__)


@bp.get("/settings/security")
def index() -> Any:
    """Show the password, the apps that make codes, the passkeys, and the recovery codes left."""
    return htmx.page("factors/index.html", ways=ways(), site=passkeys.site())


@bp.get("/settings/security/password/remove")
@fresh
def confirm() -> Any:
    """Ask whether the password shall be removed."""
    return _confirmation()


@bp.post("/settings/security/password/remove")
@fresh
def remove_password() -> Any:
    """Remove the password of somebody who has a passkey."""
    try:
        with once() as writing:
            if writing:
                operations.remove_password(writing, access.actor(), audit.here())
    except Invalid as error:
        return _confirmation(422, error.sentence)
    flash(_("The password is gone. From now on a passkey opens your account."))
    return htmx.go(url_for("factors.index"))


def ways() -> Ways:
    """Return by what the one who looks signs in."""
    with db.reading() as reading:
        return queries.ways(reading, access.actor().user_id)


def name_page(form: FactorForm, one: Factor, action: str, status: int = 200) -> Any:
    """Ask by which name a factor shall be called; `action` is where the form goes."""
    return htmx.page("factors/edit.html", status, form=form, one=one, action=action)


def lead_on() -> Any:
    """Lead on from a factor that was added: to the recovery codes, where there are none yet."""
    where = "factors.index" if ways().recovery_codes else "codes.recovery"
    return htmx.go(url_for(where))


def _confirmation(status: int = 200, refusal: str = "") -> Any:
    return htmx.page("factors/confirm.html", status, ways=ways(), refusal=refusal)
