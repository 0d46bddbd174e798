"""The page that looks back, in four statements however many habits and years there are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.queries.stats import kept
from app.queries.stats.kept import Kept, KeptDay, Scope
from app.queries.stats.shelf import SHORTEST_RUN, ShelfHabit, ShelfPillar, shelf
from app.rules import lookback
from app.rules.days import EARLIEST_DAY
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.lookback import Share


class Cell(NamedTuple):
    """One day of the picture: how much was kept of what was due on it, and the step of that."""

    day: date
    kept: int
    due: int
    step: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year as whole weeks. `earlier` and `later` are where the years beside it end.

    All weeks begin on the day on which those of today do. `earlier` is None where nothing was kept
    before, `later` where the year ends today. `by_weekday` leaves out what is still open today.
    """

    weeks: tuple[tuple[Cell, ...], ...]
    commits: int
    days: int
    by_weekday: tuple[Share, ...]
    earlier: date | None
    later: date | None

    @property
    def first(self) -> date:
        """The day on which it begins."""
        return self.weeks[0][0].day

    @property
    def steps(self) -> list[int]:
        """The steps of its days on which something was kept, ascending."""
        return sorted({cell.step for week in self.weeks for cell in week} - {0})

    @property
    def last(self) -> date:
        """The day on which it ends."""
        return self.weeks[-1][-1].day


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of this week with the habits kept on it, in the user's order."""

    day: date
    habits: tuple[ShelfHabit, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """All that was ever kept; `since` is the first day, None when there is none."""

    days: int
    commits: int
    xp: int
    since: date | None


@dataclass(frozen=True, slots=True)
class LookBack:
    """What the page shows. `name` and `color` are those of what is looked at, None for all.

    `runs` holds the habits with a run worth showing, the longest that stand first.
    """

    today: date
    scope: Scope
    name: str | None
    color: str | None
    shelf: tuple[ShelfPillar, ...]
    totals: Totals
    year: Year
    week: tuple[WeekDay, ...]
    runs: tuple[ShelfHabit, ...]


def look_back(
    reading: Connection, who: Claims, today: date, scope: Scope, until: date | None = None
) -> LookBack:
    """Return the year up to `until` (None: today) of what is looked at. Raises NotYours."""
    found = shelf(reading, who, today)
    name, color, habits = _chosen(found.pillars, scope)
    last = max(min(until or today, today), EARLIEST_DAY)
    first_day = found.weeks.first_day(today)
    first = lookback.year_begins(last, first_day)
    begins, ends = found.weeks.period(today)
    history = kept.year(reading, who, scope, habits, first, last)
    return LookBack(
        today=today,
        scope=scope,
        name=name,
        color=color,
        shelf=found.pillars,
        totals=Totals(history.days, sum(habit.kept for habit in habits), history.xp, history.since),
        year=_year(history, habits, last, today, first_day),
        week=_week(kept.week(reading, who, begins, ends), habits, begins, ends),
        runs=_runs(habits),
    )


def _chosen(
    pillars: tuple[ShelfPillar, ...], scope: Scope
) -> tuple[str | None, str | None, tuple[ShelfHabit, ...]]:
    """The name, the colour and the habits of what is looked at."""
    everything = tuple(habit for pillar in pillars for habit in pillar.habits)
    if scope.kind == "all":
        return None, None, everything
    if scope.kind == "pillar":
        for pillar in pillars:
            if pillar.id == scope.id:
                return pillar.name, pillar.color, pillar.habits
    for habit in everything:
        if scope.kind == "habit" and habit.id == scope.id:
            return habit.name, habit.color, (habit,)
    raise NotYours


def _year(
    found: Kept, habits: tuple[ShelfHabit, ...], last: date, today: date, first_day: int
) -> Year:
    counts = dict(zip(found.year_days or (), found.year_counts or (), strict=True))
    first = lookback.year_begins(last, first_day)
    stretches = (one for habit in habits for one in habit.stretches(first, last))
    due = lookback.tally(stretches, first, last)
    weeks = tuple(
        tuple(_cell(day, counts.get(day, 0), due[day]) for day in week)
        for week in lookback.weeks(last, first_day)
    )
    return Year(
        weeks=weeks,
        commits=sum(counts.values()),
        days=len(counts),
        by_weekday=lookback.by_weekday(
            # What is open today may still be kept: it counts when it is.
            (
                (day, Share(kept, kept if day == today else due))
                for week in weeks
                for day, kept, due, _step in week
            ),
            first_day,
        ),
        earlier=first - timedelta(days=1) if found.since and found.since < first else None,
        later=min(lookback.next_year_ends(last, first_day), today) if last < today else None,
    )


def _cell(day: date, kept: int, due: int) -> Cell:
    # What was kept though nothing asked for it was asked for by whoever kept it.
    due = max(due, kept)
    return Cell(day, kept, due, lookback.step(kept, due))


def _week(
    found: list[KeptDay], habits: tuple[ShelfHabit, ...], begins: date, ends: date
) -> tuple[WeekDay, ...]:
    by_day = defaultdict(set)
    for day, habit_id in found:
        by_day[day].add(habit_id)
    days = [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]
    return tuple(WeekDay(day, tuple(h for h in habits if h.id in by_day[day])) for day in days)


def _runs(habits: tuple[ShelfHabit, ...]) -> tuple[ShelfHabit, ...]:
    worth = [habit for habit in habits if habit.best >= SHORTEST_RUN]
    return tuple(sorted(worth, key=lambda habit: (habit.run, habit.best), reverse=True))
