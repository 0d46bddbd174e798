"""Everything that can be looked back on: the pillars with their habits, archived ones too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import habits
from app.facts.rests import RESTS
from app.infra.statement import Statement
from app.rules import fold
from app.rules.board import HabitFacts
from app.rules.identity import Claims
from app.rules.rests import Quiet, Rests
from app.rules.schedule import Timetable
from app.rules.weeks import Weeks, beginning_on, weeks_of

# A run shorter than this is not shown.
SHORTEST_RUN = 2


class _PillarRow(NamedTuple):
    id: int
    name: str
    color: str
    icon: str
    archived: bool


class _HabitRow(NamedTuple):
    """The facts of a habit, when it was put away, by itself or with its pillar, and its user's.

    `week_anchors` and `rests` are what Weeks and Rests are made of.
    """

    id: int
    pillar_id: int
    name: str
    effort: str
    put_away: bool
    pillar_put_away: bool
    terms: str
    folded_on: date | None
    folded_run: int
    folded_best: int
    folded_kept: int
    folded_toward: int
    folded_shields: int
    folded_since: date | None
    folded_idle: int
    folded_overdue: int
    folded_strength: float
    days: Sequence[date]
    amounts: str | None
    put_away_at: datetime | None
    week_anchors: Sequence[date]
    rests: str | None

    @property
    def facts(self) -> HabitFacts:
        return HabitFacts._make(self[: len(HabitFacts._fields)])


_HABITS = Statement(
    habits.sql(
        columns=f""", least(h.archived_at, p.archived_at) AS put_away_at,
        (SELECT u.week_anchors FROM users u WHERE u.id = :me) AS week_anchors,
        {RESTS.format(user=":me")} AS rests"""
    ),
    _HabitRow,
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
    quiet: Quiet
    ends: date | None

    def stretches(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield its due days from `first` to `last`, as Timetable.stretches does, without rests."""
        if self.ends is not None:
            last = min(last, self.ends - timedelta(days=1))
        for begins, until in self.timetable.stretches(first, last):
            yield from self.quiet.between(begins, until)


@dataclass(frozen=True, slots=True)
class ShelfPillar:
    """A pillar with all its habits, in the user's order, archived ones last."""

    id: int
    name: str
    color: str
    archived: bool
    habits: tuple[ShelfHabit, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All pillars of a user, in the user's order, archived ones last, and the user's weeks."""

    pillars: tuple[ShelfPillar, ...]
    weeks: Weeks


def shelf(reading: Connection, who: Claims, today: date) -> Shelf:
    """Return every pillar with every habit."""
    by_pillar: dict[int, list[_HabitRow]] = defaultdict(list)
    values = {"me": who.user_id, "habit": None, "pillar": None, "all": True}
    # Who has no habit has nothing that goes by weeks: what the cookie says of them is enough.
    weeks = beginning_on(who.week_start)
    for row in sorted(_HABITS.all(reading, values), key=lambda row: row.put_away):
        by_pillar[row.pillar_id].append(row)
        weeks = weeks_of(row.week_anchors)
    pillars = tuple(
        ShelfPillar(
            pillar.id,
            pillar.name,
            pillar.color,
            pillar.archived,
            tuple(_habit(row, pillar, who, today) for row in by_pillar[pillar.id]),
        )
        for pillar in _PILLARS.all(reading, {"me": who.user_id})
    )
    return Shelf(pillars, weeks)


def _habit(row: _HabitRow, pillar: _PillarRow, who: Claims, today: date) -> ShelfHabit:
    habit, ended_at = row.facts, row.put_away_at
    history = habit.history(weeks_of(row.week_anchors), Rests.of(row.rests))
    shown = fold.on_day(habit.state, history, today)
    return ShelfHabit(
        id=habit.id,
        name=habit.name,
        color=pillar.color,
        icon=pillar.icon,
        archived=habit.is_archived,
        run=shown.run if shown.run >= SHORTEST_RUN and not habit.is_archived else 0,
        best=shown.best,
        kept=habit.kept,
        timetable=history.timetable,
        quiet=history.quiet,
        ends=None if ended_at is None else who.day_of(ended_at),
    )
