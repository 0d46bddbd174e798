"""Looking back: a year as weeks of days, how full a day was, and what the weekdays hold."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

# As many whole weeks before that of the last day: a year and the days that it begins in mid-week.
WEEKS_BEFORE = 52
STEPS = 4

_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a count becomes a step: `least[n]` is the lowest count of step n + 1, ascending."""

    least: tuple[int, ...]

    def step(self, count: int) -> int:
        """Return the step of a day with `count` commits: 0 for none, up to STEPS."""
        return bisect_right(self.least, count)

    @property
    def ranges(self) -> tuple[tuple[int, int, int | None], ...]:
        """The steps that a count can reach: (step, lowest count, highest count; None: no end)."""
        ends = (*self.least[1:], None)
        return tuple(
            (step, least, end and end - 1)
            for step, (least, end) in enumerate(zip(self.least, ends, strict=True), start=1)
            if least != end
        )


def monday(day: date) -> date:
    """Return the first day of the ISO week of `day`."""
    return day - timedelta(days=day.weekday())


def year_begins(until: date) -> date:
    """Return the Monday on which the year that ends on `until` begins."""
    return monday(until) - WEEKS_BEFORE * _ONE_WEEK


def next_year_ends(until: date) -> date:
    """Return the Sunday on which the year ends that begins right after `until` or in its week."""
    return monday(until + _ONE_DAY) + WEEKS_BEFORE * _ONE_WEEK + 6 * _ONE_DAY


def weeks(until: date) -> tuple[tuple[date, ...], ...]:
    """Return the weeks of the year that ends on `until`, Monday first; the last one ends there."""
    first = year_begins(until)
    begins = [first + number * _ONE_WEEK for number in range(WEEKS_BEFORE + 1)]
    return tuple(_days(begin, min(begin + 6 * _ONE_DAY, until)) for begin in begins)


def scale(counts: Iterable[int]) -> Scale:
    """Return the scale on which the days with `counts` commits (none of them 0) fill all steps.

    A full day is one that nine in ten of the days do not exceed, so that a single great day does
    not make all others look pale. Where every count is 1, so is the full day.
    """
    ordered = sorted(counts)
    full = ordered[(9 * len(ordered) - 1) // 10] if ordered else 1
    return Scale(tuple(step * full // STEPS + 1 for step in range(STEPS)))


def by_weekday(counts: Mapping[date, int]) -> tuple[int, ...]:
    """Return the sums of `counts` from Monday to Sunday."""
    sums = [0] * 7
    for day, count in counts.items():
        sums[day.weekday()] += count
    return tuple(sums)


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + number * _ONE_DAY for number in range((last - first).days + 1))
