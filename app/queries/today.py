"""Today: the pet, and every pillar with its habits, in two statements however many they are."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.queries import pets
from app.queries.pillars import PillarOfDay, Place, of_day, place
from app.rules.identity import Claims
from app.rules.outcome import PetCard


@dataclass(frozen=True, slots=True)
class Today:
    """The user's day on the screen; `version` counts the writes that it shows."""

    day: date
    version: int
    pet: PetCard
    pillars: tuple[PillarOfDay, ...]
    place: Place


def show(session: Session, who: Claims, now: datetime, free_pillars: int) -> Today:
    """Return the user's day at `now`. Raises SessionEnded when the account is gone."""
    today = who.day_of(now)
    pet = pets.card(session, who, now)
    pillars = of_day(session, who, today, pet.version)
    return Today(today, pet.version, pet, pillars, place(len(pillars), who, free_pillars))
