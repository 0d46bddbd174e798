"""Everything that can be looked back on: the pillars with their habits, archived ones too."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import habits
from app.infra.statement import Statement
from app.rules.board import HabitFacts
from app.rules.identity import Claims

# A run shorter than this is not shown.
SHORTEST_RUN = 2


class _PillarRow(NamedTuple):
    id: int
    name: str
    color: str
    icon: str
    archived: bool


_PILLARS = Statement(
    """
    SELECT p.id, p.name, p.color, p.icon, p.archived_at IS NOT NULL AS archived
    FROM pillars p WHERE p.user_id = :me
    ORDER BY p.archived_at IS NOT NULL, p.position, p.id
""",
    _PillarRow,
)


@dataclass(frozen=True, slots=True)
class ShelfHabit:
    """A habit with its longest run, and the one that stands today: 0 where there is none to show.

    An archived habit has none. `kept` is on how many days it was kept in all.
    """

    id: int
    name: str
    color: str
    icon: str
    archived: bool
    run: int
    best: int
    kept: int


@dataclass(frozen=True, slots=True)
class ShelfPillar:
    """A pillar with all its habits, in the user's order, archived ones last."""

    id: int
    name: str
    color: str
    archived: bool
    habits: tuple[ShelfHabit, ...]


def shelf(reading: Connection, who: Claims, today: date) -> tuple[ShelfPillar, ...]:
    """Return every pillar with every habit, in the user's order, archived ones last."""
    by_pillar: dict[int, list[HabitFacts]] = defaultdict(list)
    facts = habits.look(reading, who.user_id, put_away=True)
    for habit in sorted(facts, key=lambda habit: habit.put_away):
        by_pillar[habit.pillar_id].append(habit)
    return tuple(
        ShelfPillar(
            pillar.id,
            pillar.name,
            pillar.color,
            pillar.archived,
            tuple(_habit(habit, pillar, today) for habit in by_pillar[pillar.id]),
        )
        for pillar in _PILLARS.all(reading, {"me": who.user_id})
    )


def _habit(habit: HabitFacts, pillar: _PillarRow, today: date) -> ShelfHabit:
    streak = habit.streak(today)
    return ShelfHabit(
        id=habit.id,
        name=habit.name,
        color=pillar.color,
        icon=pillar.icon,
        archived=habit.is_archived,
        run=streak.run if streak.run >= SHORTEST_RUN and not habit.is_archived else 0,
        best=streak.best,
        kept=habit.kept,
    )
