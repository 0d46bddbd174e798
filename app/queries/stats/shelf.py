"""Everything that can be looked back on: the pillars with their habits, archived ones too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import habits
from app.infra.statement import Statement
from app.rules.board import HabitFacts
from app.rules.identity import Claims
from app.rules.schedule import Timetable

# A run shorter than this is not shown.
SHORTEST_RUN = 2


class _PillarRow(NamedTuple):
    id: int
    name: str
    color: str
    icon: str
    archived: bool


class _HabitRow(NamedTuple):
    """The facts of a habit, and when it was put away, by itself or with its pillar."""

    id: int
    pillar_id: int
    name: str
    effort: str
    put_away: bool
    pillar_put_away: bool
    terms: Sequence[date]
    closed_on: date | None
    closed_run: int
    closed_best: int
    closed_kept: int
    days: Sequence[date]
    put_away_at: datetime | None

    @property
    def facts(self) -> HabitFacts:
        return HabitFacts._make(self[:-1])


_HABITS = Statement(
    habits.sql(columns=", least(h.archived_at, p.archived_at) AS put_away_at"), _HabitRow
)
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

    An archived habit has none. `kept` is on how many days it was kept in all. `ends` is the day on
    which it was put away: from then on it is not due.
    """

    id: int
    name: str
    color: str
    icon: str
    archived: bool
    run: int
    best: int
    kept: int
    timetable: Timetable
    ends: date | None

    def stretches(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield its due days from `first` to `last`, as Timetable.stretches does."""
        if self.ends is not None:
            last = min(last, self.ends - timedelta(days=1))
        return self.timetable.stretches(first, last)


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
    by_pillar: dict[int, list[_HabitRow]] = defaultdict(list)
    values = {"me": who.user_id, "habit": None, "pillar": None, "all": True}
    for row in sorted(_HABITS.all(reading, values), key=lambda row: row.put_away):
        by_pillar[row.pillar_id].append(row)
    return tuple(
        ShelfPillar(
            pillar.id,
            pillar.name,
            pillar.color,
            pillar.archived,
            tuple(_habit(row, pillar, who, today) for row in by_pillar[pillar.id]),
        )
        for pillar in _PILLARS.all(reading, {"me": who.user_id})
    )


def _habit(row: _HabitRow, pillar: _PillarRow, who: Claims, today: date) -> ShelfHabit:
    habit, ended_at = row.facts, row.put_away_at
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
        timetable=habit.timetable,
        ends=None if ended_at is None else who.day_of(ended_at),
    )
