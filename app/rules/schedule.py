"""When a habit is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

_ONE_DAY = timedelta(days=1)


class Schedule(StrEnum):
    """How often a habit comes round."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    EVERY = "every"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Kind(StrEnum):
    """What keeps a habit: a tick, at least an amount, or at most an amount."""

    CHECK = "check"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Term:
    """A rhythm in force from `starts_on` until the next term of the habit starts."""

    starts_on: date
    schedule: Schedule = Schedule.DAILY


@dataclass(frozen=True, slots=True)
class Timetable:
    """All terms that a habit has had, oldest first; at least one, else ValueError."""

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        if not self.terms:
            raise ValueError("a timetable needs a term")
        if any(one.starts_on >= other.starts_on for one, other in pairwise(self.terms)):
            raise ValueError("terms follow one another")

    @staticmethod
    def of(starts: Iterable[date]) -> "Timetable":
        """Return the timetable whose terms start on the days `starts`, in order."""
        return _timetable(tuple(starts))

    @property
    def starts_on(self) -> date:
        """The first day of the habit."""
        return self.terms[0].starts_on

    def is_due(self, day: date) -> bool:
        """Tell whether the habit is due on `day`."""
        # Every kind is daily: whichever term is in force, each day from the first on is due.
        return day >= self.terms[0].starts_on

    def due_between(self, after: date, before: date) -> bool:
        """Tell whether the habit is due on any day later than `after` and earlier than `before`."""
        return max(after + _ONE_DAY, self.terms[0].starts_on) < before

    def stretches(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield the due days from `first` to `last` in stretches without a gap, by their ends."""
        begins = max(first, self.terms[0].starts_on)
        if begins <= last:
            yield begins, last


# Most habits of a day began on the same few days.
@lru_cache(maxsize=4096)
def _timetable(starts: tuple[date, ...]) -> Timetable:
    return Timetable(tuple(map(Term, starts)))
