"""The facts of which a board is made: what the database knows, typed and undecided."""

import json
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from app.rules.rests import Rests
from app.rules.schedule import Timetable
from app.rules.states import Fold, History, nothing
from app.rules.weeks import Weeks


class HabitFacts(NamedTuple):
    """What the database knows of a habit.

    `terms` is the text of its timetable. The columns `folded_…` are its fold through `folded_on`;
    `days` are the days kept after that and those before at which a fold still looks, ascending,
    and `amounts` the sums of such days, as text, where anything is counted. Where `folded_on` is
    None nothing is folded yet, and they are all. `counted_on` is the newest day with an amount.
    """

    id: int
    pillar_id: int
    name: str
    effort: str
    put_away: bool
    pillar_put_away: bool
    terms: str
    folded_on: date | None
    folded_run: int
    folded_best: int
    folded_kept: int
    folded_toward: int
    folded_shields: int
    folded_since: date | None
    folded_idle: int
    folded_overdue: int
    folded_strength: float
    days: Sequence[date]
    amounts: str | None
    counted_on: date | None = None

    @property
    def is_archived(self) -> bool:
        """Is the habit put away, by itself or with its pillar?"""
        return self.put_away or self.pillar_put_away

    @property
    def timetable(self) -> Timetable:
        """Its terms."""
        return Timetable.of(self.terms)

    @property
    def state(self) -> Fold:
        """The state from which its days are folded on."""
        if self.folded_on is None:
            return nothing(self.timetable)
        return Fold(*cast("tuple[Any, ...]", self[_FOLD]))

    @property
    def kept(self) -> int:
        """On how many days the habit was kept in all."""
        if self.folded_on is None:
            return len(self.days)
        return self.folded_kept + len(self.days) - bisect_right(self.days, self.folded_on)

    def added(self, day: date, more: int, before: date | None) -> "HabitFacts":
        """Return the facts with `more` thousandths on `day`, a negative number being taken back.

        `before` is the newest other day with an amount.
        """
        amounts = amounts_of(self.amounts)
        amounts[day] = amounts.get(day, 0) + more
        days = [before, day if amounts[day] else None]
        text = json.dumps([[day.isoformat(), sum_] for day, sum_ in amounts.items() if sum_])
        return self._replace(amounts=text, counted_on=max(filter(None, days), default=None))

    def history(self, weeks: Weeks, rests: Rests) -> History:
        """Return what a fold goes over."""
        return _history(self, weeks, rests)


class OtherFacts(NamedTuple):
    """What the database knows of a habit that counts on a day beside one that is shown.

    It is as much as tells whether it is due and kept, in fields like those of HabitFacts. Of one
    whose fold looks back no day, `days` and `amounts` are those of the day alone.
    """

    id: int
    pillar_id: int
    terms: str
    folded_on: date | None
    folded_idle: int
    days: Sequence[date]
    amounts: str | None
    counted_on: date | None

    @property
    def timetable(self) -> Timetable:
        """Its terms."""
        return Timetable.of(self.terms)

    @property
    def state(self) -> Fold:
        """As much of its state as tells when it is due: how long ago the last keep was."""
        if self.folded_on is None:
            return nothing(self.timetable)
        return Fold(self.folded_on, idle=self.folded_idle)

    def history(self, weeks: Weeks, rests: Rests) -> History:
        """Return what tells when it is due."""
        return _history(self, weeks, rests)


# Its columns in the order of Fold.
_FOLD = slice(HabitFacts._fields.index("folded_on"), HabitFacts._fields.index("days"))


def _history(habit: HabitFacts | OtherFacts, weeks: Weeks, rests: Rests) -> History:
    quiet = rests.quiet(habit.id, habit.pillar_id)
    return History(habit.timetable, habit.days, amounts_of(habit.amounts), weeks, quiet)


def amounts_of(text: str | None) -> dict[date, int]:
    """Return the sums of days that the database tells in JSON, in thousandths."""
    if not text:
        return {}
    return {date.fromisoformat(day): amount for day, amount in json.loads(text)}


class PillarFacts(NamedTuple):
    """What the database knows of a pillar."""

    id: int
    name: str
    color: str
    icon: str
    xp: int
    is_folded: bool


class PetFacts(NamedTuple):
    """What the database knows of the active pet."""

    id: int
    name: str
    species: str
    coat: str
    xp: int
    days_kept: int


class MoodFacts(NamedTuple):
    """What the mood depends on besides the habits.

    `began` is the first day of the account, `last_kept` the newest day up to today on which
    anything was kept (None: never), `hour` what the user's clock shows, 0 to 23.
    """

    began: date
    last_kept: date | None
    hour: int
