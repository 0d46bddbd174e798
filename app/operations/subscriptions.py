"""Subscriptions: begin one, end one, move them with the user's clock, and post their letters."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import Statement
from app.operations import outbox
from app.operations.owner import begin_change
from app.rules.identity import Actor
from app.rules.subscriptions import OF_USE, Subscription, next_due
from app.rules.weeks import Weeks, weeks_of


class _Begun(NamedTuple):
    kind: str
    minute: int


class Letter(NamedTuple):
    """A letter that is worth writing: to whom, what makes it the only one, and its facts."""

    address: str
    once: str
    facts: Mapping[str, object]


_BEGUN = Statement("SELECT kind, minute FROM subscriptions WHERE user_id = :me", _Begun)
_BEGIN = text("""
    INSERT INTO subscriptions (user_id, kind, minute, due_at) VALUES (:me, :kind, :minute, :due)
    ON CONFLICT (user_id, kind) DO UPDATE SET minute = :minute, due_at = :due
""")
_END = text("DELETE FROM subscriptions WHERE user_id = :me AND kind = :kind")
# Of two workers that have looked at the same one, one moves it on.
_MOVE_ON = text("""
    UPDATE subscriptions SET due_at = :next WHERE user_id = :me AND kind = :kind AND due_at = :due
""")


def choose(session: Session, actor: Actor, minutes: Mapping[Subscription, int | None]) -> None:
    """Subscribe to each of the letters at a minute of the day, or end that where it is None."""
    owner = begin_change(session, actor, clock.now())
    weeks = weeks_of(owner.week_anchors)
    for kind, minute in minutes.items():
        if minute is None:
            end(session, owner.id, kind)
        else:
            _begin(session, owner.id, kind, minute, owner.timezone, weeks)


def end(session: Session, user_id: int, kind: Subscription) -> None:
    """End a subscription, with the letter that waits to be sent; an ended one stays so."""
    session.execute(_END, {"me": user_id, "kind": kind})
    outbox.withdraw(session, user_id, kind)


def follow_clock(session: Session, user_id: int, timezone: str, weeks: Weeks) -> None:
    """Let the user's letters come by another clock, or by other weeks."""
    for begun in _BEGUN.all(session, {"me": user_id}):
        _begin(session, user_id, Subscription(begun.kind), begun.minute, timezone, weeks)


def post(
    session: Session,
    user_id: int,
    kind: Subscription,
    due_at: datetime,
    next_at: datetime,
    letter: Letter | None,
) -> bool:
    """Post the letter that was due at an instant, if it is worth one, and move on to the next.

    Returns whether it was posted. Nothing is when somebody else was faster, or when the
    subscription was changed or ended meanwhile.
    """
    values = {"me": user_id, "kind": kind, "due": due_at, "next": next_at}
    is_ours = session.execute(_MOVE_ON, values).rowcount  # type: ignore[attr-defined]
    if not is_ours or letter is None:
        return False
    return outbox.post(
        session, kind, letter.address, letter.facts, user_id=user_id, subscription=kind,
        expires_at=due_at + OF_USE, once=f"{kind} {user_id} {letter.once}",
    )  # fmt: skip


def _begin(
    session: Session, user_id: int, kind: Subscription, minute: int, timezone: str, weeks: Weeks
) -> None:
    due = next_due(kind, minute, timezone, weeks, clock.now())
    session.execute(_BEGIN, {"me": user_id, "kind": kind, "minute": minute, "due": due})
