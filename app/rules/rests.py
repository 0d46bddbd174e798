"""Rests: days on which a habit asks for nothing, and which neither extend nor break a run."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)


class Rest(NamedTuple):
    """A rest through `ends_on` (None: without an end), of a pillar, of a habit, or of all."""

    starts_on: date
    ends_on: date | None = None
    pillar_id: int | None = None
    habit_id: int | None = None


class Home(NamedTuple):
    """A habit lived in a pillar through the day `until`, since it left the one before."""

    habit_id: int
    pillar_id: int
    until: date


class Quiet(NamedTuple):
    """The days on which one habit rests, as ranges that do not touch, ascending."""

    starts: tuple[date, ...] = ()
    ends: tuple[date, ...] = ()

    @staticmethod
    def of(ranges: Iterable[tuple[date, date]]) -> "Quiet":
        """Return the days that any of the `ranges`, first and last day, holds."""
        starts: list[date] = []
        ends: list[date] = []
        for first, last in sorted(ranges):
            if last < first:
                continue
            if ends and first.toordinal() <= ends[-1].toordinal() + 1:
                ends[-1] = max(ends[-1], last)
            else:
                starts.append(first)
                ends.append(last)
        return Quiet(tuple(starts), tuple(ends))

    def with_days(self, first: date, last: date) -> "Quiet":
        """Return these days and those from `first` to `last`."""
        return Quiet.of((*zip(self.starts, self.ends, strict=True), (first, last)))

    def covers(self, day: date) -> bool:
        """Tell whether the habit rests on `day`."""
        place = bisect_right(self.starts, day)
        return place > 0 and day <= self.ends[place - 1]

    def days_between(self, first: date, last: date) -> int:
        """Return on how many of the days from `first` to `last` the habit rests."""
        # Most rests are long over, and most days came before the first.
        if not self.ends or self.ends[-1] < first or last < self.starts[0]:
            return 0
        place, days = max(bisect_right(self.starts, first) - 1, 0), 0
        while place < len(self.starts) and self.starts[place] <= last:
            shared = min(self.ends[place], last) - max(self.starts[place], first)
            days += max(0, shared.days + 1)
            place += 1
        return days

    def day_before(self, many: int, until: date) -> date:
        """Return the newest day after which so `many` days through `until` do not rest."""
        last = until - timedelta(days=many)
        while missing := many - (until - last).days + self.days_between(last + _ONE_DAY, until):
            last -= timedelta(days=missing)
        return last

    def between(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield the days from `first` to `last` on which it does not rest, by their ends."""
        for start, end in zip(self.starts, self.ends, strict=True):
            if start > last:
                break
            if first < start:
                yield first, start - _ONE_DAY
            if end >= last:
                return
            first = max(first, end + _ONE_DAY)
        if first <= last:
            yield first, last


NEVER = Quiet()


@dataclass(frozen=True)
class Rests:
    """All rests of a user, and where habits lived before they were moved, in order."""

    rests: tuple[Rest, ...] = ()
    homes: tuple[Home, ...] = ()

    @staticmethod
    def of(text: str | None) -> "Rests":
        """Return the rests that the database tells in JSON, None where there are none."""
        return _parsed(text) if text else NONE

    def quiet(self, habit_id: int, pillar_id: int) -> Quiet:
        """Return the days on which a habit rests that lives in the pillar now."""
        if not self.rests:
            return NEVER
        quiet = self._known.get((habit_id, pillar_id))
        if quiet is None:
            quiet = self._known[habit_id, pillar_id] = self._quiet(habit_id, pillar_id)
        return quiet

    def _quiet(self, habit_id: int, pillar_id: int) -> Quiet:
        homes = [home for home in self.homes if home.habit_id == habit_id]
        rests = (*self._of_habit[None], *self._of_habit.get(habit_id, ()))
        return Quiet.of(one for rest in rests for one in _ranges(rest, pillar_id, homes))

    # Rests seldom change, and every page asks for those of every habit.
    @cached_property
    def _known(self) -> dict[tuple[int, int], Quiet]:
        return {}

    @cached_property
    def _of_habit(self) -> dict[int | None, list[Rest]]:
        """The rests of one habit, by its id, and under None those of more."""
        of_habit: dict[int | None, list[Rest]] = {None: []}
        for rest in self.rests:
            of_habit.setdefault(rest.habit_id, []).append(rest)
        return of_habit

    def of_all(self) -> Quiet:
        """Return the days on which everything rests."""
        return Quiet.of(
            (rest.starts_on, rest.ends_on or date.max)
            for rest in self.rests
            if rest.pillar_id is None and rest.habit_id is None
        )


NONE = Rests()


def _ranges(rest: Rest, pillar_id: int, homes: list[Home]) -> Iterable[tuple[date, date]]:
    """Yield the days on which a rest of everything, of its pillar or of itself has a habit rest."""
    ends_on = rest.ends_on or date.max
    if rest.pillar_id is None:
        yield rest.starts_on, ends_on
        return
    since = date.min
    for home in homes:
        if home.pillar_id == rest.pillar_id:
            yield max(rest.starts_on, since), min(ends_on, home.until)
        since = home.until + _ONE_DAY
    if rest.pillar_id == pillar_id:
        yield max(rest.starts_on, since), ends_on


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Rests:
    rests, homes = json.loads(text)
    return Rests(
        tuple(
            Rest(date.fromisoformat(first), last and date.fromisoformat(last), pillar, habit)
            for first, last, pillar, habit in rests
        ),
        tuple(Home(habit, pillar, date.fromisoformat(until)) for habit, pillar, until in homes),
    )
