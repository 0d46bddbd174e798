"""Sums of amounts over a range of days, told without a walk through all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from itertools import accumulate

from app.rules.rests import Quiet


class Sums:
    """The amounts of days, added up from the first: what lies between two days is a difference."""

    __slots__ = ("_awake", "_days", "_through")

    def __init__(self, amounts: Mapping[date, int], quiet: Quiet) -> None:
        self._days = sorted(amounts)
        self._through = [0, *accumulate(map(amounts.__getitem__, self._days))]
        self._awake = self._through
        if quiet.starts:
            awake = (0 if quiet.covers(day) else amounts[day] for day in self._days)
            self._awake = [0, *accumulate(awake)]

    def between(self, first: date, last: date, *, awake: bool = False) -> int:
        """Return the sum from `first` to `last`; `awake` leaves out what is of resting days."""
        if not self._days:
            return 0
        sums = self._awake if awake else self._through
        return sums[bisect_right(self._days, last)] - sums[bisect_left(self._days, first)]
