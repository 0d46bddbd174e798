"""When a habit is asked about, for it was not kept in a long while."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from app.rules import fold
from app.rules.asking import Asking
from app.rules.board import Board
from app.rules.facts import HabitFacts
from app.rules.rests import Quiet
from app.rules.schedule import DAYS_A_WEEK, Kind, Schedule, Term
from app.rules.states import History

# After so many days on which it was due and not kept.
DUE_DAYS = 30
_SHORTEST_MONTH = 28
_ONE_DAY = timedelta(days=1)


def is_asked_about(board: Board, habit: HabitFacts, asked_on: date | None) -> bool:
    """Tell whether its user is asked what should become of a habit of the `board`.

    That is so after thirty due days without a keep, in the terms of now; a week that asked for
    three days and got one has missed two. On `asked_on` they were
    asked last: once is enough, until it is kept again.
    """
    today, starts_on = board.today, habit.timetable.starts_on
    if habit.days and (today - habit.days[-1]).days <= DUE_DAYS:
        return False
    history, term = board.history(habit), habit.timetable.term(today)
    last_kept = _last_kept(habit, history.quiet)
    # They may have been asked about something else while it was kept well.
    if asked_on and (last_kept is None or (asked_on - last_kept).days > DUE_DAYS):
        return False
    since = max(starts_on, term.starts_on, (last_kept or date.min) + _ONE_DAY)
    if _most_due_days(term, (today - since).days) < DUE_DAYS:
        return False
    if term.is_periodic:
        missed = _missed_in_periods(history, since, today)
    else:
        missed = _missed(habit, history, since, today)
    return any(many >= DUE_DAYS for many in accumulate(missed))


def _last_kept(habit: HabitFacts, quiet: Quiet) -> date | None:
    """Return the newest kept day; where the fold knows it alone, by the days gone by since."""
    if habit.days:
        return habit.days[-1]
    state = habit.state
    if state.idle < 0:
        return None
    return quiet.day_before(state.idle, state.through)


def _missed(habit: HabitFacts, history: History, since: date, today: date) -> Iterator[int]:
    days = (since + n * _ONE_DAY for n in range((today - since).days))
    return (1 for day in days if fold.is_due(history, day, habit.state))


def _missed_in_periods(history: History, since: date, today: date) -> Iterator[int]:
    """Yield for each week or month that is over how many days it has missed.

    The days on which it must be done to make it are no measure: of a week that is lost no further
    day is due, though it asked for three.
    """
    asking = Asking(history)
    period = history.timetable.period(since, history.weeks)
    while period.last < today:
        asks = asking.asks(period.last)
        yield max(0, (asks.needed or 0) - (asks.tally or 0))
        period = history.timetable.period(period.last + _ONE_DAY, history.weeks)


def _most_due_days(term: Term, days: int) -> float:
    """Return how many of so many days in a row can be due at most; it spares the look at each."""
    if term.kind is Kind.AT_MOST:
        return 0
    match term.schedule:
        case Schedule.WEEKDAYS:
            return (days / DAYS_A_WEEK + 1) * term.days_a_week
        case Schedule.WEEKLY:
            return (days / DAYS_A_WEEK + 1) * term.days_asked
        case Schedule.MONTHLY:
            return (days / _SHORTEST_MONTH + 1) * term.days_asked
        case _:
            return days
