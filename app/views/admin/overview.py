"""What an admin sees first: how the server does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from app.config import Settings
from app.infra import backups, clock, db
from app.queries import admin, invitations, outbox
from app.views.accounts import registration
from app.views.admin.room import bp
from app.web import htmx

# A backup is made every night; then a night went by without one.
_TOO_OLD = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Saved:
    """What is known of the backups: when the last good one was made, None where there is none."""

    last_good: datetime | None
    is_too_old: bool


@bp.get("")
def show() -> Any:
    """Show how many accounts there are, and how the server does."""
    settings: Settings = current_app.extensions["settings"]
    now = clock.now()
    with db.reading() as reading:
        census, waiting = admin.census(reading), len(invitations.still_open(reading, now))
        mail = outbox.counts(reading)
    return htmx.page(
        "admin/show.html",
        census=census,
        waiting=waiting,
        mail=mail,
        registration=registration().value,
        revision=settings.revision,
        saved=_saved(settings, now),
    )


def _saved(settings: Settings, now: datetime) -> Saved | None:
    """Return what is known of the backups, None where they are somebody else's."""
    if settings.backups_dir is None:
        return None
    seconds = backups.look(settings.backups_dir).last_good
    last_good = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return Saved(last_good, last_good is None or now - last_good > _TOO_OLD)
