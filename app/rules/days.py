"""The day in a user's own life: their zone, and the hour at which their day begins."""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

EARLIEST_DAY = date(2000, 1, 1)

# What the system adds beside the IANA names: the server's own zone, and "not set".
ZONES: frozenset[str] = frozenset(available_timezones() - {"localtime", "Factory"})

_ONE_DAY = timedelta(days=1)
_DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def clean_zone(name: str) -> str:
    """Return `name` if a user may choose it as their zone; raise ValueError otherwise."""
    if name not in ZONES:
        raise ValueError(f"not a time zone: {name!r}")
    return name


def find_zone(typed: str) -> str:
    """Return the zone that somebody means who has `typed` its name.

    Upper and lower case are one, and so are blanks and underscores. A city alone will do where
    one zone has it. Raises ValueError for all else.
    """
    asked = _spelled(typed)
    named = [zone for zone, name in _NAMES.items() if name == asked]
    cities = [zone for zone, name in _NAMES.items() if name.rpartition("/")[2] == asked]
    # Some stand in the list twice, once for their country: America/Argentina/Buenos_Aires.
    fewest = min((zone.count("/") for zone in cities), default=0)
    found = named or [zone for zone in cities if zone.count("/") == fewest]
    if len(found) != 1:
        raise ValueError(f"not a time zone: {typed!r}")
    return found[0]


def _spelled(name: str) -> str:
    words = name.casefold().replace("_", " ").replace("/", " / ").split()
    return " ".join(words).replace(" / ", "/")


_NAMES = {zone: _spelled(zone) for zone in ZONES}


def parse_day(text: str) -> date:
    """Return the day written as YYYY-MM-DD in plain digits; raise ValueError for all else."""
    # Alone, fromisoformat would also take 20260301 and week dates.
    if not _DAY_TEXT.fullmatch(text):
        raise ValueError(f"not a day: {text!r}")
    return date.fromisoformat(text)


def local_hour(instant: datetime, zone: str) -> int:
    """Return the hour, 0 to 23, that the clock in `zone` shows at `instant` (aware)."""
    return _on_the_clock(instant, zone).hour


def day_of(instant: datetime, zone: str, day_start: int) -> date:
    """Return the user's day at `instant` (aware).

    `day_start` is the hour of the local clock, 0 to 6, at which a day begins: an earlier hour
    still belongs to the day before. Where a clock is put back over that very hour (Chatham with
    3, Troll with 2), the day before returns for the rest of it, once a year.
    """
    local = _on_the_clock(instant, zone)
    return local.date() - _ONE_DAY if local.hour < day_start else local.date()


def day_ends_at(day: date, zone: str, day_start: int) -> datetime:
    """Return the first instant, in UTC, that is no longer in `day`.

    A day that the zone skipped ends at the instant at which it was skipped.
    """
    # Of two equal readings of a clock that is put back, this takes the first (fold=0).
    boundary = datetime.combine(day + _ONE_DAY, time(day_start), ZoneInfo(zone))
    end = boundary.astimezone(UTC)
    if day_of(end - timedelta.resolution, zone, day_start) <= day:
        return end
    # The clock is put forward over the boundary and never shows it: the day ends with the jump,
    # which lies between the two readings of that hour and falls on a whole second.
    before = boundary.replace(fold=1).astimezone(UTC)

    def is_over(second: int) -> bool:
        return day_of(before + timedelta(seconds=second), zone, day_start) > day

    seconds = range(int((end - before).total_seconds()))
    return before + timedelta(seconds=bisect_left(seconds, True, key=is_over))


def _on_the_clock(instant: datetime, zone: str) -> datetime:
    # Python would read a naive time by the server's own zone, which must never matter.
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(ZoneInfo(zone))
