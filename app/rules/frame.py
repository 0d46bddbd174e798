"""Sets of the days of a stretch, counted together.

A set is one long number with sixteen bits a day: 1 where the day is in it. Sets are joined and cut
by `|`, `&` and `~`, and the sum of many sets counts for each day how many of them hold it. A year
of fifty habits is twenty thousand days; nobody walks through them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_BYTES = 2
_BITS = 8 * _BYTES
_DAYS_A_WEEK = 7


class Frame:
    """The days from `first` to `last`, of which sets are made; numbered from 0."""

    def __init__(self, first: date, last: date) -> None:
        many = (last - first).days + 1
        self.first, self.last = first, last
        self.days = [first + number * _ONE_DAY for number in range(many)]
        self.all = _evenly(many)

    def of(self, numbers: Iterable[int]) -> int:
        """Return the set of the days with these numbers."""
        row = bytearray(_BYTES * len(self.days))
        for number in numbers:
            row[_BYTES * number] = 1
        return int.from_bytes(row, "little")

    def between(self, begins: date, ends: date) -> int:
        """Return the set of the days from `begins` to `ends`, as far as they are here."""
        begins, ends = max(begins, self.first), min(ends, self.last)
        if ends < begins:
            return 0
        after = self.all >> _BITS * (len(self.days) - 1 - (ends - begins).days)
        return after << _BITS * (begins - self.first).days

    def on_weekdays(self, bits: int) -> int:
        """Return the set of the days on some weekdays, a bit each, 1 for Monday."""
        found = 0
        for number in range(_DAYS_A_WEEK):
            if bits >> (self.first.weekday() + number) % _DAYS_A_WEEK & 1:
                found |= _evenly(len(self.days), _DAYS_A_WEEK) << _BITS * number
        return found & self.all

    def counts(self, total: int) -> Sequence[int]:
        """Return for each day how many sets of the sum `total` hold it, fewer than 65,536."""
        row = total.to_bytes(_BYTES * len(self.days), "little")
        return [low + 256 * high for low, high in zip(row[::2], row[1::2], strict=True)]


def _evenly(many: int, apart: int = 1) -> int:
    """Return a set of the first of `many` days and every `apart`th after it."""
    row = bytearray(_BYTES * many)
    row[:: _BYTES * apart] = b"\1" * len(row[:: _BYTES * apart])
    return int.from_bytes(row, "little")
