"""The occasions of a term: on which days it looks, and what its run is worth."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from app.rules.schedule import DAYS_A_WEEK, Kind, Schedule, Term

# So many kept occasions win a shield, and so few where they are rare.
TOWARD, TOWARD_RARE = 7, 4
_RARE_EVERY, _RARE_MONTHLY = 4, 9
_DAYS_A_MONTH = 30


def is_own(term: Term, day: date) -> bool:
    """Tell whether the term looks at this day at all."""
    return term.schedule is not Schedule.WEEKDAYS or term.has_weekday(day)


class EveryDay:
    """The days at which a term looks, each with a number; here it looks at all of them.

    Days come as their ordinals.
    """

    def number(self, day: int) -> int:
        """Return the number of the first of its days from `day` on."""
        return day

    def numbers(self, days: Sequence[int]) -> Sequence[int]:
        """Return the numbers of those of `days` that are its own."""
        return days

    def day(self, number: int) -> date:
        """Return the day that has the number."""
        return date.fromordinal(number)


class Weekdays(EveryDay):
    """Some days of the week, as the bits of `weekdays` say."""

    def __init__(self, weekdays: int) -> None:
        self._own = [day for day in range(DAYS_A_WEEK) if weekdays >> day & 1]
        # How many of them a week has before each of its days.
        self._before = [sum(own < day for own in self._own) for day in range(DAYS_A_WEEK)]

    def number(self, day: int) -> int:
        """Return the number of the first of its days from `day` on."""
        # The first of all days was a Monday.
        week, weekday = divmod(day - 1, DAYS_A_WEEK)
        return week * len(self._own) + self._before[weekday]

    def numbers(self, days: Sequence[int]) -> Sequence[int]:
        """Return the numbers of those of `days` that are its own."""
        return [self.number(day) for day in days if (day - 1) % DAYS_A_WEEK in self._own]

    def day(self, number: int) -> date:
        """Return the day that has the number."""
        week, place = divmod(number, len(self._own))
        return date.fromordinal(week * DAYS_A_WEEK + self._own[place] + 1)


EVERY_DAY = EveryDay()
_weekdays = lru_cache(maxsize=128)(Weekdays)


def own_days(term: Term) -> EveryDay:
    """Return the days at which the term looks."""
    return _weekdays(term.weekdays) if term.schedule is Schedule.WEEKDAYS else EVERY_DAY


def waits(term: Term, idle: int) -> int:
    """Return how many days go by until one that comes every few days is due, resting ones left out.

    `idle` are those since its last keep, -1 if it was never kept; 0 means that it is due.
    """
    return 0 if idle < 0 else max(0, term.every - 1 - idle)


def is_last_chance(needed: int, tally: int, left: int) -> bool:
    """Tell whether each of the days `left` in a week or month has to be kept to make it.

    It needs so many days, and has `tally` of them.
    """
    return 0 < needed - tally == left


def wins_at(term: Term) -> int:
    """Return how many kept occasions win a shield."""
    match term.schedule:
        case Schedule.DAILY:
            return TOWARD
        case Schedule.WEEKDAYS:
            rare = term.days_a_week == 1
        case Schedule.EVERY:
            rare = term.every >= _RARE_EVERY
        case Schedule.WEEKLY:
            rare = term.times == 1 or term.kind is not Kind.CHECK
        case Schedule.MONTHLY:
            rare = term.times < _RARE_MONTHLY or term.kind is not Kind.CHECK
    return TOWARD_RARE if rare else TOWARD


def in_days(term: Term, run: int) -> int:
    """Return how many days a run of the term stands for."""
    match term.schedule:
        case Schedule.DAILY:
            return run
        case Schedule.WEEKDAYS:
            return DAYS_A_WEEK * run // term.days_a_week
        case Schedule.EVERY:
            return term.every * run
        case Schedule.WEEKLY:
            return DAYS_A_WEEK * run
        case Schedule.MONTHLY:
            return _DAYS_A_MONTH * run
