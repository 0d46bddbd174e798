"""What can be done to a pet. Pets are never deleted."""

from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Pet
from app.operations.owner import begin_change
from app.rules.identity import Me


def care(session: Session, me: Me, name: str | None, species: str | None) -> None:
    """Give the active pet a name and a species, both free at any time; None leaves one as it is."""
    begin_change(session, me, clock.now())
    pet = session.query(Pet).filter_by(user_id=me.user_id, is_active=True).one()
    pet.name = pet.name if name is None else name
    pet.species = species or pet.species
