"""The days of a habit as they come, each with the instant of its commit, folded on the way."""

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.rules import fold
from app.rules.rests import NEVER, Quiet
from app.rules.schedule import Timetable
from app.rules.states import Fold, History, OnDay, nothing
from app.rules.weeks import MONDAYS, Weeks


@dataclass(slots=True)
class Diary:
    """The days of a habit, folded as they come: each with the instant of its commit.

    `amounts` are what was counted on each day, in thousandths. `state` is the fold through a day
    that is closed for good; `open_days` and `open_amounts` are those after it, and those before it
    at which the fold still looks, ascending: a day that comes in order costs no walk through the
    years. `milestone` is the longest run that was celebrated.
    """

    timetable: Timetable
    state: Fold
    open_days: list[date] = field(default_factory=list)
    open_amounts: dict[date, int] = field(default_factory=dict)
    kept_at: dict[date, datetime] = field(default_factory=dict)
    amounts: dict[date, int] = field(default_factory=dict)
    milestone: int = 0
    weeks: Weeks = MONDAYS
    quiet: Quiet = NEVER

    @staticmethod
    def empty(timetable: Timetable, quiet: Quiet = NEVER) -> "Diary":
        """Return the diary of a habit that was never kept."""
        return Diary(timetable, nothing(timetable), quiet=quiet)

    @property
    def history(self) -> History:
        """What is known of its days since the state."""
        return History(self.timetable, self.open_days, self.open_amounts, self.weeks, self.quiet)

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

    def add(self, day: date, amount: int) -> None:
        """Enter that `amount`, in thousandths, was counted on `day`."""
        self.amounts[day] = self.amounts.get(day, 0) + amount
        if day > self.state.through:
            self.open_amounts[day] = self.amounts[day]
        else:
            self._open_again()

    def on_day(self, day: date) -> OnDay:
        """Return how the habit stands on the open day `day`."""
        return fold.on_day(self.state, self.history, day)

    def close(self, today: date) -> None:
        """Fold the days that are closed for good on the user's day `today`."""
        through = fold.closes(today, self.timetable, self.weeks)
        self.state = fold.advance(self.state, self.history, through)
        looks_back = self.state.through - timedelta(days=fold.reach(self.timetable))
        del self.open_days[: bisect_right(self.open_days, looks_back)]
        for day in [day for day in self.open_amounts if day <= looks_back]:
            del self.open_amounts[day]

    def _open_again(self) -> None:
        """Begin the fold anew, for a day that was folded already has changed."""
        self.state, self.open_days = nothing(self.timetable), sorted(self.kept_at)
        self.open_amounts = dict(self.amounts)
