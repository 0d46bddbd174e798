"""Tries at the doors that strangers knock at, counted before anything is looked at.

A try is a failure until it turns out well and is forgotten. So of many that come at once, no more
than the limit are looked at, whichever process they come to.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import SignInFailure
from app.operations.sweep import sweep_up
from app.rules.errors import TooManyTries
from app.rules.tries import ATTACKED, REMEMBERED, Door, Limit

# Tries of one origin come one after the other; those of others do not wait for them.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:origin, 0))")
_FIRST_THAT_COUNTS = text("""
    SELECT failed_at FROM sign_in_failures
    WHERE user_id = :user AND origin = :origin AND failed_at > :since
    ORDER BY failed_at DESC OFFSET :others LIMIT 1
""")
# Hexadecimal digits all come before g, so that these are the origins that begin with :whose.
_ATTACKED = text("""
    SELECT count(*) >= :many FROM (
        SELECT FROM sign_in_failures
        WHERE user_id = :user AND origin >= :whose AND origin < :whose || 'g'
          AND failed_at > :since
        LIMIT :many) failures
""")
_FORGET = text("""
    DELETE FROM sign_in_failures WHERE user_id = :user AND origin = :origin AND id = :id
""")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where tries come from: digests, in hexadecimal digits, of whose door it is and of the
    network that somebody stands in."""

    whose: str
    network: str


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is counted."""

    user_id: int
    origin: str
    id: int


def begin(session: Session, door: Door, user_id: int, origin: Origin, *, limited: bool) -> Try:
    """Count a try of `origin` at `door`, for the account `user_id` (0: for none that is known).

    Raises TooManyTries, if `limited`, when so many failed lately that this one must wait; then it
    is not counted.
    """
    now, place = clock.now(), origin.whose + origin.network
    session.execute(_LOCK, {"origin": place})
    if limited:
        limit = _limit(session, door, user_id, origin)
        values = {"user": user_id, "origin": place, "since": now - limit.within}
        first = session.scalar(_FIRST_THAT_COUNTS, values | {"others": limit.tries - 1})
        if first is not None:
            raise TooManyTries(first + limit.within)
    sweep_up(session, user_id, now)
    failure = SignInFailure(user_id=user_id, origin=place, failed_at=now)
    session.add(failure)
    session.flush()
    return Try(user_id, place, failure.id)


def forget(session: Session, attempt: Try) -> None:
    """Forget a try that turned out well: what is right counts for nothing."""
    values = {"user": attempt.user_id, "origin": attempt.origin, "id": attempt.id}
    session.execute(_FORGET, values)


def _limit(session: Session, door: Door, user_id: int, origin: Origin) -> Limit:
    if door.slowed is None:
        return door.limit
    values = {"user": user_id, "whose": origin.whose, "since": clock.now() - REMEMBERED}
    is_attacked = session.scalar(_ATTACKED, values | {"many": ATTACKED})
    return door.slowed if is_attacked else door.limit
