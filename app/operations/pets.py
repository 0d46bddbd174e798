"""What can be done to pets: care for the active one, take another along, welcome a new egg.

Pets are never deleted, and a pet that rests keeps everything.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Pet
from app.operations.owner import begin_change, change
from app.rules import levels
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import _

_BEST_STAGES = text("SELECT best_stage FROM pets WHERE user_id = :me")
_LET_REST = text("UPDATE pets SET is_active = false WHERE user_id = :me AND is_active")


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
) -> bool:
    """Take the user's egg `number`, 1 being the first after the pet that everybody begins with.

    The new pet becomes the active one. Returns False, and changes nothing, when that egg was
    taken before: a second press takes no second egg. Raises Invalid when it is not offered.
    """
    now = clock.now()
    begin_change(session, actor, now)
    best_stages = session.scalars(_BEST_STAGES, {"me": actor.user_id}).all()
    pets = len(best_stages)
    if number < pets:
        return False
    if number > pets or levels.eggs(best_stages) < 1:
        raise Invalid(egg=_("No egg is waiting yet. One comes when a pet is grown or majestic."))
    session.execute(_LET_REST, {"me": actor.user_id})
    session.add(
        Pet(
            user_id=actor.user_id,
            name=name,
            species=species,
            coat=coat,
            is_active=True,
            created_at=now,
        )
    )
    return True
