"""The den: the pets that rest."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules import levels
from app.rules.identity import Claims
from app.rules.levels import Stage


@dataclass(frozen=True, slots=True)
class RestingPet:
    """A pet in the den; `name` is empty until it is given."""

    id: int
    name: str
    species: str
    coat: str
    xp: int
    days_kept: int

    @property
    def level(self) -> int:
        """The level that its XP has reached."""
        return levels.level(self.xp)

    @property
    def stage(self) -> Stage:
        """How far it has grown."""
        return levels.stage(self.level, self.days_kept)

    @property
    def cracks(self) -> int:
        """How many cracks its egg shows."""
        return levels.cracks(self.xp)


_RESTING = Statement(
    """
SELECT id, name, species, coat, xp, days_kept FROM pets
WHERE user_id = :me AND NOT is_active ORDER BY id
""",
    RestingPet,
)


def resting(reading: Connection, who: Claims) -> tuple[RestingPet, ...]:
    """Return the pets that rest, the one that came first in front."""
    return tuple(_RESTING.all(reading, {"me": who.user_id}))
