"""The first steps: the egg, some pillars, and one small habit in each, all or nothing."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Pet
from app.operations import habits, pillars
from app.operations.habits import HabitFields
from app.operations.owner import begin_change
from app.operations.pillars import PillarFields
from app.rules.identity import Actor
from app.rules.reward import Effort

# Archived ones count too: they belong to someone who has begun long ago.
_HAS_BEGUN = text("SELECT EXISTS (SELECT 1 FROM pillars WHERE user_id = :me)")


@dataclass(frozen=True, slots=True)
class EggFields:
    """What the egg is to be; an empty name leaves it unnamed."""

    name: str
    species: str
    coat: str


@dataclass(frozen=True, slots=True)
class Start:
    """A pillar, and the name of the easy habit in it; empty for none yet."""

    pillar: PillarFields
    habit: str = ""


def begin(
    session: Session,
    actor: Actor,
    egg: EggFields,
    starts: tuple[Start, ...],
    *,
    free_pillars: int,
    max_habits: int,
) -> bool:
    """Set the egg and make the pillars with their habits. Tells whether anything was done.

    Who has a pillar already has begun: then nothing is done, so that the form sent twice makes
    everything once. Raises PlanFull and, past the limit of habits, Invalid.
    """
    # The lock comes first: of two presses at once the second finds the pillars of the first.
    begin_change(session, actor, clock.now())
    if session.scalar(_HAS_BEGUN, {"me": actor.user_id}):
        return False
    pet = session.query(Pet).filter_by(user_id=actor.user_id, is_active=True).one()
    pet.name, pet.species, pet.coat = egg.name, egg.species, egg.coat
    for start in starts:
        pillar_id = pillars.create(session, actor, start.pillar, free_pillars)
        if start.habit:
            fields = HabitFields(start.habit, Effort.EASY)
            habits.create(session, actor, pillar_id, fields, max_habits)
    return True
