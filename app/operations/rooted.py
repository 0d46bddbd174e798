"""A habit takes root and leaves Today, or returns, or is left where it is for now."""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.facts import histories
from app.infra import clock
from app.models import Habit
from app.operations import rests
from app.operations.owner import begin_change, own
from app.operations.rests import Subject
from app.rules import moments, rooted
from app.rules.errors import Archived
from app.rules.identity import Actor

_STORE = text("""
    INSERT INTO moments (user_id, occasion, subject_id, number, day, label, created_at)
    VALUES (:me, :occasion, :subject, :number, :day, :label, :now)
    ON CONFLICT DO NOTHING RETURNING 1
""")


def root(session: Session, actor: Actor, habit_id: int) -> bool:
    """Let a habit take root, and tell whether that is a moment: it is one the first time.

    From now on it rests, like one in the archive. One that is rooted already stays so. Raises
    NotYours, Archived, and Invalid unless it was strong for long enough.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit, today = own(session, Habit, actor, habit_id), owner.day_of(now)
    if habit.archived_at is not None:
        raise Archived(habit.name)
    if habit.rooted_at is not None:
        return False
    for _id, history in histories.look(session, owner.id, [habit_id]):
        rooted.check(history, today)
    habit.rooted_at = now
    rests.put_away(session, owner, Subject(habit_id=habit_id), now)
    return _remember(session, habit, today, now)


def unroot(session: Session, actor: Actor, habit_id: int) -> None:
    """Let a rooted habit return to Today; its run is where it was. Raises NotYours."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    if habit.rooted_at is not None:
        rests.bring_back(session, owner, Subject(habit_id=habit_id), habit.rooted_at, now)
        habit.rooted_at, habit.asked_on = None, owner.day_of(now)


def not_yet(session: Session, actor: Actor, habit_id: int) -> None:
    """Speak of it again in two months. Raises NotYours."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    own(session, Habit, actor, habit_id).asked_on = owner.day_of(now)


def _remember(session: Session, habit: Habit, today: date, now: datetime) -> bool:
    kept = moments.rooted(habit.id, habit.name)
    values = kept._asdict() | {"me": habit.user_id, "day": today, "now": now}
    return session.scalar(_STORE, values) is not None
