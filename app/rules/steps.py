"""A walk by days, whatever the terms: what closes on each, and what each asks for."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import NamedTuple

from app.rules import occasions, strength
from app.rules.schedule import Kind, Period, Schedule, Term
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


class Steps:
    """A walk by days, whatever the terms."""

    def __init__(self, walk: Walk, history: History) -> None:
        self._walk = walk
        self._timetable, self._days, self._amounts, self._weeks, self._quiet = history
        self._changes = frozenset(history.timetable.changes())
        self._kept = frozenset(history.days)
        self._sums = Sums(history.amounts, history.quiet)
        self._newest: tuple[Period, int] | None = None

    def go(self, first: date, through: date) -> None:
        """Close every day from `first` to `through`."""
        timetable, walk = self._timetable, self._walk
        settled = self._settles(through)
        day = first
        while day <= through:
            if settled is not None and day > settled and not walk.run:
                self._rush(timetable.term(day), day, through)
                return
            self.close(timetable.term(day), day)
            day += _ONE_DAY

    def _settles(self, through: date) -> date | None:
        """Return the day after which nothing happens up to `through`, None where that is not so.

        From there on, without a run, only strength and what is counted change.
        """
        term = self._timetable.terms[-1]
        if term.kind is Kind.AT_MOST:
            return None
        place = bisect_right(self._days, through)
        last = self._days[place - 1] if place else date.min
        last = max((last, *(on for on in self._amounts if on <= through)))
        if last == date.min:
            return term.starts_on
        return max(term.starts_on, last + timedelta(days=strength.window(term)))

    def _rush(self, term: Term, first: date, through: date) -> None:
        """Close days on which nothing is kept and nothing counted, without a run, all at once."""
        walk, many, own = self._walk, 0, 0
        for begins, ends in self._quiet.between(first, through):
            days = (ends - begins).days + 1
            many += days
            own += occasions.own_days(term, begins, days)
        walk.strength *= strength.memory_of(term) ** own
        if term.schedule is Schedule.EVERY:
            early = 0 if walk.idle < 0 else max(0, term.every - 1 - walk.idle)
            walk.overdue += max(0, many - early)
        if walk.idle >= 0:
            walk.idle += many

    def close(self, term: Term, day: date) -> None:
        """Close one day, on which `term` is in force."""
        walk = self._walk
        if day in self._changes:
            walk.overdue = 0
        rests, kept = self._quiet.covers(day), day in self._kept
        if term.is_periodic:
            self._close_in_period(term, day, kept)
        elif term.kind is Kind.AT_MOST:
            if not rests:
                self._judge(term, day, self._amounts.get(day, 0) <= term.target)
        elif term.schedule is Schedule.EVERY:
            self._close_every(term, day, kept, rests)
        elif not rests and occasions.is_own(term, day):
            self._judge(term, day, kept)
        self._count(kept, rests)
        if not rests and occasions.is_own(term, day):
            self._strengthen(term, day)

    def _judge(self, term: Term, day: date, kept: bool) -> None:
        if kept:
            self._walk.keep(day, occasions.wins_at(term))
        else:
            self._walk.miss(day)

    def _close_every(self, term: Term, day: date, kept: bool, rests: bool) -> None:
        walk = self._walk
        if kept:
            walk.overdue = 0
            if not rests:
                walk.keep(day, occasions.wins_at(term))
        elif not rests and occasions.is_due_again(term, walk.idle):
            walk.overdue += 1
            late = walk.overdue - max(1, term.every // 4)
            if late >= 0 and late % term.every == 0:
                walk.miss(day)

    def _close_in_period(self, term: Term, day: date, kept: bool) -> None:
        # Only a day with something on it, or the last, changes a period.
        has_amount = term.kind is not Kind.CHECK and day in self._amounts
        period, needed = self._period(day)
        if not (kept or has_amount or day == period.last):
            return
        before = self.before(period, day)
        if period.term.kind is Kind.AT_MOST:
            if day == period.last and not period.is_cut and needed:
                total = before + (0 if self._quiet.covers(day) else self._amounts.get(day, 0))
                self._judge(term, day, total <= period.term.target)
            return
        goal, now = _goal(period, needed), before + self.of_day(period, day, kept)
        if before < goal <= now:
            self._walk.keep(day, occasions.wins_at(period.term))
        elif day == period.last and not period.is_cut and now < goal and needed:
            self._walk.miss(day)

    def _count(self, kept: bool, rests: bool) -> None:
        walk = self._walk
        if kept:
            walk.kept += 1
            walk.idle = 0
        elif not rests and walk.idle >= 0:
            walk.idle += 1

    def _strengthen(self, term: Term, day: date) -> None:
        memory = strength.memory_of(term)
        share = strength.share(term, day, self._days, self._sums)
        self._walk.strength = self._walk.strength * memory + share * (1 - memory)

    def _period(self, day: date) -> tuple[Period, int]:
        """Return the week or month of `day`, and how many days it asks for; an amount asks for one.

        Whoever walks asks for the same one day after day.
        """
        newest = self._newest
        if newest is None or not newest[0].first <= day <= newest[0].last:
            period = self._timetable.period(day, self._weeks)
            resting = self._quiet.days_between(period.first, period.last)
            needed = period.needed((period.last - period.first).days + 1 - resting)
            newest = self._newest = (period, needed)
        return newest

    def before(self, period: Period, day: date) -> int:
        """Return what is kept, or the amount, in the period before `day`."""
        if period.term.kind is Kind.CHECK:
            return bisect_left(self._days, day) - bisect_left(self._days, period.first)
        awake = period.term.kind is Kind.AT_MOST
        return self._sums.between(period.first, day - _ONE_DAY, awake=awake)

    def of_day(self, period: Period, day: date, kept: bool) -> int:
        """Return what the day itself adds to that."""
        return self._amounts.get(day, 0) if period.term.is_total else int(kept)

    def asks(self, on: date) -> Asks:
        """Return what the habit asks for on the day `on`, whose keep changes nothing of it."""
        if on < self._timetable.starts_on:
            return Asks()
        term, rests = self._timetable.term(on), self._quiet.covers(on)
        if term.is_periodic:
            return self._asks_in_period(on, rests)
        is_occasion = not rests and occasions.is_own(term, on)
        due = is_occasion and term.kind is not Kind.AT_MOST
        if term.schedule is Schedule.EVERY:
            due = not rests and occasions.is_due_again(term, self._walk.idle)
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
        due = not rests and 0 < needed - tally == left
        asked = due or (not rests and tally < max(1, needed))
        return Asks(due, asked, rests, counts, needed, tally)

    def finish(self, on: date, kept: bool) -> None:
        """Let what is kept today count: the day is open, and nothing is missed on it."""
        term, walk = self._timetable.term(on), self._walk
        if on in self._changes:
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
            self._strengthen(term, on)


def _goal(period: Period, needed: int) -> int:
    """Return at what count, or what amount, the period is kept."""
    return period.term.target if period.term.is_total else max(1, needed)
