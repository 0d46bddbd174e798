"""Sign-ins as they are read: those that are alive, and whether one was proved lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from app.models.accounts import ALIVE, EXPIRY
from app.rules.errors import NotYours, SessionEnded
from app.rules.identity import FRESH, Actor

_PROVED = text(f"""
    SELECT coalesce(s.proved_at > :since, false) FROM sessions s
    WHERE s.user_id = :me AND s.id = :session AND {ALIVE}
""")
_OWN = text("SELECT 1 FROM sessions WHERE user_id = :me AND id = :session")
_ALIVE = text(f"""
    SELECT s.id, s.label AS device, s.network, s.created_at, s.last_used_at, {EXPIRY} AS expires_at
    FROM sessions s WHERE s.user_id = :me AND s.kind = 'browser' AND {ALIVE}
    ORDER BY s.id = :session DESC, coalesce(s.last_used_at, s.created_at) DESC, s.id DESC
""")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that is alive. `device` and `network` are those that it was begun from, see
    rules/places.py; `last_used_at` is the last write through it, to the hour, None for none."""

    id: int
    device: str
    network: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


def is_fresh(reading: Connection, actor: Actor, now: datetime) -> bool:
    """Tell whether the one who acts has proved lately who they are. Raises SessionEnded."""
    values = {"me": actor.user_id, "session": actor.credential, "now": now, "since": now - FRESH}
    is_fresh: bool | None = reading.scalar(_PROVED, values)
    if is_fresh is None:
        raise SessionEnded
    return is_fresh


def check_alive(reading: Connection, actor: Actor, now: datetime) -> None:
    """Raise SessionEnded unless the sign-in of the one who acts is alive."""
    is_fresh(reading, actor, now)


def alive(reading: Connection, actor: Actor, now: datetime) -> list[SignIn]:
    """Return the sign-ins of the one who acts: this one, then what was used last."""
    values = {"me": actor.user_id, "session": actor.credential, "now": now}
    return [SignIn(*row) for row in reading.execute(_ALIVE, values)]


def check_own(reading: Connection, actor: Actor, session_id: int) -> None:
    """Raise NotYours unless the sign-in is one of the user's, alive or not."""
    if reading.scalar(_OWN, {"me": actor.user_id, "session": session_id}) is None:
        raise NotYours
