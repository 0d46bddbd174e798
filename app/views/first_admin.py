"""The link that makes an account the first admin of its server."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, flash, url_for

from app.config import Settings
from app.infra import clock, db
from app.operations import first_admin
from app.queries import admin as queries
from app.rules.errors import InvitationSpent
from app.rules.language import _
from app.web import access, audit, htmx
from app.web.once import once

bp = Blueprint("first_admin", __name__)

_GONE = 410


@bp.get("/first-admin/<token>")
@access.public
def show(token: str) -> Any:
    """Ask whether this account shall be the admin, a visitor to sign in first; nothing changes."""
    with db.reading() as reading:
        holds = queries.makes_admin(reading, token, clock.now())
    return _page(token) if holds else _spent()


@bp.post("/first-admin/<token>")
def become(token: str) -> Any:
    """Make the account of the one who asks the admin, and lead to the admin area."""
    try:
        with once("first-admin") as writing:
            if writing:
                first_admin.become(writing, access.actor(), token, audit.here())
    except InvitationSpent:
        return _spent()
    settings: Settings = current_app.extensions["settings"]
    with suppress(OSError):
        settings.first_admin_file.unlink(missing_ok=True)
    flash(_("This account is the admin of this server now."))
    return htmx.go(url_for("admin.show"))


def _page(token: str | None, status: int = 200) -> Any:
    is_signed_in = access.current() is not None
    return htmx.page("admin/first.html", status, token=token, is_signed_in=is_signed_in)


def _spent() -> Any:
    return _page(None, _GONE)
