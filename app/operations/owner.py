"""The lock under which one user's writes are serial, and what it brings along."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.db import Base, statement
from app.rules import days
from app.rules.errors import NotYours, SessionEnded
from app.rules.identity import Actor, oldest_session

Row = TypeVar("Row", bound=Base)

# The user's row and nothing else: after waiting, PostgreSQL reads only the locked row afresh, so
# anything joined here could be stale. NO KEY: inserts that refer to the user must not wait.
_LOCK = statement(
    """
    SELECT id, timezone, day_start, is_premium, pillar_count, habits_made_on, habits_made,
           created_at, version
    FROM users WHERE id = :me FOR NO KEY UPDATE
""",
    "id timezone day_start is_premium pillar_count habits_made_on habits_made created_at version",
)
# An ended sign-in writes nothing: asked under the lock that ending one takes too.
_ALIVE = text("""
    SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = :me AND id = :session
                   AND ended_at IS NULL AND created_at > :oldest)
""")
_BUMP = text("UPDATE users SET version = version + 1 WHERE id = :me")


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

    def day_of(self, instant: datetime) -> date:
        """Return this user's day at `instant`."""
        return days.day_of(instant, self.timezone, self.day_start)


def lock(session: Session, actor: Actor) -> Owner:
    """Lock the user's row until the transaction ends and return it. Raises SessionEnded."""
    row = session.execute(_LOCK, {"me": actor.user_id}).one_or_none()
    if row is None:
        raise SessionEnded
    return Owner(*row)


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

    The opening of every write but the commit, which folds the last two into its statements.
    """
    owner = lock(session, actor)
    alive = {"me": actor.user_id, "session": actor.credential, "oldest": oldest_session(now)}
    if not session.scalar(_ALIVE, alive):
        raise SessionEnded
    session.execute(_BUMP, {"me": actor.user_id})
    return owner
