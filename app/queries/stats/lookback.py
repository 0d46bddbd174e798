"""The page that looks back, in four statements however many habits and years there are.

A fifth reads what the strength of a pillar or habit is told by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.queries.stats import kept, strength
from app.queries.stats.kept import Past, Scope
from app.queries.stats.shelf import SHORTEST_RUN, ShelfHabit, ShelfPillar, shelf
from app.queries.stats.strength import Course
from app.rules import lookback
from app.rules.days import EARLIEST_DAY
from app.rules.errors import NotYours
from app.rules.frame import Frame
from app.rules.identity import Claims
from app.rules.lookback import Share
from app.rules.schedule import DAYS_A_WEEK
from app.rules.undone import undone


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
    before, `later` where the year ends today. `share` is how much of what was due was kept; it and
    `by_weekday` leave out what is still open today.
    """

    weeks: tuple[tuple[Cell, ...], ...]
    commits: int
    days: int
    share: Share
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
    """A day of this week with the habits kept on it, in the user's order, and how many were due.

    Of a day that is still to come nothing is due yet.
    """

    day: date
    habits: tuple[ShelfHabit, ...]
    due: int


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

    `week` is that of today, None where the year ends before. `strength` is its course through the
    year, None where it is not told. `runs` holds the habits with a run worth showing, the longest
    that stand first.
    """

    today: date
    scope: Scope
    name: str | None
    color: str | None
    shelf: tuple[ShelfPillar, ...]
    totals: Totals
    year: Year
    week: tuple[WeekDay, ...] | None
    strength: Course | None
    runs: tuple[ShelfHabit, ...]


def look_back(
    reading: Connection, who: Claims, today: date, scope: Scope, until: date | None = None
) -> LookBack:
    """Return the year up to `until` (None: today) of what is looked at. Raises NotYours."""
    found = shelf(reading, who, today)
    name, color, habits = _chosen(found.pillars, scope)
    last = max(min(until or today, today), EARLIEST_DAY)
    first_day = found.weeks.first_day(today)
    frame = kept.frame_of(lookback.year_begins(last, first_day), last)
    in_all = kept.in_all(reading, who, scope, habits)
    past = kept.past(reading, who, habits, found.weeks, frame)
    year = _year(past, frame, today, first_day, in_all.since)
    ends = [week[-1].day for week in year.weeks]
    return LookBack(
        today=today,
        scope=scope,
        name=name,
        color=color,
        shelf=found.pillars,
        totals=Totals(in_all.days, sum(habit.kept for habit in habits), in_all.xp, in_all.since),
        year=year,
        week=_week(past, year, found.weeks.period(today)) if last == today else None,
        strength=strength.course(reading, who, scope, habits, found.weeks, ends, today),
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
    past: Sequence[Past], frame: Frame, today: date, first_day: int, since: date | None
) -> Year:
    last = frame.last
    first = lookback.year_begins(last, first_day)
    kept_on = _by_day(frame, sum(one.kept for one in past))
    open_on = _by_day(frame, sum(undone(one.history, one.kept, frame) for one in past))
    weeks = tuple(
        tuple(_cell(day, kept_on[day], open_on[day]) for day in week)
        for week in lookback.weeks(last, first_day)
    )
    # What is open today may still be kept: it counts when it is.
    shares = [
        (day, Share(kept, kept if day == today else due))
        for week in weeks
        for day, kept, due, _step in week
    ]
    commits = sum(share.kept for _day, share in shares)
    return Year(
        weeks=weeks,
        commits=commits,
        days=sum(share.kept > 0 for _day, share in shares),
        share=Share(commits, sum(share.due for _day, share in shares)),
        by_weekday=lookback.by_weekday(shares, first_day),
        earlier=first - timedelta(days=1) if since and since < first else None,
        later=min(lookback.next_year_ends(last, first_day), today) if last < today else None,
    )


def _by_day(frame: Frame, total: int) -> dict[date, int]:
    return dict(zip(frame.days, frame.counts(total), strict=True))


def _cell(day: date, kept: int, left_open: int) -> Cell:
    # What was kept though nothing asked for it was asked for by whoever kept it.
    due = kept + left_open
    return Cell(day, kept, due, lookback.step(kept, due))


def _week(past: Sequence[Past], year: Year, period: tuple[date, date]) -> tuple[WeekDay, ...]:
    begins, ends = period
    due = {cell.day: cell.due for week in year.weeks[-2:] for cell in week}
    days = [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]
    kept = [(one.habit, one.history.days[-DAYS_A_WEEK:]) for one in past]
    return tuple(
        WeekDay(day, tuple(habit for habit, newest in kept if day in newest), due.get(day, 0))
        for day in days
    )


def _runs(habits: tuple[ShelfHabit, ...]) -> tuple[ShelfHabit, ...]:
    worth = [habit for habit in habits if habit.best >= SHORTEST_RUN]
    return tuple(sorted(worth, key=lambda habit: habit.span, reverse=True))
