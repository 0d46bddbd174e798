"""Looking back: a year as weeks of days, and how much was kept of what was due."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

Leader = TypeVar("Leader")

# As many whole weeks before that of the last day: a year and the days that it begins in mid-week.
WEEKS_BEFORE = 52
STEPS = 4

_MOST_NAMED = 2

_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(weeks=1)


class Share(NamedTuple):
    """How much of what was `due` was kept. What is kept is no more than what is due."""

    kept: int
    due: int

    @property
    def percent(self) -> int | None:
        """The share in hundredths, None where nothing was due.

        All alone is 100, nothing alone is 0: a near miss is rounded down, a little up to 1.
        """
        if not self.due:
            return None
        return max(100 * self.kept // self.due, int(self.kept > 0))


def year_begins(until: date, first_day: int) -> date:
    """Return the day on which the year that ends on `until` begins, a week's `first_day`."""
    return _week_begins(until, first_day) - WEEKS_BEFORE * _ONE_WEEK


def next_year_ends(until: date, first_day: int) -> date:
    """Return the last day of the year that begins right after `until` or in its week."""
    begins = _week_begins(until + _ONE_DAY, first_day)
    return begins + WEEKS_BEFORE * _ONE_WEEK + 6 * _ONE_DAY


def weeks(until: date, first_day: int) -> tuple[tuple[date, ...], ...]:
    """Return the weeks of the year that ends on `until`, `first_day` first; the last ends there.

    `first_day` is a day of the week, 0 for Monday.
    """
    first = year_begins(until, first_day)
    begins = [first + number * _ONE_WEEK for number in range(WEEKS_BEFORE + 1)]
    return tuple(_days(begin, min(begin + 6 * _ONE_DAY, until)) for begin in begins)


def step(kept: int, due: int) -> int:
    """Return how full a day was: 0 for nothing kept, STEPS for all that was `due`.

    The steps in between part the rest evenly: less than a third, a third, two thirds.
    """
    if not kept:
        return 0
    return STEPS if kept >= due else 1 + kept * (STEPS - 1) // due


def by_weekday(shares: Iterable[tuple[date, Share]], first_day: int) -> tuple[Share, ...]:
    """Return the shares of days as those of the weekdays, `first_day` first."""
    kept, due = [0] * 7, [0] * 7
    for day, share in shares:
        place = (day.weekday() - first_day) % 7
        kept[place] += share.kept
        due[place] += share.due
    return tuple(map(Share, kept, due))


def named(leaders: Sequence[Leader]) -> tuple[Leader, ...]:
    """Return those of the `leaders` that are worth a name: of more than two none stands out."""
    return tuple(leaders) if len(leaders) <= _MOST_NAMED else ()


def _week_begins(day: date, first_day: int) -> date:
    return day - (day.weekday() - first_day) % 7 * _ONE_DAY


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + number * _ONE_DAY for number in range((last - first).days + 1))
