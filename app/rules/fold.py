"""A habit's streak as a fold over its days: a small state that is carried from day to day.

The state is stored at a day that is closed for good, so that nobody has to walk the years again:
what happened since is a few days. Whatever changes a day before it folds again from the first.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.rules.schedule import Timetable

_ONE_DAY = timedelta(days=1)
# A day is closed when it is over, and for good when no change of zone can bring it back: from the
# first zone of the world to the last, and the day's start from 0 to 6, are 32 hours.
_CLOSED_FOR_GOOD = timedelta(days=3)


class Fold(NamedTuple):
    """A streak at the end of the day `through`.

    `run` counts the due occasions kept in a row up to that day, `best` those of the longest run,
    `kept` the days kept at all.
    """

    through: date
    run: int = 0
    best: int = 0
    kept: int = 0


class Streak(NamedTuple):
    """A run as it stands on a day, and the longest there was up to it, in occasions.

    `paid` is the run that a commit on that day is paid by, whether the day is kept or not: what a
    row announces and what the commit earns follow from this one number.
    """

    run: int
    best: int
    paid: int


def nothing(timetable: Timetable) -> Fold:
    """Return the state before the first day of a habit."""
    return Fold(timetable.starts_on - _ONE_DAY)


def closes(today: date) -> date:
    """Return the newest day that is closed for good on the user's day `today`."""
    return today - _CLOSED_FOR_GOOD


def advance(state: Fold, days: Sequence[date], timetable: Timetable, through: date) -> Fold:
    """Return the state at the end of the day `through`; all days up to it are closed.

    `days` are the kept days (ascending, each once); those outside of what is folded here do not
    matter. A day that was due and not kept ends the run; a kept day that was not due neither
    extends nor ends it. A `through` that is folded already changes nothing.
    """
    if through <= state.through:
        return state
    run, best, last = state.run, state.best, state.through
    since = days[bisect_right(days, state.through) : bisect_right(days, through)]
    for day in since:
        # Most kept days are neighbours: asking that first spares the timetable most questions.
        if day - last != _ONE_DAY and timetable.due_between(last, day):
            run = 0
        if timetable.is_due(day):
            run += 1
            best = max(best, run)
        last = day
    if timetable.due_between(last, through + _ONE_DAY):
        run = 0
    return Fold(through, run, best, state.kept + len(since))


def streak(state: Fold, days: Sequence[date], timetable: Timetable, on: date) -> Streak:
    """Return the streak on the day `on`, which is still open: unkept it breaks nothing.

    `on` lies after the state, `days` are as in `advance`; later ones are left out until their day
    comes: who flies west has kept a day that is tomorrow again.
    """
    before = advance(state, days, timetable, on - _ONE_DAY)
    paid = before.run + timetable.is_due(on)
    run = paid if on in days else before.run
    return Streak(run, max(before.best, run), paid)


@dataclass(slots=True)
class Diary:
    """The days of a habit, folded as they come: each with the instant of its commit.

    `state` is the fold through a day that is closed for good, `open_days` are the days kept after
    that, ascending: a day that comes in order costs no walk through the years. `milestone` is the
    longest run that was celebrated.
    """

    timetable: Timetable
    state: Fold
    open_days: list[date] = field(default_factory=list)
    kept_at: dict[date, datetime] = field(default_factory=dict)
    milestone: int = 0

    @staticmethod
    def empty(timetable: Timetable) -> "Diary":
        """Return the diary of a habit that was never kept."""
        return Diary(timetable, nothing(timetable))

    def keep(self, day: date, at: datetime) -> None:
        """Enter that the habit is kept on `day`."""
        self.kept_at[day] = at
        if day > self.state.through:
            insort(self.open_days, day)
        else:
            self._open_again()

    def take_back(self, day: date) -> None:
        """Enter that `day` is kept no longer."""
        del self.kept_at[day]
        if day > self.state.through:
            self.open_days.remove(day)
        else:
            self._open_again()

    def run(self, day: date) -> int:
        """Return the run that ends on the open day `day`."""
        return streak(self.state, self.open_days, self.timetable, day).run

    def close(self, today: date) -> None:
        """Fold the days that are closed for good on the user's day `today`."""
        self.state = advance(self.state, self.open_days, self.timetable, closes(today))
        del self.open_days[: bisect_right(self.open_days, self.state.through)]

    def _open_again(self) -> None:
        """Begin the fold anew, for a day that was folded already has changed."""
        self.state, self.open_days = nothing(self.timetable), sorted(self.kept_at)
