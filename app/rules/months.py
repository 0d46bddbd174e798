"""A month as a calendar shows it: its days in weeks, and how a habit stands on each."""

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from app.rules.marks import Mark, State
from app.rules.states import History

_DAYS_A_WEEK = 7
_ONE_DAY = timedelta(days=1)
_MONTH_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}")


class Cell(NamedTuple):
    """A day of the calendar. `mark` is None before the habit's first day and after today.

    `runs_in` and `runs_out` tell that a run comes from the day before, and goes on to the next.
    """

    day: date
    state: State
    mark: Mark | None = None
    is_noted: bool = False
    runs_in: bool = False
    runs_out: bool = False


class Month(NamedTuple):
    """A month as weeks; None is a day of another one. `first_day` is the weekday that comes first.

    `before` and `after` are the first days of the months beside it, None where there is none.
    """

    first: date
    first_day: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    before: date | None
    after: date | None

    @property
    def week(self) -> tuple[date, ...]:
        """The days of its first week, also those of the month before: what stands above them."""
        begins = self.first - (self.first.weekday() - self.first_day) % _DAYS_A_WEEK * _ONE_DAY
        return tuple(begins + number * _ONE_DAY for number in range(_DAYS_A_WEEK))

    @property
    def states(self) -> frozenset[State]:
        """What its days became."""
        return frozenset(cell.state for week in self.weeks for cell in week if cell)

    @property
    def has_shield(self) -> bool:
        """Did a shield hold a day of it?"""
        return any(c.mark and c.mark.held for week in self.weeks for c in week if c)

    @property
    def has_note(self) -> bool:
        """Is there a note about a day of it?"""
        return any(cell.is_noted for week in self.weeks for cell in week if cell)


def parse(text: str) -> date:
    """Return the first day of the month written as YYYY-MM; raise ValueError for all else."""
    if not _MONTH_TEXT.fullmatch(text):
        raise ValueError(f"not a month: {text!r}")
    return date.fromisoformat(f"{text}-01")


def last_of(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def within(day: date, first: date, last: date) -> date:
    """Return the first day of the month of `day`, or of the nearest one from `first` to `last`."""
    return max(min(day, last), min(first, last)).replace(day=1)


def of(
    first: date,
    first_day: int,
    history: History,
    marks: Mapping[date, Mark],
    skipped: Collection[date],
    noted: Collection[date],
    today: date,
) -> Month:
    """Return the month that begins on `first`, in weeks that begin on the weekday `first_day`.

    `marks` are those of its days and of one more at either end, `skipped` and `noted` its days that
    are skipped and that have a note.
    """
    starts_on = history.timetable.starts_on
    last = last_of(first)
    days: list[Cell | None] = [None] * ((first.weekday() - first_day) % _DAYS_A_WEEK)
    for number in range(last.day):
        day = first + number * _ONE_DAY
        mark = marks.get(day)
        days.append(
            Cell(
                day,
                state_of(day, mark, history, today, is_skipped=day in skipped),
                mark,
                day in noted,
                _runs_on(marks.get(day - _ONE_DAY), mark),
                _runs_on(mark, marks.get(day + _ONE_DAY)),
            )
        )
    days += [None] * (-len(days) % _DAYS_A_WEEK)
    return Month(
        first,
        first_day,
        tuple(
            tuple(days[place : place + _DAYS_A_WEEK]) for place in range(0, len(days), _DAYS_A_WEEK)
        ),
        (first - _ONE_DAY).replace(day=1) if starts_on < first else None,
        last + _ONE_DAY if last < today else None,
    )


def state_of(
    day: date, mark: Mark | None, history: History, today: date, *, is_skipped: bool
) -> State:
    """Return what `day` became; its `mark` is None before the habit's first day and after today."""
    if mark is None:
        if day < history.timetable.starts_on:
            return State.BEFORE
        return State.RESTING if history.quiet.covers(day) else State.AHEAD
    if mark.state is State.RESTING and is_skipped:
        return State.SKIPPED
    return mark.state


def _runs_on(one: Mark | None, other: Mark | None) -> bool:
    return bool(one and other and one.run and other.run)
