"""A habit's days as a fold: a small state that is carried from day to day.

The state is stored at a day that is closed for good, so that nobody has to walk the years again:
what happened since is a few days. Whatever changes a day before it folds again from the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from app.rules import occasions, strength
from app.rules.asking import Asking, Asks, is_due_alone
from app.rules.closing import DAILY_MEMORY, Closing, close_plainly
from app.rules.collecting import LOOKS_BACK
from app.rules.occasions import TOWARD
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Timetable
from app.rules.states import Fold, History, OnDay
from app.rules.walk import Walk
from app.rules.weeks import Weeks

_ONE_DAY = timedelta(days=1)
# A day is closed when it is over, and for good when no change of zone can bring it back: from the
# first zone of the world to the last, and the day's start from 0 to 6, are 32 hours.
_CLOSED_FOR_GOOD = timedelta(days=3)


def closes(today: date, timetable: Timetable, weeks: Weeks) -> date:
    """Return the newest day up to which a habit is closed for good on the user's day `today`.

    Weeks and months close as a whole, for a rest may still change what they need.
    """
    day = today - _CLOSED_FOR_GOOD
    if not timetable.is_plain and timetable.term(day).is_periodic:
        period = timetable.period(day, weeks)
        if period.last > day:
            return period.first - _ONE_DAY
    return day


def reach(timetable: Timetable) -> int:
    """Return how many days a state looks back from its end: kept ones, or those with amounts."""
    if timetable.is_plain:
        return 0
    days = max(map(strength.window, timetable.terms)) - 1
    # Quiet days are collected later.
    is_limited = any(term.kind is Kind.AT_MOST for term in timetable.terms)
    return max(days, LOOKS_BACK) if is_limited else days


def since(state: Fold, history: History) -> History:
    """Return the part of a history of all days that a fold from `state` still looks at."""
    after = state.through - timedelta(days=reach(history.timetable))
    amounts = {day: amount for day, amount in history.amounts.items() if day > after}
    days = history.days[bisect_right(history.days, after) :]
    return history._replace(days=days, amounts=amounts)


def advance(state: Fold, history: History, through: date) -> Fold:
    """Return the state at the end of the day `through`; all days up to it are closed.

    A `through` that is folded already changes nothing.
    """
    if through <= state.through:
        return state
    walk, first = Walk(state), state.through + _ONE_DAY
    if _is_plain(history, first):
        close_plainly(walk, first, through, history.days)
    else:
        Closing(walk, history).go(first, through)
    return walk.state(through)


def on_day(state: Fold, history: History, on: date) -> OnDay:
    """Return how the habit stands on the day `on`, which lies after the state.

    Days later than `on` are left out until their day comes: who flies west has kept a day that is
    tomorrow again.
    """
    walk, first, yesterday = Walk(state), state.through + _ONE_DAY, on - _ONE_DAY
    if _is_plain(history, first):
        close_plainly(walk, first, yesterday, history.days)
        return _on_plain_day(walk, history, on, walk.held == yesterday)
    closing = Closing(walk, history)
    closing.go(first, yesterday)
    return _on_any_day(walk, closing.asking, history, on, walk.held == yesterday)


def is_due(history: History, on: date, state: Fold | None = None) -> bool:
    """Tell whether the habit is due on the day `on`, kept already or not; told as by `asks`."""
    if history.quiet.covers(on):
        return False
    due = is_due_alone(history.timetable, on)
    return asks(history, on, state).due if due is None else due


def asks(history: History, on: date, state: Fold | None = None) -> Asks:
    """Return what the habit asks for on the day `on`, whose own keep changes nothing of it.

    Told by its days alone, wherever a state stands: those of the week or month of `on`, and the
    last keep before. Where the days are not all, but those after `state` and `reach` before it,
    the state knows of a keep that is longer ago.
    """
    if _is_plain(history, on):
        begun = on >= history.timetable.starts_on
        return Asks(begun, begun, counts=begun)
    # No other looks at the last keep.
    looks = history.timetable.term(on).schedule is Schedule.EVERY
    return Asking(history).asks(on, _idle_by(history, on, state) if looks else -1)


def idle(history: History, on: date) -> int:
    """Return how many days have gone by before `on` since the last keep, resting ones left out.

    It is -1 where there was none.
    """
    place = bisect_left(history.days, on)
    if not place:
        return -1
    return _days_awake(history.quiet, history.days[place - 1] + _ONE_DAY, on - _ONE_DAY)


def _idle_by(history: History, on: date, state: Fold | None) -> int:
    if state is None or bisect_left(history.days, on):
        return idle(history, on)
    if state.idle < 0:
        return -1
    since = _days_awake(history.quiet, state.through + _ONE_DAY, on - _ONE_DAY)
    return state.idle + since - _days_awake(history.quiet, on, state.through)


def amount(history: History, on: date) -> int:
    """Return the amount towards the target on the day `on`: its own, or that of its period."""
    term = history.timetable.term(on)
    if not term.is_periodic:
        return history.amounts.get(on, 0)
    return Asking(history).before(history.timetable.period(on, history.weeks), on + _ONE_DAY)


def strengths(state: Fold, history: History, on: Sequence[date]) -> list[float]:
    """Return the strength at the end of each of the days `on`, ascending and closed."""
    walk, found, first = Walk(state), [], state.through + _ONE_DAY
    closing = None if _is_plain(history, first) else Closing(walk, history)
    for day in on:
        if closing:
            closing.go(first, day)
        else:
            close_plainly(walk, first, day, history.days)
        found.append(walk.strength)
        first = day + _ONE_DAY
    return found


def _is_plain(history: History, first: date) -> bool:
    """Does every day of the habit from `first` on ask for a tick?"""
    ends = history.quiet.ends
    return history.timetable.is_plain and not (ends and ends[-1] >= first)


def _on_plain_day(walk: Walk, history: History, on: date, held: bool) -> OnDay:
    days = history.days
    due = on >= history.timetable.starts_on
    paid = walk.run + due
    since = walk.since if walk.run else on
    if days and on in days and due:
        walk.keep(on, TOWARD)
        walk.strengthen(1.0, DAILY_MEMORY)
    span = min(paid, (on - since).days + 1) if since else 0
    return OnDay(
        walk.run, walk.best, paid, span, walk.shields, walk.strength, due, due, False, held=held
    )


def _on_any_day(walk: Walk, asking: Asking, history: History, on: date, held: bool) -> OnDay:
    asks, term = asking.asks(on, walk.idle), history.timetable.term(on)
    paid = walk.run + asks.counts
    since = walk.since if walk.run else on
    span = min(occasions.in_days(term, paid), (on - since).days + 1) if since and paid else 0
    if on >= history.timetable.starts_on:
        asking.finish(walk, on, on in history.days)
    return OnDay(
        walk.run, walk.best, paid, span, walk.shields, walk.strength, asks.due, asks.asked,
        asks.resting, asks.needed, asks.tally, held,
    )  # fmt: skip


def _days_awake(quiet: Quiet, first: date, last: date) -> int:
    """Return how many days there are from `first` to `last`, resting ones left out."""
    return max(0, (last - first).days + 1) - quiet.days_between(first, last)
