"""The audit log, written in the transaction that does the deed, and told to the log of the app."""

import logging
from datetime import UTC

from sqlalchemy import text

from app.infra import clock
from app.infra.statement import At
from app.rules.audit import COUNTED, Event
from app.rules.places import NOWHERE, Place

_log = logging.getLogger(__name__)

# A line with a day is there once: it counts, and forgets what is no longer the same of all.
_NOTE = text("""
    INSERT INTO audit AS a (user_id, happened_at, event, day, network, device, done_by)
    VALUES (:user, :now, :event, :day, :network, :device, :by)
    ON CONFLICT (user_id, event, day) DO UPDATE SET times = a.times + 1,
        network = CASE WHEN a.network = excluded.network THEN a.network ELSE '' END,
        device = CASE WHEN a.device = excluded.device THEN a.device ELSE '' END
""")
NOBODY = 0
_BLANK = text("UPDATE audit SET network = '', device = '' WHERE user_id = :user")


def note(at: At, user_id: int, event: Event, place: Place = NOWHERE, by: int | None = None) -> None:
    """Note that `event` happened to the account of a user, at `place`, or was done `by` an admin.

    User 0 is an address that nobody has: what is tried there is counted all together; it is also
    the server, for what no account is told. The log's own line names the network address, which is
    not stored.
    """
    now, is_counted = clock.now(), event in COUNTED
    day = now.astimezone(UTC).date() if is_counted else None
    values = {"user": user_id, "event": event.value, "now": now, "day": day, "by": by}
    at.execute(_NOTE, values | {"network": place.network, "device": place.device})
    fields = {"event": event.value, "user_id": user_id, "address": place.address, "by": by}
    level = logging.WARNING if is_counted else logging.INFO
    said = "%s: user %s from %s"
    where = f"admin {by}" if by else place.address or "this machine"
    _log.log(level, said, event.value, user_id, where, extra={"fields": fields})


def forget_places(at: At, user_id: int) -> None:
    """Forget where a user's deeds came from; what happened, and when, stays."""
    at.execute(_BLANK, {"user": user_id})
