"""Days that are over, closed many at a time: alike occasions at once, weeks and months whole."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from operator import sub

from app.rules import occasions, strength
from app.rules.asking import Asking
from app.rules.occasions import TOWARD
from app.rules.schedule import Kind, Period, Schedule, Term
from app.rules.states import History
from app.rules.walk import Walk, alternating

# Days are counted by their ordinals here, which are quicker to compare and to add to than dates.
_day = date.fromordinal
DAILY_MEMORY = strength.memory(Schedule.DAILY, 0, 1, 1)


class Closing:
    """Closes days of a history, whatever the terms, and moves a walk by what they brought."""

    def __init__(self, walk: Walk, history: History) -> None:
        self._walk, self._history = walk, history
        self._days = list(map(date.toordinal, history.days))
        self.asking = Asking(history)

    def go(self, first: date, through: date) -> None:
        """Close every day from `first` to `through`."""
        timetable = self._history.timetable
        for term, begins, ends in timetable.legs(first, through):
            if begins in timetable.changes:
                self._walk.overdue = 0
            if term.schedule is Schedule.EVERY:
                self._close_every(term, begins, ends)
            else:
                self._close(term, begins, ends)
            self._strengthen(term, begins, ends)

    def _close(self, term: Term, first: date, last: date) -> None:
        if term.is_periodic:
            self._close_periods(term, first, last)
        else:
            for begins, ends in self._history.quiet.between(first, last):
                self._close_days(term, begins.toordinal(), ends.toordinal())
        kept = self._between(first.toordinal(), last.toordinal())
        self._walk.kept += len(kept)
        if kept:
            self._walk.idle = self._awake(kept[-1] + 1, last)
        elif self._walk.idle >= 0:
            self._walk.idle += self._awake(first.toordinal(), last)

    def _close_days(self, term: Term, first: int, last: int) -> None:
        """Close days that do not rest, each of which may be an occasion."""
        walk, own = self._walk, occasions.own_days(term)
        is_kept = term.kind is not Kind.AT_MOST
        listed = self._between(first, last) if is_kept else self._over(term, first, last)
        numbers = own.number(first), own.number(last + 1) - 1, own.numbers(listed)
        stretches = alternating(*numbers, is_kept=is_kept)
        memory = strength.memory_of(term) if term.kind is Kind.CHECK else None
        walk.close(stretches, occasions.wins_at(term), memory, own.day)

    def _close_every(self, term: Term, first: date, last: date) -> None:
        walk, quiet, wins_at = self._walk, self._history.quiet, occasions.wins_at(term)
        follows = first.toordinal()
        kept = self._between(follows, last.toordinal())
        for number in kept:
            # Most keeps come before there is anything to wait for.
            if walk.idle < 0 or walk.idle + number - follows >= term.every:
                self._wait(term, follows, number - 1)
            walk.overdue = walk.idle = 0
            day = _day(number)
            if not quiet.covers(day):
                walk.keep(day, wins_at)
            follows = number + 1
        walk.kept += len(kept)
        self._wait(term, follows, last.toordinal())

    def _wait(self, term: Term, first: int, last: int) -> None:
        """Close days on which one that comes every few days is not kept."""
        if first > last:
            return
        walk = self._walk
        for begins, ends in self._history.quiet.between(_day(first), _day(last)):
            many = (ends - begins).days + 1
            early = occasions.waits(term, walk.idle)
            if many > early:
                self._fall_due(term, begins.toordinal() + early, many - early)
            if walk.idle >= 0:
                walk.idle += many

    def _fall_due(self, term: Term, first: int, many: int) -> None:
        """Close so many days from `first` on which it is due: some of them are misses."""
        walk = self._walk
        before = walk.overdue
        walk.overdue += many
        missed_at = max(1, term.every // 4)
        if before >= missed_at:
            missed_at += ((before - missed_at) // term.every + 1) * term.every
        while walk.can_lose and missed_at <= walk.overdue:
            if walk.miss():
                walk.held = _day(first + missed_at - before - 1)
            missed_at += term.every

    def _close_periods(self, term: Term, first: date, last: date) -> None:
        """Close the weeks or months that are over, and those that reached their goal."""
        walk, timetable, weeks = self._walk, self._history.timetable, self._history.weeks
        newest = self._newest(term, last.toordinal())
        for period in timetable.periods(first, last, weeks):
            ends = not period.is_cut and period.last <= last
            if term.kind is Kind.AT_MOST:
                if ends and self.asking.needed(period):
                    self._judge(period)
                continue
            if not walk.can_lose and period.first.toordinal() > newest:
                return
            needed = self.asking.needed(period)
            reached = self._reached(period, needed)
            if reached is None:
                if ends and needed and walk.miss():
                    walk.held = period.last
            elif first <= reached <= last:
                walk.keep(reached, occasions.wins_at(period.term))

    def _judge(self, period: Period) -> None:
        """Close a week or month of which at most an amount was wanted."""
        total = self.asking.sums.between(period.first, period.last, awake=True)
        if total <= period.term.target:
            self._walk.keep(period.last, occasions.wins_at(period.term))
        elif self._walk.miss():
            self._walk.held = period.last

    def _reached(self, period: Period, needed: int) -> date | None:
        """Return the day that made the period kept, None where it was not."""
        if period.term.is_total:
            return self.asking.sums.reached(period.first, period.last, period.term.target)
        place = bisect_left(self._days, period.first.toordinal()) + max(1, needed) - 1
        if place >= len(self._days) or self._days[place] > period.last.toordinal():
            return None
        return _day(self._days[place])

    def _strengthen(self, term: Term, first: date, last: date) -> None:
        """Move the strength by what the windows of the days hold that do not rest."""
        if term.kind is Kind.CHECK and strength.window(term) == 1:
            return  # Done by occasions.
        walk, memory, own = self._walk, strength.memory_of(term), occasions.own_days(term)
        for begins, ends in self._history.quiet.between(first, last):
            begin, end = begins.toordinal(), ends.toordinal()
            # Later windows are all empty.
            until = min(end, self._newest(term, end) + strength.window(term) - 1)
            if until >= begin:
                totals = self._totals(term, begin, until)
                gains = {t: strength.share_of(term, t) * (1 - memory) for t in set(totals)}
                moved = walk.strength
                for total in totals:
                    moved = moved * memory + gains[total]
                walk.strength = moved
                begin = until + 1
            many = own.number(end + 1) - own.number(begin)
            if many:
                walk.strengthen(strength.share_of(term, 0), memory, many)

    def _totals(self, term: Term, first: int, last: int) -> list[int]:
        """Return what the window of each day at which the term looks holds, from first to last."""
        window = strength.window(term)
        before = first - window
        held = [0] * (last - before)
        if term.kind is Kind.CHECK:
            for day in self._between(before + 1, last):
                held[day - before - 1] = 1
        else:
            awake = term.kind is Kind.AT_MOST
            for on, amount in self.asking.sums.of_days(_day(before + 1), _day(last), awake=awake):
                held[on.toordinal() - before - 1] = amount
        totals = list(accumulate(map(sub, held[window:], held), initial=sum(held[:window])))
        if term.schedule is Schedule.WEEKDAYS:
            days = enumerate(totals, first)
            return [total for day, total in days if occasions.is_own(term, _day(day))]
        return totals

    def _newest(self, term: Term, last: int) -> int:
        """Return the newest day up to `last` with something at which the term looks, 0 if none."""
        if term.kind is not Kind.CHECK:
            newest = self.asking.sums.newest(_day(last))
            return newest.toordinal() if newest else 0
        place = bisect_right(self._days, last)
        return self._days[place - 1] if place else 0

    def _over(self, term: Term, first: int, last: int) -> list[int]:
        """Return the days from `first` to `last` on which more was done than the term allows."""
        amounts = self.asking.sums.of_days(_day(first), _day(last))
        return [day.toordinal() for day, amount in amounts if amount > term.target]

    def _between(self, first: int, last: int) -> Sequence[int]:
        """Return the days kept from `first` to `last`."""
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def _awake(self, first: int, last: date) -> int:
        """Return how many days there are from `first` to `last`, resting ones left out."""
        many = last.toordinal() - first + 1
        quiet = self._history.quiet
        return many - quiet.days_between(_day(first), last) if quiet.starts else many


def close_plainly(walk: Walk, first: date, through: date, days: Sequence[date]) -> None:
    """Close every day from `first` to `through`; each asks for a tick, and none rests."""
    kept = days[bisect_left(days, first) : bisect_right(days, through)]
    begins, ends = first.toordinal(), through.toordinal()
    stretches = alternating(begins, ends, list(map(date.toordinal, kept)))
    walk.close(stretches, TOWARD, DAILY_MEMORY)
    walk.kept += len(kept)
    if kept:
        walk.idle = ends - kept[-1].toordinal()
    elif walk.idle >= 0:
        walk.idle += max(0, ends - begins + 1)
