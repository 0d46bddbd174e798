"""The user's day in every zone of the tz database, around every change of its clock in ten years.

No day comes twice, and none is left out: what is due on a day is due once.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.rules.days import ZONES, day_ends_at, day_of

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
A_DAY, A_WEEK, A_SECOND = timedelta(days=1), timedelta(weeks=1), timedelta(seconds=1)
QUARTER = timedelta(minutes=15)
STARTS = range(7)
# Clocks that are put back over the very hour at which the day starts: the day before returns for
# the rest of that hour, as the day that it is, and what was kept on it is kept.
RETURNS = {
    ("Pacific/Chatham", 3), ("NZ-CHAT", 3), ("Antarctica/Troll", 2), ("Antarctica/Casey", 1),
    ("Antarctica/Casey", 2), ("Antarctica/Vostok", 1),
}  # fmt: skip


def changes(zone: str) -> Iterator[datetime]:
    """Yield the instants at which the clock of `zone` is changed, to the second.

    No clock is changed and changed back within a week.
    """
    place = ZoneInfo(zone)
    weeks = [FIRST + n * A_WEEK for n in range((LAST - FIRST) // A_WEEK + 1)]
    for before, after in pairwise(weeks):
        offset = before.astimezone(place).utcoffset()
        if after.astimezone(place).utcoffset() == offset:
            continue
        while after - before > A_SECOND:
            middle = before + (after - before) // 2
            if middle.astimezone(place).utcoffset() == offset:
                before = middle
            else:
                after = middle
        yield after.replace(microsecond=0)


def alike() -> dict[tuple[object, ...], list[str]]:
    """The zones by what their clocks show in these years: many have several names."""
    found: dict[tuple[object, ...], list[str]] = {}
    for zone in sorted(ZONES):
        place = ZoneInfo(zone)
        shown = [FIRST, *(change for change in changes(zone)), LAST]
        key = tuple((one, one.astimezone(place).utcoffset()) for one in shown)
        found.setdefault(key, []).append(zone)
    return found


ALIKE = alike()


def days_lived(zone: str, day_start: int, change: datetime) -> list[date]:
    """Return the days around a change of the clock as they come.

    They are looked at on both sides of every stroke on which a day ends, and of the change.
    """
    day = day_of(change, zone, day_start)
    strokes = [day_ends_at(day + n * A_DAY, zone, day_start) for n in (-2, -1, 0, 1)]
    near = [change + n * QUARTER for n in range(-4, 13)]
    seen = sorted({*strokes, *(stroke - A_SECOND for stroke in strokes), change - A_SECOND, *near})
    lived = [day_of(instant, zone, day_start) for instant in seen]
    return [lived[0], *(after for before, after in pairwise(lived) if after != before)]


def test_the_whole_database_is_looked_at():
    assert sum(map(len, ALIKE.values())) == len(ZONES) > 500
    assert sum(len(key) - 2 for key in ALIKE) > 700


def test_around_every_change_of_every_clock_each_day_comes_once_and_none_is_left_out():
    returned = set()
    for key, names in ALIKE.items():
        for change, _offset in key[1:-1]:  # type: ignore[misc]
            for day_start in STARTS:
                lived = days_lived(names[0], day_start, change)
                if any(after - before != A_DAY for before, after in pairwise(lived)):
                    # It is the day before, as it was: no day is left out.
                    assert {after - before for before, after in pairwise(lived)} == {A_DAY, -A_DAY}
                    returned |= {(name, day_start) for name in names}
    assert returned <= RETURNS


def test_a_whole_year_has_each_of_its_days_once_in_every_zone():
    first = datetime(2027, 1, 1, 12, tzinfo=UTC)
    for number, names in enumerate(ALIKE.values()):
        day_start = number % 7
        if (names[0], day_start) in RETURNS:
            continue
        day = day_of(first, names[0], day_start)
        for _ in range(366):
            after = day_of(day_ends_at(day, names[0], day_start), names[0], day_start)
            assert after - day == A_DAY
            day = after
