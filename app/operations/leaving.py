"""Leaving: ask for the end of an account, keep it after all, and end it when its time has come."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import Statement
from app.operations import accounts, audit, outbox
from app.operations.owner import begin_change
from app.rules import leaving
from app.rules.audit import Event
from app.rules.identity import Actor
from app.rules.places import Place

_AT_ONCE = 1000

_SET = text("UPDATE users SET leaves_at = :at WHERE id = :me")


class _Leaver(NamedTuple):
    id: int
    email: str


_ASKED = Statement("SELECT id, email FROM users WHERE id = :me AND leaves_at IS NULL", _Leaver)
_DUE = Statement(
    """
    SELECT id, email FROM users WHERE leaves_at <= :now
    ORDER BY leaves_at LIMIT 1 FOR UPDATE SKIP LOCKED
    """,
    _Leaver,
)
_GONE_BEFORE = Statement(
    """
    SELECT u.id, u.email
    FROM unnest(CAST(:ids AS bigint[]), CAST(:joined AS timestamptz[])) AS gone(id, joined_at)
    JOIN users u ON u.id = gone.id AND u.created_at = gone.joined_at
    FOR UPDATE OF u SKIP LOCKED
    """,
    _Leaver,
)
_SWEEP = text("""
    DELETE FROM departures WHERE (user_id, joined_at) IN (
        SELECT d.user_id, d.joined_at FROM departures d WHERE d.left_at <= :until LIMIT :few)
""")


class Gone(NamedTuple):
    """An account that was deleted, by its number and when it was made."""

    user_id: int
    joined_at: datetime


def ask(session: Session, actor: Actor, place: Place) -> None:
    """Let the account of the one who acts end when the grace is over, and say so by mail.

    Nothing else changes until then. Asked again it ends no later. Raises SessionEnded.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    leaver = _ASKED.first(session, {"me": owner.id})
    if leaver is None:
        return
    at = leaving.ends_at(now)
    session.execute(_SET, {"me": owner.id, "at": at})
    audit.note(session, owner.id, Event.LEAVING, place)
    facts = {"day": owner.day_of(at).isoformat()}
    outbox.post(session, "leaving", leaver.email, facts, user_id=owner.id, expires_at=at)


def stay(session: Session, actor: Actor, place: Place) -> None:
    """Keep the account of the one who acts. Raises SessionEnded."""
    owner = begin_change(session, actor, clock.now())
    if _ASKED.first(session, {"me": owner.id}) is None:
        session.execute(_SET, {"me": owner.id, "at": None})
        audit.note(session, owner.id, Event.STAYED, place)


def end_one(session: Session) -> bool:
    """Delete one account whose grace is over, and tell its address; False where there is none."""
    leaver = _DUE.first(session, {"now": clock.now()})
    if leaver is None:
        return False
    accounts.delete(session, leaver.id)
    outbox.post(session, "left", leaver.email, {})
    return True


def end_again(session: Session, gone: Iterable[Gone]) -> int:
    """Delete those accounts of `gone` that are here: a backup has brought them back.

    Returns how many. They were told the first time.
    """
    known = list(gone)
    values = {"ids": [one.user_id for one in known], "joined": [one.joined_at for one in known]}
    found = _GONE_BEFORE.all(session, values) if known else []
    for leaver in found:
        accounts.delete(session, leaver.id)
    return len(found)


def sweep(session: Session) -> None:
    """Forget some accounts that were deleted so long ago that no backup knows them."""
    until = clock.now() - leaving.REMEMBERED
    session.execute(_SWEEP, {"until": until, "few": _AT_ONCE})
