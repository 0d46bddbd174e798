"""A state under way, and the walk where every day asks for a tick."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from app.rules import strength
from app.rules.occasions import TOWARD
from app.rules.schedule import Schedule
from app.rules.states import Fold

MOST_SHIELDS = 2
DAILY_MEMORY = strength.memory(Schedule.DAILY, 0, 1, 1)
_ONE_DAY = timedelta(days=1)


class Walk:
    """A state under way."""

    __slots__ = (
        "best", "held", "idle", "kept", "overdue", "run", "shields", "since", "strength", "toward",
    )  # fmt: skip

    def __init__(self, state: Fold) -> None:
        (
            _through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        ) = state  # fmt: skip
        self.held: date | None = None

    def state(self, through: date) -> Fold:
        return Fold(
            through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        )  # fmt: skip

    def keep(self, day: date, wins_at: int) -> None:
        """An occasion is kept."""
        if not self.run:
            self.since = day
        self.run += 1
        if self.run > self.best:
            self.best = self.run
        self.toward += 1
        if self.toward >= wins_at:
            self.toward = 0
            self.shields = min(self.shields + 1, MOST_SHIELDS)

    def miss(self, first: date, many: int = 1) -> None:
        """So many occasions close unkept, one a day from `first`; a run of one is no run."""
        if self.run > 1 and self.shields:
            used = min(many, self.shields)
            self.shields -= used
            self.held = first + timedelta(days=used - 1)
            many -= used
        if many:
            self.run = self.toward = 0
            self.since = None


def walk_plainly(walk: Walk, last: date, days: Sequence[date], through: date) -> None:
    """Walk where every day asks for a tick: from one kept day to the next."""
    since = days[bisect_right(days, last) : bisect_right(days, through)] if days else ()
    for day in since:
        if day - last != _ONE_DAY:
            _skip_plainly(walk, last, day - _ONE_DAY)
        walk.keep(day, TOWARD)
        walk.strength = walk.strength * DAILY_MEMORY + (1 - DAILY_MEMORY)
        walk.idle = 0
        last = day
    walk.kept += len(since)
    if last < through:
        _skip_plainly(walk, last, through)


def _skip_plainly(walk: Walk, after: date, through: date) -> None:
    many = (through - after).days
    walk.miss(after + _ONE_DAY, many)
    walk.strength *= DAILY_MEMORY**many
    if walk.idle >= 0:
        walk.idle += many
