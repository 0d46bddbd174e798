"""When a habit is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

_ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """How often a habit comes round."""

    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm in force from `starts_on` until the next schedule of the habit starts."""

    starts_on: date
    kind: Kind = Kind.DAILY


@dataclass(frozen=True, slots=True)
class Timetable:
    """All schedules that a habit has had, oldest first; at least one, else ValueError."""

    schedules: tuple[Schedule, ...]

    def __post_init__(self) -> None:
        if not self.schedules:
            raise ValueError("a timetable needs a schedule")
        if any(one.starts_on >= other.starts_on for one, other in pairwise(self.schedules)):
            raise ValueError("schedules follow one another")

    @property
    def starts_on(self) -> date:
        """The first day of the habit."""
        return self.schedules[0].starts_on

    def is_due(self, day: date) -> bool:
        """Tell whether the habit is due on `day`."""
        # Every kind is daily: whichever schedule is in force, each day from the first on is due.
        return day >= self.schedules[0].starts_on

    def due_between(self, after: date, before: date) -> bool:
        """Tell whether the habit is due on any day later than `after` and earlier than `before`."""
        return max(after + _ONE_DAY, self.schedules[0].starts_on) < before
