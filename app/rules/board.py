"""The board of a day: what is due, what is kept, how each habit stands, and the pet's mood.

It is the one place that decides these. The database gives facts, and whoever shows a day, or
answers a press, asks a board made of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.rules import fold, reward
from app.rules.fold import Fold
from app.rules.mood import Mood, mood, slept_through
from app.rules.outcome import DayState, HabitRow, PetCard, PillarHeader
from app.rules.reward import Effort
from app.rules.schedule import Timetable


class HabitFacts(NamedTuple):
    """What the database knows of a habit.

    `terms` are the first days of its terms, in order. `closed_run`, `closed_best` and
    `closed_kept` are its fold through `closed_on`; `days` are the days kept after that, ascending.
    Where `closed_on` is None nothing is folded yet, and `days` are all.
    """

    id: int
    pillar_id: int
    name: str
    effort: str
    put_away: bool
    pillar_put_away: bool
    terms: Sequence[date]
    closed_on: date | None
    closed_run: int
    closed_best: int
    closed_kept: int
    days: Sequence[date]

    @property
    def is_archived(self) -> bool:
        """Is the habit put away, by itself or with its pillar?"""
        return self.put_away or self.pillar_put_away

    @property
    def timetable(self) -> Timetable:
        """When the habit is due."""
        return Timetable.of(self.terms)

    @property
    def state(self) -> Fold:
        """The state from which its streak is folded on."""
        if self.closed_on is None:
            return fold.nothing(self.timetable)
        return Fold(self.closed_on, self.closed_run, self.closed_best, self.closed_kept)

    @property
    def kept(self) -> int:
        """On how many days the habit was kept in all."""
        return len(self.days) + (0 if self.closed_on is None else self.closed_kept)

    def is_due(self, day: date) -> bool:
        """Tell whether the habit is due on `day`, kept already or not."""
        return not self.is_archived and self.timetable.is_due(day)

    def streak(self, on: date) -> fold.Streak:
        """Return the streak as it stands on the day `on`."""
        return fold.streak(self.state, self.days, self.timetable, on)


class PillarFacts(NamedTuple):
    """What the database knows of a pillar."""

    id: int
    name: str
    color: str
    icon: str
    xp: int


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


class Count(NamedTuple):
    """How many habits are due on a day, and how many of these are kept."""

    due: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Board:
    """The habits of a user on one day, in the user's order."""

    habits: tuple[HabitFacts, ...]
    today: date

    @classmethod
    def of(cls, habits: Iterable[HabitFacts], today: date) -> "Board":
        """Return the board of the day `today`."""
        return cls(tuple(habits), today)

    @cached_property
    def _due(self) -> list[HabitFacts]:
        return [habit for habit in self.habits if habit.is_due(self.today)]

    @cached_property
    def _counts(self) -> dict[int, Count]:
        counts: dict[int, Count] = {}
        for habit in self._due:
            due, kept = counts.get(habit.pillar_id, _NONE)
            kept += self.today in habit.days
            counts[habit.pillar_id] = Count(due + 1, kept)
        return counts

    @cached_property
    def _by_pillar(self) -> dict[int, list[HabitFacts]]:
        by_pillar: dict[int, list[HabitFacts]] = defaultdict(list)
        for habit in self.habits:
            by_pillar[habit.pillar_id].append(habit)
        return by_pillar

    @cached_property
    def total(self) -> Count:
        """What is due and kept in all pillars."""
        counts = self._counts.values()
        return Count(sum(count.due for count in counts), sum(count.kept for count in counts))

    def count(self, pillar_id: int) -> Count:
        """Return what is due and kept in one pillar."""
        return self._counts.get(pillar_id, _NONE)

    def rows(self, pillar_id: int) -> tuple[HabitRow, ...]:
        """Return the rows of one pillar, in the user's order."""
        return tuple(map(self.row, self._by_pillar.get(pillar_id, ())))

    def habit(self, habit_id: int) -> HabitFacts | None:
        """Return one of the habits, None when it is not among them."""
        return next((habit for habit in self.habits if habit.id == habit_id), None)

    def row(self, habit: HabitFacts) -> HabitRow:
        """Return how one habit stands."""
        due, kept = habit.is_due(self.today), self.today in habit.days
        streak = habit.streak(self.today)
        return HabitRow(
            id=habit.id,
            pillar_id=habit.pillar_id,
            name=habit.name,
            due=due,
            state=DayState.KEPT if kept else DayState.OPEN if due else DayState.IDLE,
            streak=streak.run,
            best=streak.best,
            gain=reward.xp(Effort(habit.effort), streak.paid, self.today, self.today),
        )

    def header(self, pillar: PillarFacts, version: int) -> PillarHeader:
        """Return the head of a pillar at the user's write number `version`."""
        due, kept = self.count(pillar.id)
        return PillarHeader(*pillar, due=due, kept=kept, version=version)

    def card(self, pet: PetFacts, facts: MoodFacts, version: int) -> PetCard:
        """Return the card of the active pet at the user's write number `version`."""
        due, kept = self.total
        mood = self.mood(facts)
        return PetCard(*pet, mood=mood, due=due, kept=kept, version=version)

    def mood(self, facts: MoodFacts) -> Mood:
        """Return the mood of the pet."""
        first_due = min((habit.terms[0] for habit in self._due), default=None)
        since = None if first_due is None else max(first_due, facts.began)
        return mood(
            due=self.total.due,
            kept_due=self.total.kept,
            kept_today=facts.last_kept == self.today,
            asleep=slept_through(since, facts.last_kept, self.today),
            hour=facts.hour,
        )


_NONE = Count()
