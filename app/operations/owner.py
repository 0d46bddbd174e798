"""The lock under which one user's writes are serial, and what it brings along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.db import Base
from app.infra.statement import At, Statement
from app.models.accounts import ALIVE
from app.rules import days
from app.rules.errors import NotYours, SessionEnded
from app.rules.identity import USE_NOTED_EVERY, Actor

Row = TypeVar("Row", bound=Base)

# Notes that a sign-in is used, seldom enough to cost next to nothing. Part of a statement.
USED = f"""
    UPDATE sessions SET last_used_at = :now
    WHERE user_id = :me AND id = :session
      AND coalesce(last_used_at, created_at) + interval '{USE_NOTED_EVERY.seconds} seconds' <= :now
"""
# An ended sign-in writes nothing: asked under the lock that ending one takes too.
_ALIVE = text(f"""
    SELECT 1 FROM sessions s WHERE s.user_id = :me AND s.id = :session AND {ALIVE}
""")
_COUNT = text(f"""
    WITH used AS ({USED})
    UPDATE users SET version = version + 1
    WHERE id = :me AND EXISTS (SELECT 1 FROM sessions s
                               WHERE s.user_id = :me AND s.id = :session AND {ALIVE})
    RETURNING version
""")


@dataclass(frozen=True, slots=True)
class Owner:
    """The locked row of the user who acts."""

    id: int
    timezone: str
    day_start: int
    is_premium: bool
    pillar_count: int
    habits_made_on: date | None
    habits_made: int
    created_at: datetime
    version: int
    week_anchors: Sequence[date]

    def day_of(self, instant: datetime) -> date:
        """Return this user's day at `instant`."""
        return days.day_of(instant, self.timezone, self.day_start)


# The user's row and nothing else: after waiting, PostgreSQL reads only the locked row afresh, so
# anything joined here could be stale. NO KEY: inserts that refer to the user must not wait.
_LOCK = Statement(
    """
    SELECT id, timezone, day_start, is_premium, pillar_count, habits_made_on, habits_made,
           created_at, version, week_anchors
    FROM users WHERE id = :me FOR NO KEY UPDATE
""",
    Owner,
)


def lock(at: At, actor: Actor) -> Owner:
    """Lock the user's row until the transaction ends and return it. Raises SessionEnded."""
    owner = _LOCK.first(at, {"me": actor.user_id})
    if owner is None:
        raise SessionEnded
    return owner


def own(session: Session, model: type[Row], actor: Actor, key: int) -> Row:
    """Return the user's own row `key` of `model`, loaded. Raises NotYours."""
    row = session.get(model, (actor.user_id, key))
    if row is None:
        raise NotYours
    return row


def change(session: Session, model: type[Row], actor: Actor, key: int) -> Row:
    """Begin a change of the user's own row and return it. Raises SessionEnded and NotYours."""
    begin_change(session, actor, clock.now())
    return own(session, model, actor, key)


def begin_change(session: Session, actor: Actor, now: datetime) -> Owner:
    """Lock the user, find the sign-in alive and count one more write. Raises SessionEnded.

    The opening of every write but the commit, which does the last two in its own statements.
    """
    owner = lock(session, actor)
    values = {"me": actor.user_id, "session": actor.credential, "now": now}
    if session.scalar(_COUNT, values) is None:
        raise SessionEnded
    return owner


def check_alive(at: At, actor: Actor, now: datetime) -> None:
    """Raise SessionEnded unless the actor's sign-in is alive. Under the lock."""
    values = {"me": actor.user_id, "session": actor.credential, "now": now}
    if at.scalar(_ALIVE, values) is None:
        raise SessionEnded
