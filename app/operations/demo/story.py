"""What happened: every press on Commit and on Undo of a year, drawn from a seed.

The start is slow, weekends are lazy, two weeks go to a holiday, and it all gets better with time.
A few presses are slips that are taken back, a few are made up for on the next morning.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.operations.demo.cast import LENGTH, ROLES, WORK, Part
from app.rules import days

_ONE_DAY = timedelta(days=1)

# Shares of days, added to the ease of a habit: from Monday to Sunday, and for Work at weekends.
_WEEKDAYS = (0.06, 0.08, 0.04, 0.02, -0.10, -0.28, -0.14)
_WORK_AT_WEEKENDS = -0.35
_SLOW_START, _SLOW_DAYS = -0.6, 24
# What is gained in the days of learning, what yesterday's commit helps, how much days differ, and
# how often and how deep a day goes by without much.
_LEARNED, _LEARNING_DAYS = 0.30, 300
_MOMENTUM = 0.10
_WEATHER = 0.16
_QUIET_DAYS, _QUIET = 0.05, -0.9
_LOWEST, _HIGHEST = 0.01, 0.985
# The holiday begins on the Saturday after this day.
_HOLIDAY_AFTER, _HOLIDAY_DAYS = 212, 14
# Shares of commits: taken back and made again, and made on the morning after.
_SECOND_THOUGHT, _MADE_UP_FOR = 0.0015, 0.012
# Share of open evenings on which the wrong row is pressed.
_SLIP = 0.003
_KEPT_TODAY = 4


class Press(NamedTuple):
    """At the instant `at`, the habit ROLES[role] is kept on `day`, or taken back."""

    at: datetime
    role: int
    day: date
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year up to `now` on the clock of `zone`."""

    zone: str
    now: datetime

    @property
    def today(self) -> date:
        """The user's day at `now`."""
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        """Return the user's day at an instant."""
        return days.day_of(instant, self.zone, 0)

    def number(self, day: date) -> int:
        """Return how many days after the first one `day` is."""
        return LENGTH - (self.today - day).days

    def day(self, number: int) -> date:
        """Return the day with this number; 0 is the first, LENGTH is today."""
        return self.today + timedelta(days=number - LENGTH)

    def at(self, day: date, hour: int, seconds: float = 0) -> datetime:
        """Return the instant so many seconds after an hour of the local clock."""
        local = datetime.combine(day, time(hour), ZoneInfo(self.zone))
        return (local + timedelta(seconds=seconds)).astimezone(UTC)

    def since(self) -> datetime:
        """Return the beginning of the last hour, or of today where that is later."""
        begin = days.day_ends_at(self.today - _ONE_DAY, self.zone, 0)
        return max(begin, self.now - timedelta(hours=1))


def presses(calendar: Calendar, seed: int) -> list[Press]:
    """Return all presses in the order in which they happened. Equal seeds and days, equal days."""
    random = Random(seed)
    away = _holiday(calendar)
    told: list[Press] = []
    kept: set[int] = set()
    for number in range(LENGTH):
        kept = set() if number in away else _kept(calendar, number, kept, random)
        for role in sorted(kept):
            told += _commit(calendar, number, role, random, tomorrow_is_free=number + 1 not in away)
        if number not in away:
            told += _slips(calendar, number, kept, random)
    told += _this_morning(calendar, random)
    return sorted(told, key=lambda press: press.at)


def _holiday(calendar: Calendar) -> range:
    to_saturday = (5 - calendar.day(_HOLIDAY_AFTER).weekday()) % 7
    begins = _HOLIDAY_AFTER + to_saturday
    return range(begins, begins + _HOLIDAY_DAYS)


def _kept(calendar: Calendar, number: int, before: Collection[int], random: Random) -> set[int]:
    """Return the roles kept on a day, after those kept on the day before."""
    weekday = calendar.day(number).weekday()
    mood = _WEEKDAYS[weekday] + random.gauss(0, _WEATHER)
    mood += _LEARNED * min(number / _LEARNING_DAYS, 1)
    mood += _SLOW_START if number < _SLOW_DAYS else 0
    mood += _QUIET if random.random() < _QUIET_DAYS else 0
    kept = set()
    for place in _open(number):
        role = ROLES[place]
        # What is easy hardly feels what kind of day it is.
        chance = role.ease + mood * 2 * (1 - role.ease) + _MOMENTUM * (place in before)
        chance += _WORK_AT_WEEKENDS if role.area is WORK and weekday > 4 else 0
        # Asked of every role in turn, so that one habit's luck does not change another's.
        if random.random() < min(max(chance, _LOWEST), _HIGHEST):
            kept.add(place)
    return kept


def _open(number: int) -> list[int]:
    return [place for place, role in enumerate(ROLES) if role.is_open(number)]


def _commit(
    calendar: Calendar, number: int, role: int, random: Random, tomorrow_is_free: bool
) -> Iterator[Press]:
    day, part = calendar.day(number), ROLES[role].part
    goes_on = number + 1 < min(ROLES[role].ends, LENGTH)
    if tomorrow_is_free and goes_on and random.random() < _MADE_UP_FOR:
        yield Press(_moment(calendar, calendar.day(number + 1), Part.MORNING, random), role, day)
        return
    at = _moment(calendar, day, part, random)
    yield Press(at, role, day)
    if random.random() < _SECOND_THOUGHT:
        yield Press(at + timedelta(seconds=random.uniform(2, 9)), role, day, keeps=False)
        yield Press(at + timedelta(minutes=random.uniform(20, 50)), role, day)


def _slips(
    calendar: Calendar, number: int, kept: Collection[int], random: Random
) -> Iterator[Press]:
    day = calendar.day(number)
    for role in _open(number):
        if role not in kept and random.random() < _SLIP:
            at = _moment(calendar, day, Part.EVENING, random)
            yield Press(at, role, day)
            yield Press(at + timedelta(seconds=random.uniform(2, 9)), role, day, keeps=False)


def _this_morning(calendar: Calendar, random: Random) -> Iterator[Press]:
    """The last presses, so late that the day is young at whatever hour the demo is made."""
    mornings = [role for role in _open(LENGTH) if ROLES[role].part is Part.MORNING]
    chosen = sorted(random.sample(mornings, _KEPT_TODAY))
    begin = calendar.since()
    step = (calendar.now - begin) / (_KEPT_TODAY + 1)
    for place, role in enumerate(chosen, start=1):
        yield Press(begin + place * step, role, calendar.today)


def _moment(calendar: Calendar, day: date, part: Part, random: Random) -> datetime:
    first, last = part.value
    return calendar.at(day, first, random.uniform(0, (last - first) * 3600))
