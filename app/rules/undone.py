"""On which days of a stretch a habit was due and not kept: those that its share counts as open.

It is what `Asking.asks` says of each of these days, told without a walk: where the calendar alone
decides, by sets of days; for a week or month that was made, not at all; from one keep to the next
where a habit comes every few days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.rules import fold, occasions
from app.rules.frame import Frame
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Period, Schedule, Term
from app.rules.states import History
from app.rules.sums import Sums

_ONE_DAY = timedelta(days=1)


def undone(history: History, kept: int, frame: Frame) -> int:
    """Return the set of the days of `frame` on which the habit was due and not kept.

    `kept` is the set of those on which it was. The days and amounts of `history` are at least those
    of the weeks and months that `frame` touches, and the last keep before.
    """
    timetable, due = history.timetable, 0
    for term, begins, ends in timetable.legs(max(frame.first, timetable.starts_on), frame.last):
        if term.kind is Kind.AT_MOST:
            continue
        if term.is_periodic:
            numbers = [(day - frame.first).days for day in _last_chances(history, begins, ends)]
            due |= frame.of(numbers)
        elif term.schedule is Schedule.EVERY:
            for first, last in _again(history, term, begins, ends):
                due |= frame.between(first, last)
        elif term.schedule is Schedule.WEEKDAYS:
            due |= frame.between(begins, ends) & frame.on_weekdays(term.weekdays)
        else:
            due |= frame.between(begins, ends)
    for first, last in zip(history.quiet.starts, history.quiet.ends, strict=True):
        due &= ~frame.between(first, last)
    return due & ~kept


def _again(history: History, term: Term, begins: date, ends: date) -> Iterator[tuple[date, date]]:
    """Yield from when until when one that comes every few days waits to be kept."""
    days, idle, first = history.days, fold.idle(history, begins), begins
    keeps = days[bisect_left(days, begins) : bisect_right(days, ends)]
    for keep in (*keeps, ends + _ONE_DAY):
        waits = occasions.waits(term, idle)
        # Most are kept before they wait at all.
        if (keep - first).days > waits:
            for since, until in history.quiet.between(first, keep - _ONE_DAY):
                many = (until - since).days + 1
                if waits < many:
                    yield since + waits * _ONE_DAY, until
                waits = max(0, waits - many)
        idle, first = 0, keep + _ONE_DAY


def _last_chances(history: History, begins: date, ends: date) -> Iterator[date]:
    """Yield the days that had to be kept for their week or month to be made, and were not."""
    days, quiet = history.days, history.quiet
    sums = Sums(history.amounts, quiet)
    for period in history.timetable.periods(begins, ends, history.weeks):
        kept = days[bisect_left(days, period.first) : bisect_right(days, period.last)]
        resting = quiet.days_between(period.first, period.last) if quiet.starts else 0
        # Most are made, and of the days of one that was made none was left open.
        if len(kept) >= period.term.days_asked and not resting and not period.term.is_total:
            continue
        for day in _in_period(period, kept, quiet, resting, sums):
            if begins <= day <= ends:
                yield day


def _in_period(
    period: Period, kept: Sequence[date], quiet: Quiet, resting: int, sums: Sums
) -> Iterator[date]:
    """Yield the days of one period that had to be kept and were not; so many of them rest."""
    left = (period.last - period.first).days + 1 - resting
    needed, tally, is_total = period.needed(left), 0, period.term.is_total
    day = period.first
    while left:
        rests, is_kept = bool(resting) and quiet.covers(day), day in kept
        if is_total:
            tally = int(sums.between(period.first, day - _ONE_DAY) >= period.term.target)
        if not rests and not is_kept and occasions.is_last_chance(needed, tally, left):
            yield day
        if not is_total:
            tally += is_kept
        left -= not rests
        day += _ONE_DAY
