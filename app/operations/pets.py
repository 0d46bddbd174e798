"""What can be done to pets: care for the active one, take another along, welcome a new egg.

Pets are never deleted, and a pet that rests keeps everything.
"""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Pet
from app.operations.owner import Owner, begin_change, change
from app.rules import levels
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.moments import Moment, Occasion
from app.rules.names import SPECIES

_PETS = text("SELECT best_stage, species FROM pets WHERE user_id = :me")
_LET_REST = text("UPDATE pets SET is_active = false WHERE user_id = :me AND is_active")

# Of a kind that comes a second time, since another pet was changed in between, nothing is stored.
_STORE = text("""
    INSERT INTO moments (user_id, occasion, subject_id, number, day, label, created_at)
    SELECT :me, :occasion, :pet, :number, :today, '', :now
    WHERE NOT EXISTS (SELECT 1 FROM moments WHERE user_id = :me AND occasion = :occasion
                      AND number = CAST(:number AS int))
    RETURNING number
""")
_NOT_NOW = text("UPDATE users SET egg_waits_until = :day WHERE id = :me")


class Welcomed(NamedTuple):
    """What became of an egg: was it taken just now, and is its pet the first of its kind?"""

    is_new: bool
    moment: Moment | None = None


def care(
    session: Session, actor: Actor, name: str | None, species: str | None, coat: str | None = None
) -> None:
    """Give the active pet a name, a species and a coat, all free; None leaves one as it is."""
    begin_change(session, actor, clock.now())
    pet = session.query(Pet).filter_by(user_id=actor.user_id, is_active=True).one()
    pet.name = pet.name if name is None else name
    pet.species = species or pet.species
    pet.coat = coat or pet.coat


def take_along(session: Session, actor: Actor, pet_id: int) -> str:
    """Make the pet the active one and return its name; the other rests. Raises NotYours."""
    pet = change(session, Pet, actor, pet_id)
    if not pet.is_active:
        # The one before comes first: at no moment are two pets active.
        session.execute(_LET_REST, {"me": actor.user_id})
        pet.is_active = True
    return pet.name


def welcome(
    session: Session, actor: Actor, number: int, name: str, species: str, coat: str
) -> Welcomed:
    """Take the user's egg `number`, 1 being the first after the pet that everybody begins with.

    The new pet becomes the active one, and a kind that the user has none of is a moment. Changes
    nothing when that egg was taken before: a second press takes no second egg. Raises Invalid when
    it is not offered.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    pets = session.execute(_PETS, {"me": actor.user_id}).all()
    if number < len(pets):
        return Welcomed(is_new=False)
    if number > len(pets) or levels.eggs([pet.best_stage for pet in pets]) < 1:
        raise Invalid(egg=_("No egg is waiting yet. One comes when a pet is grown or majestic."))
    session.execute(_LET_REST, {"me": actor.user_id})
    pet = Pet(
        user_id=actor.user_id, name=name, species=species, coat=coat, is_active=True, created_at=now
    )
    session.add(pet)
    session.flush()
    if species in {other.species for other in pets}:
        return Welcomed(is_new=True)
    return Welcomed(True, _new_kind(session, owner, pet))


def _new_kind(session: Session, owner: Owner, pet: Pet) -> Moment | None:
    """Store that there is a pet of a new kind, and return that moment; it comes once ever."""
    moment = Moment(Occasion.SPECIES, SPECIES.index(pet.species))
    values = {
        "me": owner.id, "occasion": moment.occasion, "pet": pet.id, "number": moment.number,
        "today": owner.day_of(pet.created_at), "now": pet.created_at,
    }  # fmt: skip
    return None if session.scalar(_STORE, values) is None else moment


def not_now(session: Session, actor: Actor) -> None:
    """Speak of no new egg for a week. It stays where it is. Raises SessionEnded."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    day = owner.day_of(now) + levels.EGG_WAITS
    session.execute(_NOT_NOW, {"me": actor.user_id, "day": day})
