"""The user's order of pillars, and of the habits in each, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from app.infra.statement import Statement
from app.queries.pillars import NamedHabit
from app.rules.errors import NotYours, SessionEnded
from app.rules.identity import Claims


class _OrderRow(NamedTuple):
    version: int
    pillars: Sequence[Sequence[Any]]


# What is archived has no place.
_ORDER = Statement(
    """
SELECT u.version,
       (SELECT coalesce(json_agg(json_build_array(
                   p.id, p.name, p.color, p.icon,
                   (SELECT coalesce(json_agg(json_build_array(h.id, h.name)
                                             ORDER BY h.position, h.id), '[]')
                    FROM habits h
                    WHERE h.user_id = :me AND h.pillar_id = p.id AND h.archived_at IS NULL))
               ORDER BY p.position, p.id), '[]')
        FROM pillars p WHERE p.user_id = :me AND p.archived_at IS NULL) AS pillars
FROM users u WHERE u.id = :me
""",
    _OrderRow,
)
_OWN = text("""
    SELECT (SELECT count(*) FROM habits WHERE user_id = :me AND id = ANY(:habits)) = :many
           AND (CAST(:pillar AS bigint) IS NULL
                OR EXISTS (SELECT 1 FROM pillars WHERE user_id = :me AND id = :pillar))
""")


@dataclass(frozen=True, slots=True)
class OrderedPillar:
    """A pillar in the user's order, with its habits in theirs."""

    id: int
    name: str
    color: str
    icon: str
    habits: tuple[NamedHabit, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: its number `place`, from 1 on, of `among`.

    `pillar` is the name of the pillar where a habit stands, None for a pillar.
    """

    name: str
    place: int
    among: int
    pillar: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """The whole order; `version` counts the user's writes that it shows."""

    version: int
    pillars: tuple[OrderedPillar, ...]

    def spot(self, pillar_id: int | None, habit_id: int | None = None) -> Spot | None:
        """Return where a habit stands, or with none a pillar; None where it has no place."""
        if habit_id is None:
            return _spot(self.pillars, pillar_id, None)
        spots = (_spot(pillar.habits, habit_id, pillar.name) for pillar in self.pillars)
        return next(filter(None, spots), None)


def read(reading: Connection, who: Claims) -> Order:
    """Return the user's order. Raises SessionEnded when the account is gone."""
    row = _ORDER.first(reading, {"me": who.user_id})
    if row is None:
        raise SessionEnded
    pillars = (
        OrderedPillar(key, name, color, icon, tuple(NamedHabit(*habit) for habit in habits))
        for key, name, color, icon, habits in row.pillars
    )
    return Order(row.version, tuple(pillars))


def check_own(
    reading: Connection, who: Claims, habit_ids: Collection[int], pillar_id: int | None
) -> None:
    """Raise NotYours unless all the habits, and the pillar if there is one, are the user's."""
    habits = list(set(habit_ids))
    values = {"me": who.user_id, "habits": habits, "many": len(habits), "pillar": pillar_id}
    if not reading.scalar(_OWN, values):
        raise NotYours


def _spot(
    siblings: Sequence[OrderedPillar | NamedHabit], sought: int | None, pillar: str | None
) -> Spot | None:
    for place, sibling in enumerate(siblings, start=1):
        if sibling.id == sought:
            return Spot(sibling.name, place, len(siblings), pillar)
    return None
