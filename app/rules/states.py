"""The state of a habit that is carried from day to day, what it goes over, and what a day shows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app.rules.rests import NEVER, Quiet
from app.rules.schedule import Kind, Timetable
from app.rules.weeks import MONDAYS, Weeks

_NO_AMOUNTS: Mapping[date, int] = {}


class Fold(NamedTuple):
    """A habit at the end of the day `through`, with which a week or month of it ends too.

    `run` counts the occasions kept in a row, from the keep on `since`; `best` those of the longest
    run, `kept` the days kept at all. `toward` counts the occasions kept towards the next of the
    `shields`. `idle` are the days since the last keep, resting ones left out (-1: never kept),
    `overdue` the days on which one that comes every few days was due and not kept.
    """

    through: date
    run: int = 0
    best: int = 0
    kept: int = 0
    toward: int = 0
    shields: int = 1
    since: date | None = None
    idle: int = -1
    overdue: int = 0
    strength: float = 0.0


class History(NamedTuple):
    """What a fold goes over: terms, kept days, ascending, and the sums of the days' amounts.

    Days and amounts may be all, or those after the state and `reach` days before its end.
    """

    timetable: Timetable
    days: Sequence[date]
    amounts: Mapping[date, int] = _NO_AMOUNTS
    weeks: Weeks = MONDAYS
    quiet: Quiet = NEVER


class OnDay(NamedTuple):
    """How a habit stands on a day, which is still open: unkept it breaks nothing.

    `paid` is the run that a commit on that day is paid by, and `span` that run in days, whether
    the day is kept or not: what a row announces and what the commit earns follow from these.
    `needed` and `tally` are the days that the week or month asks for, and those kept in it before
    that day; None for other schedules. `held` tells that a shield held what closed the day before.
    """

    run: int
    best: int
    paid: int
    span: int
    shields: int
    strength: float
    due: bool
    asked: bool
    resting: bool
    needed: int | None = None
    tally: int | None = None
    held: bool = False


def nothing(timetable: Timetable) -> Fold:
    """Return the state before the first day of a habit."""
    first = timetable.terms[0]
    full = 1.0 if first.kind is Kind.AT_MOST else 0.0
    return Fold(first.starts_on - timedelta(days=1), strength=full)
