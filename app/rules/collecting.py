"""Quiet days: those that stayed within a limit, and whose commits nobody has collected yet."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.rules.schedule import Kind
from app.rules.states import History
from app.rules.sums import Sums

# So many days back, and at most so many at once.
DAYS_BACK = 7
MOST = 7
# With the longest of months before them.
LOOKS_BACK = DAYS_BACK + 31

_ONE_DAY = timedelta(days=1)


def quiet_days(history: History, today: date) -> list[date]:
    """Return the days before `today` whose commits can be collected, the oldest first.

    Each is a day, or the last of a week or month, that did not rest and stayed within its limit.
    """
    days = (today - back * _ONE_DAY for back in range(DAYS_BACK, 0, -1))
    limited = (day for day in days if history.timetable.term(day).kind is Kind.AT_MOST)
    return list(_quiet(history, limited))[-MOST:]


def _quiet(history: History, days: Iterator[date]) -> Iterator[date]:
    timetable, quiet, sums = history.timetable, history.quiet, None
    for day in days:
        if day < timetable.starts_on or day in history.days:
            continue
        term = timetable.term(day)
        if not term.is_periodic:
            if not quiet.covers(day) and history.amounts.get(day, 0) <= term.target:
                yield day
            continue
        period = timetable.period(day, history.weeks)
        if day != period.last or period.is_cut:
            continue
        resting = quiet.days_between(period.first, period.last)
        sums = sums or Sums(history.amounts, quiet)
        within = sums.between(period.first, period.last, awake=True) <= period.term.target
        if within and period.needed((period.last - period.first).days + 1 - resting):
            yield day
