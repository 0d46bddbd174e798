"""On which day weeks begin, for a user and through the years."""

from bisect import bisect_right
from calendar import MONDAY, SATURDAY, SUNDAY
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

# Where weeks may begin, as Python counts the days of the week: 0 is Monday.
FIRST_DAYS = (MONDAY, SATURDAY, SUNDAY)
_ONE_DAY = timedelta(days=1)
_SIX_DAYS, _SEVEN_DAYS = timedelta(days=6), timedelta(days=7)


class Weeks(NamedTuple):
    """The weeks of a user. From each of the `anchors`, ascending, weeks begin on its weekday."""

    anchors: tuple[date, ...] = (date(2000, 1, 3),)

    def period(self, day: date) -> tuple[date, date]:
        """Return the first and the last day of the week of `day`; a next anchor may cut it."""
        place = max(bisect_right(self.anchors, day), 1)
        anchor = self.anchors[place - 1]
        first = day - timedelta(days=(day - anchor).days % 7)
        last = first + _SIX_DAYS
        if place < len(self.anchors):
            last = min(last, self.anchors[place] - _ONE_DAY)
        return first, last

    def periods(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield the first and the last day of every week with a day from `first` to `last`."""
        while first <= last:
            begins, _ends = self.period(first)
            # Up to the next anchor one week is as long as the other.
            place = bisect_right(self.anchors, first)
            first = self.anchors[place] if place < len(self.anchors) else date.max
            while begins < first and begins <= last:
                yield begins, min(begins + _SIX_DAYS, first - _ONE_DAY)
                begins += _SEVEN_DAYS

    def first_day(self, day: date) -> int:
        """Return the weekday on which the week of `day` began, or would have."""
        return self.anchors[max(bisect_right(self.anchors, day), 1) - 1].weekday()

    def after(self, day: date, first_day: int) -> "Weeks":
        """Return the weeks once their first day is changed to `first_day` on `day`.

        The week of `day` ends as it would have; the days from there to the next `first_day` are a
        short week. A change whose weeks have not begun yet was never made, unless it is made again.
        """
        if self.anchors[-1].weekday() == first_day:
            return self
        stay = tuple(anchor for anchor in self.anchors if anchor <= day) or self.anchors[:1]
        if stay[-1].weekday() == first_day:
            return Weeks(stay)
        _first, last = Weeks(stay).period(day)
        begins = last + _ONE_DAY
        return Weeks((*stay, begins + (first_day - begins.weekday()) % 7 * _ONE_DAY))


MONDAYS = Weeks()


@lru_cache(maxsize=256)
def of(anchors: tuple[date, ...]) -> Weeks:
    """Return the weeks with these anchors; nearly all users share a few."""
    return Weeks(anchors)


def beginning_on(first_day: int) -> Weeks:
    """Return the weeks of somebody for whom they always began on `first_day`."""
    return Weeks((date(2000, 1, 3) + (first_day - 7) % -7 * _ONE_DAY,))


def weeks_of(days: Sequence[date]) -> Weeks:
    """Return the weeks that the database holds as `days`."""
    return of(tuple(days))
