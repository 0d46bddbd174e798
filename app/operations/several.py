"""Several habits at once: move, rest or archive them. All or none."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Habit, Pillar
from app.operations import habits, rests
from app.operations.owner import begin_change
from app.operations.rests import Subject
from app.rules.errors import Invalid, NotYours
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.resting import Span


def move(session: Session, actor: Actor, habit_ids: Collection[int], pillar_id: int) -> None:
    """Move the habits to the end of a pillar, in the order that they have.

    Those that live there stay where they are. Raises NotYours for any, Archived (the pillar), and
    Invalid for none.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    chosen = _chosen(session, actor, habit_ids)
    habits.open_pillar(session, actor, pillar_id)
    for habit in chosen:
        habits.settle(session, owner, habit, pillar_id, now)


def rest(session: Session, actor: Actor, habit_ids: Collection[int], ends_on: date | None) -> None:
    """Let each of the habits rest from today through `ends_on` (None: without an end).

    Raises NotYours for any, and Invalid for none or a last day that cannot be.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    span = Span(owner.day_of(now), ends_on)
    for habit in _chosen(session, actor, habit_ids):
        rests.begin(session, owner, Subject(habit_id=habit.id), span, now)


def archive(session: Session, actor: Actor, habit_ids: Collection[int]) -> None:
    """Put the habits away. Raises NotYours for any, and Invalid for none."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    for habit in _chosen(session, actor, habit_ids):
        habits.put_away(session, owner, habit, now)


def _chosen(session: Session, actor: Actor, habit_ids: Collection[int]) -> list[Habit]:
    if not habit_ids:
        raise Invalid(chosen=_("Choose at least one habit."))
    own = session.query(Habit).filter(Habit.user_id == actor.user_id, Habit.id.in_(habit_ids))
    home = and_(Pillar.user_id == Habit.user_id, Pillar.id == Habit.pillar_id)
    order = (Pillar.position, Pillar.id, Habit.position, Habit.id)
    chosen = own.join(Pillar, home).order_by(*order).all()
    if len(chosen) < len(set(habit_ids)):
        raise NotYours
    return chosen
