"""What happened: every press on Commit and on Undo of a year, and all that was counted in it.

It is drawn from a seed. The start is slow, weekends are lazy, and it all gets better with time. A
few presses are slips that are taken back, a few are made up for on the next morning. What a day
asks for, the rules say.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from app.operations.demo import counts
from app.operations.demo.calendar import Calendar
from app.operations.demo.cast import LENGTH, ROLES, Part
from app.operations.demo.counts import Count
from app.rules.diary import Diary
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Timetable

_ONE_DAY = timedelta(days=1)

# Shares of days, added to the ease of a habit: from Monday to Sunday.
_WEEKDAYS = (0.06, 0.08, 0.04, 0.02, -0.10, -0.28, -0.14)
_SLOW_START, _SLOW_DAYS = -0.6, 24
# What is gained in the days of learning, what yesterday's commit helps, how much days differ, and
# how often and how deep a day goes by without much.
_LEARNED, _LEARNING_DAYS = 0.30, 300
_MOMENTUM = 0.10
_WEATHER = 0.16
_QUIET_DAYS, _QUIET = 0.05, -0.9
_LOWEST, _HIGHEST = 0.01, 0.985
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


class Added(NamedTuple):
    """At the instant `at`, an amount, in thousandths, is added to a day of ROLES[role]."""

    at: datetime
    role: int
    day: date
    amount: int


Event = Press | Added


def told(
    calendar: Calendar, timetables: Sequence[Timetable], quiets: Sequence[Quiet], seed: int
) -> list[Event]:
    """Return all that happened, in order. Equal seeds and days, equal years.

    `timetables` and `quiets` are those of ROLES: their terms, and the days on which they rest.
    """
    year = _Year(calendar, timetables, quiets, Random(seed))
    for number in range(LENGTH):
        year.live(number)
    year.begin_today()
    # Of one instant, what was counted comes before what it keeps.
    return sorted(year.events, key=lambda event: (event.at, isinstance(event, Press)))


class _Year:
    """The year as it goes by: what was told of it so far, and the diaries of its habits."""

    def __init__(
        self,
        calendar: Calendar,
        timetables: Sequence[Timetable],
        quiets: Sequence[Quiet],
        random: Random,
    ) -> None:
        self._calendar = calendar
        self._random = random
        self._diaries = [Diary.empty(*own) for own in zip(timetables, quiets, strict=True)]
        self._kept: set[int] = set()
        self.events: list[Event] = []

    def live(self, number: int) -> None:
        """Tell the day with this number."""
        day = self._calendar.day(number)
        for diary in self._diaries:
            diary.close(day)
        asked = self._asked(day)
        self._kept = self._choose(number, asked)
        for role in asked:
            if ROLES[role].term.kind is not Kind.CHECK:
                self._count(role, day, counts.towards(*self._state(role, day), self._random))
            elif role in self._kept:
                self._tell(self._commit(role, number))
            elif self._random.random() < _SLIP:
                self._slip(role, day)
        for role in self._limited(day):
            self._count(role, day, counts.within(ROLES[role].term, self._random))
            is_over = number + 1 < LENGTH
            if is_over and self._diaries[role].amounts.get(day, 0) <= ROLES[role].term.target:
                self._tell([Press(self._moment(day + _ONE_DAY, Part.MORNING), role, day)])

    def begin_today(self) -> None:
        """Tell what happened last, so late that the day is young at whatever hour that is."""
        today, begin = self._calendar.today, self._calendar.since()
        asked = self._asked(today)
        mornings = [
            role
            for role in asked
            if ROLES[role].part is Part.MORNING and ROLES[role].term.kind is Kind.CHECK
        ]
        step = (self._calendar.now - begin) / (_KEPT_TODAY + 1)
        for place, role in enumerate(sorted(self._random.sample(mornings, _KEPT_TODAY)), start=1):
            self.events.append(Press(begin + place * step, role, today))
        self.events += [
            Added(begin + step, role, today, ROLES[role].term.step)
            for role in asked
            if ROLES[role].term.kind is Kind.AT_LEAST
        ]

    def _asked(self, day: date) -> list[int]:
        return [role for role, diary in enumerate(self._diaries) if diary.on_day(day).asked]

    def _limited(self, day: date) -> list[int]:
        """Return the roles that ask for nothing and may not become too much."""
        return [
            role
            for role, diary in enumerate(self._diaries)
            if ROLES[role].term.kind is Kind.AT_MOST
            and day >= diary.timetable.starts_on
            and not diary.quiet.covers(day)
        ]

    def _choose(self, number: int, asked: Collection[int]) -> set[int]:
        """Return the roles that are kept, or counted, on a day."""
        random = self._random
        mood = _WEEKDAYS[self._calendar.day(number).weekday()] + random.gauss(0, _WEATHER)
        mood += _LEARNED * min(number / _LEARNING_DAYS, 1)
        mood += _SLOW_START if number < _SLOW_DAYS else 0
        mood += _QUIET if random.random() < _QUIET_DAYS else 0
        chosen = set()
        for role in asked:
            ease = ROLES[role].ease
            # What is easy hardly feels what kind of day it is.
            chance = ease + mood * 2 * (1 - ease) + _MOMENTUM * (role in self._kept)
            # Asked of every role in turn, so that one habit's luck does not change another's.
            if random.random() < min(max(chance, _LOWEST), _HIGHEST):
                chosen.add(role)
        return chosen

    def _state(self, role: int, day: date) -> tuple[Diary, date, bool]:
        return self._diaries[role], day, role in self._kept

    def _commit(self, role: int, number: int) -> Iterator[Press]:
        day, random = self._calendar.day(number), self._random
        goes_on = number + 1 < LENGTH and not self._diaries[role].quiet.covers(day + _ONE_DAY)
        if goes_on and random.random() < _MADE_UP_FOR:
            yield Press(self._moment(day + _ONE_DAY, Part.MORNING), role, day)
            return
        at = self._moment(day, ROLES[role].part)
        yield Press(at, role, day)
        if random.random() < _SECOND_THOUGHT:
            yield Press(at + timedelta(seconds=random.uniform(2, 9)), role, day, keeps=False)
            yield Press(at + timedelta(minutes=random.uniform(20, 50)), role, day)

    def _slip(self, role: int, day: date) -> None:
        at = self._moment(day, Part.EVENING)
        undone = at + timedelta(seconds=self._random.uniform(2, 9))
        self.events += [Press(at, role, day), Press(undone, role, day, keeps=False)]

    def _count(self, role: int, day: date, count: Count) -> None:
        at = self._moment(day, ROLES[role].part)
        for place, amount in enumerate(count.amounts):
            self.events.append(Added(at + place * timedelta(minutes=1), role, day, amount))
            self._diaries[role].add(day, amount)
        if count.keeps:
            last = at + (len(count.amounts) - 1) * timedelta(minutes=1)
            self._tell([Press(last, role, day)])

    def _tell(self, presses: Sequence[Press] | Iterator[Press]) -> None:
        """Enter presses after which the day is kept."""
        for press in presses:
            self.events.append(press)
            if press.day not in self._diaries[press.role].kept_at:
                self._diaries[press.role].keep(press.day, press.at)

    def _moment(self, day: date, part: Part) -> datetime:
        first, last = part.value
        return self._calendar.at(day, first, self._random.uniform(0, (last - first) * 3600))
