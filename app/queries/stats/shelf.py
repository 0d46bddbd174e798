"""Everything that can be looked back on: the pillars with their habits, archived ones too."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import habits
from app.facts.rests import RESTS
from app.infra.statement import Statement
from app.rules import fold, occasions
from app.rules.facts import HabitFacts
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
    counted_on: date | None
    put_away_at: datetime | None
    week_anchors: Sequence[date]
    rests: str | None

    @property
    def facts(self) -> HabitFacts:
        return HabitFacts._make(self[: len(HabitFacts._fields)])


_HABITS = Statement(
    habits.sql(
        f""", least(h.archived_at, h.rooted_at, p.archived_at) AS put_away_at,
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

    An archived habit has none. `kept` is on how many days it was kept in all, `strength` that of
    today, from 0 to 1.
    """

    id: int
    name: str
    color: str
    icon: str
    archived: bool
    run: int
    best: int
    kept: int
    strength: float
    timetable: Timetable
    quiet: Quiet

    @property
    def span(self) -> tuple[int, int]:
        """How many days its runs stand for: the one that stands, and the longest."""
        term = self.timetable.terms[-1]
        return occasions.in_days(term, self.run), occasions.in_days(term, self.best)


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
    habit = row.facts
    history = habit.history(weeks_of(row.week_anchors), Rests.of(row.rests))
    shown = fold.on_day(habit.state, history, today)
    quiet = history.quiet
    if row.put_away_at is not None and not quiet.covers(today):
        # A worker of the version before put it away, and made no rest of that.
        quiet = quiet.with_days(who.day_of(row.put_away_at), date.max)
    return ShelfHabit(
        id=habit.id,
        name=habit.name,
        color=pillar.color,
        icon=pillar.icon,
        archived=habit.is_archived,
        run=shown.run if shown.run >= SHORTEST_RUN and not habit.is_archived else 0,
        best=shown.best,
        kept=habit.kept,
        strength=shown.strength,
        timetable=history.timetable,
        quiet=quiet,
    )
