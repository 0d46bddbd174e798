"""Sums of amounts over a range of days, told without a walk through all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from itertools import accumulate
from operator import sub

from app.rules.rests import Quiet

_OfDay = tuple[date, int]


class Sums:
    """The amounts of days, added up from the first: what lies between two days is a difference."""

    def __init__(self, amounts: Mapping[date, int], quiet: Quiet) -> None:
        self._amounts, self._quiet = amounts, quiet
        self._days = sorted(amounts)
        self._through = [0, *accumulate(map(amounts.__getitem__, self._days))]

    @cached_property
    def _awake(self) -> list[int]:
        """The sums without what is of resting days, at which few terms look."""
        amounts, covers = self._amounts, self._quiet.covers
        return [0, *accumulate(0 if covers(day) else amounts[day] for day in self._days)]

    def between(self, first: date, last: date, *, awake: bool = False) -> int:
        """Return the sum from `first` to `last`; `awake` leaves out what is of resting days."""
        if not self._days:
            return 0
        sums = self._awake if awake else self._through
        return sums[bisect_right(self._days, last)] - sums[bisect_left(self._days, first)]

    def of_days(self, first: date, last: date, *, awake: bool = False) -> Iterable[_OfDay]:
        """Return the days from `first` to `last` that have an amount, each with it."""
        sums = self._awake if awake else self._through
        begin, end = bisect_left(self._days, first), bisect_right(self._days, last)
        amounts = map(sub, sums[begin + 1 : end + 1], sums[begin:end])
        return zip(self._days[begin:end], amounts, strict=True)

    def reached(self, first: date, last: date, total: int) -> date | None:
        """Return the day from `first` to `last` with which the sum came to `total`, if one did."""
        begun = bisect_left(self._days, first)
        place = bisect_left(self._through, self._through[begun] + total) - 1
        return self._days[place] if place < bisect_right(self._days, last) else None

    def newest(self, last: date) -> date | None:
        """Return the newest day up to `last` that has an amount."""
        place = bisect_right(self._days, last)
        return self._days[place - 1] if place else None
