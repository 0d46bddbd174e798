"""A stretch of a habit's days, each as it was: what it asked for, what it got, what came of it.

Walked once from day to day as the fold does, so that a calendar, a year and the board of
any day say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules import fold
from app.rules.closing import Closing
from app.rules.lookback import Share
from app.rules.schedule import Kind, Term, Timetable
from app.rules.states import Fold, History, nothing
from app.rules.walk import Walk

_ONE_DAY = timedelta(days=1)
# The newest occasions of which the rate is told: a month of days, a year of weeks or months.
_LATELY = 30
_LATELY_IN_PERIODS = 12


class State(StrEnum):
    """What a day became, in one word. OPEN is one that still asks, IDLE one that never did.

    Marks know nothing of days that are SKIPPED, BEFORE the first of the habit, or AHEAD.
    """

    KEPT = "kept"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    RESTING = "resting"
    MISSED = "missed"
    OPEN = "open"
    IDLE = "idle"
    BEFORE = "before"
    AHEAD = "ahead"


class Mark(NamedTuple):
    """A habit on one day, at its end; on a day that is open, as it stands.

    `term` is in force on it. `due`, `asked` and `resting` are what the day asked for, kept or not;
    `amount` is what was added on it, in thousandths, 0 for a tick. `occasion` tells that an
    occasion was kept with it or missed, None that none was closed; `held` that a shield held that
    miss. `run`, `shields` and `strength` are those at its end.
    """

    day: date
    term: Term
    is_open: bool
    due: bool
    asked: bool
    resting: bool
    kept: bool
    amount: int
    occasion: bool | None
    held: bool
    run: int
    shields: int
    strength: float

    @property
    def is_done(self) -> bool:
        """Did the day do its part? Of a total over a week or month any amount is one."""
        if self.term.kind is Kind.AT_MOST:
            return self.occasion is True
        return self.kept or (self.term.is_total and self.amount > 0)

    @property
    def counts(self) -> bool:
        """Was anything asked of the day that it did or failed to do?"""
        if self.term.kind is Kind.AT_MOST:
            return self.occasion is not None
        return self.is_done or (self.asked and not self.is_open)

    @property
    def state(self) -> State:
        """What the day became."""
        if self.term.kind is Kind.AT_MOST:
            return self._at_most
        if self.kept:
            return State.KEPT
        if self.amount and self.term.kind is Kind.AT_LEAST:
            return State.PARTIAL
        if self.resting:
            return State.RESTING
        if self.is_open and self.asked:
            return State.OPEN
        return State.MISSED if self.due else State.IDLE

    @property
    def _at_most(self) -> State:
        if self.resting:
            return State.RESTING
        if self.occasion is not None:
            return State.KEPT if self.occasion else State.MISSED
        if self.kept:
            return State.KEPT
        return State.OPEN if self.is_open else State.IDLE


def of(
    history: History, first: date, last: date, today: date, state: Fold | None = None
) -> list[Mark]:
    """Return a mark for each day from `first` to `last`, of a habit of which all days are known.

    Days before the habit's first have none, nor have those after `today`, which is open still.
    A `state` that ends before `first` spares the walk up to there.
    """
    first = max(first, history.timetable.starts_on)
    begun = fold.advance(state or nothing(history.timetable), history, first - _ONE_DAY)
    return list(_marked(begun, history, first, min(last, today), today))


def across(
    history: History, stretches: Iterable[tuple[date, date]], today: date
) -> dict[date, Mark]:
    """Return the marks of several stretches, each by its first and last day, in order of the days.

    Nobody walks the same years twice for it.
    """
    found: dict[date, Mark] = {}
    state, known = nothing(history.timetable), date.min
    for first, last in sorted(stretches):
        first = max(first, known + _ONE_DAY)
        state = fold.advance(state, history, first - _ONE_DAY)
        found |= {mark.day: mark for mark in of(history, first, last, today, state)}
        known = max(known, last)
    return found


def held(marks: Sequence[Mark]) -> date | None:
    """Return the newest day that a shield held for the run that stands at the end of `marks`."""
    for mark in reversed(marks):
        if not mark.run:
            return None
        if mark.held:
            return mark.day
    return None


def lately(marks: Sequence[Mark], timetable: Timetable) -> Share:
    """Return how many of the newest occasions in `marks` were kept, and how many these are.

    They reach no further back than the newest change of the schedule or kind, for days and weeks
    do not add up; what is still open counts once it is kept.
    """
    if not marks:
        return Share(0, 0)
    since, _until = timetable.stretch(marks[-1].day)
    is_periodic = timetable.term(marks[-1].day).is_periodic
    closed = [m.occasion for m in marks if m.occasion is not None and m.day >= since]
    newest = closed[-(_LATELY_IN_PERIODS if is_periodic else _LATELY) :]
    return Share(sum(newest), len(newest))


class _Noting(Walk):
    """A walk that notes which occasion was closed last."""

    __slots__ = ("occasion",)

    def __init__(self, state: Fold) -> None:
        super().__init__(state)
        self.occasion: bool | None = None

    @property
    def can_lose(self) -> bool:
        return True

    def extend(self, wins_at: int, many: int) -> None:
        super().extend(wins_at, many)
        self.occasion = True

    def miss(self, many: int = 1) -> int:
        self.occasion = False
        return super().miss(many)


def _marked(begun: Fold, history: History, first: date, last: date, today: date) -> Iterator[Mark]:
    timetable, amounts, kept_days = history.timetable, history.amounts, frozenset(history.days)
    walk = _Noting(begun)
    closing = Closing(walk, history)
    day = first
    while day <= last:
        term, kept = timetable.term(day), day in kept_days
        asks = closing.asking.asks(day, walk.idle)
        walk.occasion = None
        if day < today:
            closing.go(day, day)
        else:
            closing.asking.finish(walk, day, kept)
        amount = 0 if term.kind is Kind.CHECK else amounts.get(day, 0)
        yield Mark(
            day, term, day >= today, asks.due, asks.asked, asks.resting, kept, amount,
            walk.occasion, walk.held == day, walk.run, walk.shields, walk.strength,
        )  # fmt: skip
        day += _ONE_DAY
