"""When a habit is due: its terms, the stretches of alike ones, and the weeks and months in them."""

import json
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.rules.weeks import Weeks

_ONE_DAY = timedelta(days=1)
DAYS_A_WEEK = 7


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


PERIODIC = frozenset({Schedule.WEEKLY, Schedule.MONTHLY})


class Term(NamedTuple):
    """A rhythm in force from `starts_on` until the next term of the habit starts.

    `weekdays` is a bit a day, 1 for Monday to 64 for Sunday; `times` are those a week or month,
    `every` the days from one keep to the next. `target` and `step` are whole thousandths of `unit`.
    """

    starts_on: date
    schedule: Schedule = Schedule.DAILY
    kind: Kind = Kind.CHECK
    weekdays: int = 0
    times: int = 1
    every: int = 1
    target: int = 0
    step: int = 1000
    unit: str = ""

    @property
    def is_periodic(self) -> bool:
        """Is an occasion a whole week or month?"""
        return self.schedule in PERIODIC

    @property
    def is_total(self) -> bool:
        """Does it ask for an amount over a whole week or month?"""
        return self.is_periodic and self.kind is Kind.AT_LEAST

    @property
    def days_asked(self) -> int:
        """How many days of a period it asks for; an amount asks for one."""
        return self.times if self.kind is Kind.CHECK else 1

    @property
    def days_a_week(self) -> int:
        """How many weekdays it asks for."""
        return self.weekdays.bit_count()

    def has_weekday(self, day: date) -> bool:
        """Tell whether `day` is one of its weekdays."""
        return bool(self.weekdays >> day.weekday() & 1)


class Period(NamedTuple):
    """A week or month of a habit, as far as it belongs to one stretch.

    `full` are the days of the whole week or month, `term` is the newest in it, by which it is
    judged. One that `is_cut` ends early, because the schedule or the kind was changed.
    """

    first: date
    last: date
    full: int
    is_cut: bool
    term: Term

    def needed(self, available: int) -> int:
        """Return how many kept days it asks for where `available` of its days do not rest."""
        return min((2 * self.term.days_asked * available + self.full) // (2 * self.full), available)


@dataclass(frozen=True, slots=True)
class Timetable:
    """All terms that a habit has had, oldest first; at least one, else ValueError.

    `is_plain` tells that every day from the first on asks for a tick; `changes` are the days on
    which another schedule begins.
    """

    terms: tuple[Term, ...]
    is_plain: bool = False
    changes: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.terms:
            raise ValueError("a timetable needs a term")
        if any(one.starts_on >= other.starts_on for one, other in pairwise(self.terms)):
            raise ValueError("terms follow one another")
        plain = all(t.schedule is Schedule.DAILY and t.kind is Kind.CHECK for t in self.terms)
        object.__setattr__(self, "is_plain", plain)
        others = (t for s, t in pairwise(self.terms) if s.schedule is not t.schedule)
        object.__setattr__(self, "changes", frozenset(term.starts_on for term in others))

    @staticmethod
    def of(text: str) -> "Timetable":
        """Return the timetable that the database tells in JSON, a list a term."""
        return _parsed(text)

    @staticmethod
    def daily(starts_on: date) -> "Timetable":
        """Return the timetable of a habit that is to be ticked every day."""
        return Timetable((Term(starts_on),))

    @property
    def starts_on(self) -> date:
        """The first day of the habit."""
        return self.terms[0].starts_on

    def term(self, day: date) -> Term:
        """Return the term in force on `day`; before the first it is the first."""
        terms = self.terms
        return terms[0] if len(terms) == 1 else terms[self._place(day)]

    def stretch(self, day: date) -> tuple[date, date]:
        """Return the first and last day of the terms around `day` with one schedule and kind."""
        if len(self.terms) == 1:
            return self.terms[0].starts_on, date.max
        place = self._place(day)
        first = last = place
        while first and _are_alike(self.terms[first - 1], self.terms[place]):
            first -= 1
        while last + 1 < len(self.terms) and _are_alike(self.terms[last + 1], self.terms[place]):
            last += 1
        ends = self.terms[last + 1].starts_on - _ONE_DAY if last + 1 < len(self.terms) else date.max
        return self.terms[first].starts_on, ends

    def period(self, day: date, weeks: Weeks) -> Period:
        """Return the week or month of `day`, on which the term in force has such."""
        if self.term(day).schedule is Schedule.WEEKLY:
            begins, ends = weeks.period(day)
            full = DAYS_A_WEEK
        else:
            begins, ends = month_of(day)
            full = ends.day
        return self._cut(*self.stretch(day), begins, ends, full)

    def periods(self, first: date, last: date, weeks: Weeks) -> Iterator[Period]:
        """Yield every week or month with a day from `first` to `last`, days of one stretch."""
        begun, until = self.stretch(first)
        if self.term(first).schedule is Schedule.WEEKLY:
            for begins, ends in weeks.periods(first, last):
                yield self._cut(begun, until, begins, ends, DAYS_A_WEEK)
            return
        begins = first.replace(day=1)
        while begins <= last:
            _first, ends = month_of(begins)
            yield self._cut(begun, until, begins, ends, ends.day)
            begins = ends + _ONE_DAY

    def legs(self, first: date, last: date) -> Iterator[tuple[Term, date, date]]:
        """Yield the terms in force from `first` to `last`, each with its first and last day."""
        while first <= last:
            ends = min(last, self.ends(first))
            yield self.term(first), first, ends
            first = ends + _ONE_DAY

    def ends(self, day: date) -> date:
        """Return the last day of the term in force on `day`."""
        after = self._place(day) + 1
        return self.terms[after].starts_on - _ONE_DAY if after < len(self.terms) else date.max

    def _cut(self, begun: date, until: date, begins: date, ends: date, full: int) -> Period:
        """Return the week or month from `begins` to `ends` as far as its stretch has it."""
        last = min(until, ends)
        return Period(max(begun, begins), last, full, until < ends, self.term(last))

    def _place(self, day: date) -> int:
        if len(self.terms) == 1:
            return 0
        return max(bisect_right(self.terms, day, key=_starts_on) - 1, 0)


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the month of `day`."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _starts_on(term: Term) -> date:
    return term.starts_on


def _are_alike(one: Term, other: Term) -> bool:
    return one.schedule is other.schedule and one.kind is other.kind


# Most habits of a day began on the same few days.
@lru_cache(maxsize=4096)
def _parsed(text: str) -> Timetable:
    return Timetable(
        tuple(
            Term(date.fromisoformat(starts_on), Schedule(schedule), Kind(kind), *numbers)
            for starts_on, schedule, kind, *numbers in json.loads(text)
        )
    )
