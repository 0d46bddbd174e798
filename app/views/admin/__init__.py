"""The admin area: accounts and invitations, for who looks after them. Others find nothing here."""

from app.infra import clock, db
from app.queries import admin
from app.views.admin import accounts, invitations, log, mail, overview
from app.views.admin.room import bp
from app.web import access

__all__ = ["accounts", "bp", "invitations", "log", "mail", "overview"]


@bp.before_request
def _for_admins() -> None:
    # Whatever the cookie claims. Visitors have been asked to sign in.
    with db.reading() as reading:
        admin.check(reading, access.actor(), clock.now())
