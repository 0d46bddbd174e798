"""The board of a day gone by: what it asked for and what was kept, and how things stand now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.rules import fold, reward
from app.rules.board import Board
from app.rules.facts import HabitFacts, MoodFacts
from app.rules.mood import Mood
from app.rules.outcome import HabitRow
from app.rules.reward import Effort
from app.rules.states import OnDay


class PastFacts(NamedTuple):
    """What the database knows of a habit around a day that its fold may have closed long ago.

    `days` are the kept ones of a month before that day and one after it, and at least the last
    before it, ascending; `amounts` the sums of these months, as text, where anything is counted.
    """

    id: int
    days: Sequence[date]
    amounts: str | None


@dataclass(frozen=True, kw_only=True)
class PastBoard(Board):
    """The board of the day `today`, drawn on a later one, whose own board is `now`.

    Due, asked, resting and kept are those of the day, and so is the number of its week or month.
    Run, shields, strength and the pet are those of now: of these there is only one.
    """

    now: Board

    @classmethod
    def on(cls, day: date, now: Board, past: Iterable[PastFacts]) -> "PastBoard":
        """Return the board of `day`, of which `past` tells what `now` may know no longer."""
        told = {facts.id: facts for facts in past}
        habits = (habit for habit in now.habits if habit.id in told)
        return cls(
            # Nothing is folded of them, and they are told by their days.
            tuple(
                habit._replace(
                    folded_on=None, days=told[habit.id].days, amounts=told[habit.id].amounts
                )
                for habit in habits
            ),
            day, now.weeks, now.rests, now=now,
        )  # fmt: skip

    @classmethod
    def still_open(cls, day: date, now: Board) -> "PastBoard":
        """Return what was due on a `day` of late and is not kept, as far as `now` knows of it.

        A habit whose fold has closed the day is left out.
        """
        late = (
            habit
            for habit in now.habits
            if (habit.folded_on is None or habit.folded_on < day)
            and not habit.is_archived
            and day not in habit.days
            and fold.is_due(now.history(habit), day, habit.state)
        )
        return cls(tuple(late), day, now.weeks, now.rests, now=now)

    def on_day(self, habit: HabitFacts, day: date | None = None) -> OnDay:
        """Return how one habit stood on `day` (None: that of the board), its run as it is now."""
        asks = fold.asks(self.history(habit), day or self.today, habit.state)
        return self.now.shown(self._facts_now[habit.id])._replace(
            due=asks.due,
            asked=asks.asked,
            resting=asks.resting,
            needed=asks.needed,
            tally=asks.tally,
            held=False,
        )

    def row(self, habit: HabitFacts) -> HabitRow:
        """Return how one habit stood on the day. `gain` is 0 where it is not known in advance."""
        return super().row(habit)._replace(gain=self._gain(habit))

    def mood(self, facts: MoodFacts) -> Mood:
        """Return the mood of the pet, now."""
        return self.now.mood(facts)

    def _gain(self, habit: HabitFacts) -> int:
        """Return the XP of a commit on the day, which only a fold that stands before it tells."""
        known = self._facts_now[habit.id]
        # Nothing is walked for a day that earns nothing.
        is_closed = known.folded_on is not None and known.folded_on >= self.today
        if is_closed or reward.is_over(self.today, self.now.today):
            return 0
        span = self.now.on_day(known, self.today).span
        return reward.xp(Effort(habit.effort), span, self.today, self.now.today)

    @cached_property
    def _facts_now(self) -> Mapping[int, HabitFacts]:
        return {habit.id: habit for habit in self.now.habits}
