"""What becomes of a habit that was not kept in a long while."""

from enum import StrEnum

from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Habit, RestRow
from app.operations import habits, rests
from app.operations.owner import begin_change, own
from app.operations.rests import Subject
from app.rules.identity import Actor
from app.rules.resting import Span


class Answer(StrEnum):
    """What its user wants: the form to make it smaller, a rest, the archive, or no change."""

    SMALLER = "smaller"
    REST = "rest"
    LET_GO = "let-go"
    KEEP = "keep"


def answer(session: Session, actor: Actor, habit_id: int, said: Answer) -> None:
    """Do what was `said` of the habit, and ask no more until it was kept again. Raises NotYours.

    A rest begins today and has no end; one that the habit has already is enough.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    habit.asked_on = today = owner.day_of(now)
    if said is Answer.LET_GO:
        habits.put_away(session, owner, habit, now)
    elif said is Answer.REST and not _rests_for_good(session, owner.id, habit_id):
        rests.begin(session, owner, Subject(habit_id=habit_id), Span(today), now)


def _rests_for_good(session: Session, user_id: int, habit_id: int) -> bool:
    without_end = session.query(RestRow).filter_by(user_id=user_id, habit_id=habit_id, ends_on=None)
    return without_end.first() is not None
