"""What somebody writes about a day of a habit."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Habit, Note, Schedule
from app.operations.owner import begin_change, own
from app.rules.identity import Actor
from app.rules.notes import check_day


def write(
    session: Session, actor: Actor, habit_id: int, day: date | None, body: str | None
) -> None:
    """Set the note about a `day` of the habit (None: today); an empty `body` takes it away.

    None as the body leaves it as it is. An archived habit has notes too. Raises NotYours, and
    Invalid for a day before the habit's first or after today, unless there is a note about it.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    own(session, Habit, actor, habit_id)
    today = owner.day_of(now)
    day = day or today
    note = session.get(Note, (owner.id, habit_id, day))
    if note is None:
        check_day(day, _first_day(session, actor, habit_id), today)
    if body is None:
        return
    if not body:
        if note is not None:
            session.delete(note)
        return
    # What another device has just written is in `note`: the lock is held since it was read.
    note = note or Note(user_id=owner.id, habit_id=habit_id, day=day)
    note.body, note.written_at = body, now
    session.add(note)


def _first_day(session: Session, actor: Actor, habit_id: int) -> date:
    own_terms = {"user_id": actor.user_id, "habit_id": habit_id}
    first: date = session.scalars(select(func.min(Schedule.starts_on)).filter_by(**own_terms)).one()
    return first
