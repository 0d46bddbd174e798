"""The admin area: accounts and invitations, for who looks after them. Others find nothing here."""

from typing import Any

from app.infra import clock, db
from app.queries import admin
from app.rules.errors import NotYours
from app.views.admin import accounts, invitations, overview
from app.views.admin.room import bp
from app.web import access

__all__ = ["accounts", "bp", "invitations", "overview"]


@bp.before_request
def _for_admins() -> Any:
    """Raise NotYours for all others, whatever their cookie claims; visitors are asked before."""
    with db.reading() as reading:
        if not admin.is_admin(reading, access.actor(), clock.now()):
            raise NotYours
