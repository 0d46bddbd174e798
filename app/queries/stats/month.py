"""A month of all habits: what each was on each day. Four statements, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.stats import kept
from app.queries.stats.kept import Past
from app.queries.stats.shelf import ShelfHabit, ShelfPillar, shelf
from app.rules import fold, marks, months
from app.rules.days import EARLIEST_DAY
from app.rules.identity import Claims
from app.rules.lookback import Share
from app.rules.marks import Mark, State
from app.rules.schedule import month_of
from app.rules.states import nothing

_ONE_DAY = timedelta(days=1)


class _Skip(NamedTuple):
    habit_id: int
    day: date


_SKIPS = Statement(
    """
    SELECT r.habit_id, r.starts_on AS day FROM rests r
    WHERE r.user_id = :me AND r.kind = 'skip' AND r.starts_on BETWEEN :first AND :last
""",
    _Skip,
)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A habit in a month: what each day became, None before its first and after today.

    `share` is how many of the days that were due, or kept, were kept; what is open is left out.
    """

    habit: ShelfHabit
    states: tuple[State | None, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class MonthOfPillar:
    """A pillar with the rows of its habits, in the user's order."""

    pillar: ShelfPillar
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month. `week_begins` are those of its days on which a week of the user does.

    `earlier` and `later` are the first days of the months beside it, None where there is nothing.
    """

    today: date
    days: tuple[date, ...]
    week_begins: frozenset[date]
    pillars: tuple[MonthOfPillar, ...]
    earlier: date | None
    later: date | None

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days[0]

    @property
    def share(self) -> Share:
        """How much of all that was due, or kept, was kept."""
        shares = [its.share for one in self.pillars for its in one.rows]
        return Share(sum(one.kept for one in shares), sum(one.due for one in shares))

    @property
    def states(self) -> frozenset[State | None]:
        """What its days became."""
        return frozenset(state for one in self.pillars for its in one.rows for state in its.states)


def month(reading: Connection, who: Claims, today: date, asked: date | None = None) -> Month:
    """Return the month of the day `asked` (None, or a day to come: of today).

    Habits that had not begun are left out, and those that were in the archive all the time.
    """
    first, last = month_of(max(min(asked or today, today), EARLIEST_DAY))
    found = shelf(reading, who, today)
    habits = [
        habit
        for pillar in found.pillars
        for habit in pillar.habits
        if habit.timetable.starts_on <= min(last, today)
    ]
    frame = kept.frame_of(first, min(last, today))
    past = kept.past(reading, who, habits, found.weeks, frame, amounts=True)
    days = tuple(first + number * _ONE_DAY for number in range(last.day))
    skipped: dict[int, set[date]] = defaultdict(set)
    for habit_id, day in _SKIPS.all(reading, {"me": who.user_id, "first": first, "last": last}):
        skipped[habit_id].add(day)
    rows = [row(one, days, today, skipped[one.habit.id]) for one in past]
    shown = {one.habit.id: one for one in rows if not one.habit.archived or _was_there(one)}
    begins = min((habit.timetable.starts_on for habit in habits), default=first)
    return Month(
        today=today,
        days=days,
        week_begins=frozenset(day for day in days if found.weeks.period(day)[0] == day),
        pillars=tuple(
            MonthOfPillar(pillar, of_pillar)
            for pillar in found.pillars
            if (of_pillar := tuple(shown[h.id] for h in pillar.habits if h.id in shown))
        ),
        earlier=month_of(first - _ONE_DAY)[0] if begins < first else None,
        later=last + _ONE_DAY if last < today else None,
    )


def row(past: Past, days: Sequence[date], today: date, skipped: Collection[date] = ()) -> MonthRow:
    """Return what a habit was on the `days` of a month, of which it had begun by the last."""
    habit, history, first = past.habit, past.history, days[0]
    # What a day asks for needs no more of the years before than the last keep.
    begins = max(first, habit.timetable.starts_on)
    begun = nothing(habit.timetable)._replace(
        through=begins - _ONE_DAY, idle=fold.idle(history, begins)
    )
    found = {mark.day: mark for mark in marks.of(history, first, days[-1], today, begun)}
    counted = [m for m in found.values() if m.kept or (m.due and not m.is_open)]
    states = (
        months.state_of(day, found[day], history, today, is_skipped=day in skipped)
        if day in found
        else None
        for day in days
    )
    return MonthRow(habit, tuple(states), Share(sum(map(_is_kept, counted)), len(counted)))


def _is_kept(mark: Mark) -> bool:
    return mark.kept


def _was_there(its: MonthRow) -> bool:
    return any(state not in {None, State.RESTING} for state in its.states)
