"""What a day asks for, whatever the terms, and what a keep on the open day counts."""

from bisect import bisect_left
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from app.rules import occasions, strength
from app.rules.schedule import Kind, Period, Schedule, Timetable
from app.rules.states import History
from app.rules.sums import Sums
from app.rules.walk import Walk

_ONE_DAY = timedelta(days=1)


class Asks(NamedTuple):
    """What a day asks for. `counts` tells whether a keep on it makes the run one longer."""

    due: bool = False
    asked: bool = False
    resting: bool = False
    counts: bool = False
    needed: int | None = None
    tally: int | None = None


def is_due_alone(timetable: Timetable, on: date) -> bool | None:
    """Tell whether a habit is due on the day `on`, which does not rest, by its terms alone.

    It is None where its other days have a say in it.
    """
    if on < timetable.starts_on:
        return False
    if timetable.is_plain:
        return True
    term = timetable.term(on)
    if term.is_periodic or term.schedule is Schedule.EVERY:
        return None
    return term.kind is not Kind.AT_MOST and occasions.is_own(term, on)


class Asking:
    """What the days of a history ask for, one after another."""

    def __init__(self, history: History) -> None:
        self._timetable, self._days, self._amounts, self._weeks, self._quiet = history
        self._newest: tuple[Period, int] | None = None

    @cached_property
    def sums(self) -> Sums:
        """The amounts, of which most habits have none."""
        return Sums(self._amounts, self._quiet)

    def asks(self, on: date, idle: int = -1) -> Asks:
        """Return what the habit asks for on the day `on`, whose keep changes nothing of it.

        `idle` are the days since the last keep, at which only one looks that comes every few days.
        """
        if on < self._timetable.starts_on:
            return Asks()
        term, rests = self._timetable.term(on), self._quiet.covers(on)
        if term.is_periodic:
            return self._asks_in_period(on, rests)
        is_occasion = not rests and occasions.is_own(term, on)
        due = is_occasion and term.kind is not Kind.AT_MOST
        if term.schedule is Schedule.EVERY:
            due = not rests and not occasions.waits(term, idle)
        return Asks(due, due, rests, is_occasion)

    def _asks_in_period(self, on: date, rests: bool) -> Asks:
        period, needed = self._period(on)
        before, goal = self.before(period, on), _goal(period, needed)
        if period.term.kind is Kind.AT_MOST:
            ends = on == period.last and not period.is_cut and needed > 0
            return Asks(resting=rests, counts=ends)
        if period.term.is_total:
            tally, counts = int(before >= goal), before < goal
        else:
            tally, counts = before, before + 1 == goal
        left = (period.last - on).days + 1 - self._quiet.days_between(on, period.last)
        due = not rests and occasions.is_last_chance(needed, tally, left)
        asked = due or (not rests and tally < max(1, needed))
        return Asks(due, asked, rests, counts, needed, tally)

    def finish(self, walk: Walk, on: date, kept: bool) -> None:
        """Let what is kept today count for `walk`: the day is open, and nothing is missed on it."""
        term = self._timetable.term(on)
        if on in self._timetable.changes:
            walk.overdue = 0
        rests = self._quiet.covers(on)
        if term.kind is Kind.AT_MOST:
            return
        if term.is_periodic:
            period, needed = self._period(on)
            before = self.before(period, on)
            if before < _goal(period, needed) <= before + self.of_day(period, on, kept):
                walk.keep(on, occasions.wins_at(period.term))
        elif kept and not rests and occasions.is_own(term, on):
            walk.keep(on, occasions.wins_at(term))
        if kept and not rests and occasions.is_own(term, on):
            share = strength.share(term, on, self._days, self.sums)
            walk.strengthen(share, strength.memory_of(term))

    def before(self, period: Period, day: date) -> int:
        """Return what is kept, or the amount, in the period before `day`."""
        if period.term.kind is Kind.CHECK:
            return bisect_left(self._days, day) - bisect_left(self._days, period.first)
        awake = period.term.kind is Kind.AT_MOST
        return self.sums.between(period.first, day - _ONE_DAY, awake=awake)

    def of_day(self, period: Period, day: date, kept: bool) -> int:
        """Return what the day itself adds to that."""
        return self._amounts.get(day, 0) if period.term.is_total else int(kept)

    def _period(self, day: date) -> tuple[Period, int]:
        """Return the week or month of `day`, and what `needed` says of it.

        Whoever walks asks for the same one day after day.
        """
        newest = self._newest
        if newest is None or not newest[0].first <= day <= newest[0].last:
            period = self._timetable.period(day, self._weeks)
            newest = self._newest = (period, self.needed(period))
        return newest

    def needed(self, period: Period) -> int:
        """Return how many days the period asks for; an amount asks for one or none."""
        resting = self._quiet.days_between(period.first, period.last)
        return period.needed((period.last - period.first).days + 1 - resting)


def _goal(period: Period, needed: int) -> int:
    """Return at what count, or what amount, the period is kept."""
    return period.term.target if period.term.is_total else max(1, needed)
