"""The board of a day: what is due, what is kept, how each habit stands, and the pet's mood.

It is the one place that decides these. The database gives facts, and whoever shows a day, or
answers a press, asks a board made of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from app.rules import asking, away, collecting, fold, reward, strength
from app.rules.facts import HabitFacts, MoodFacts, OtherFacts, PetFacts, PillarFacts
from app.rules.mood import DAYS_AWAKE, Mood, mood
from app.rules.outcome import Counted, DayState, HabitRow, PetCard, PillarHeader
from app.rules.resting import Span
from app.rules.rests import NONE, Rests
from app.rules.reward import Effort
from app.rules.schedule import Kind, Term, Timetable
from app.rules.states import History, OnDay
from app.rules.totals import Total
from app.rules.weeks import MONDAYS, Weeks

_ONE_DAY = timedelta(days=1)
# In so many days a figure for strength would say more of the beginning than of the habit.
YOUNG = 7


class Count(NamedTuple):
    """How many habits a day counts, and how many of these are kept."""

    due: int = 0
    kept: int = 0


class _Counted(NamedTuple):
    """A habit that a day counts, being due or kept."""

    pillar_id: int
    is_due: bool
    is_kept: bool


@dataclass(frozen=True)
class Board:
    """The `habits` of a user on one day that may be shown, in the user's order.

    The `others` count as they do, and no row shows them: a press shows one habit alone.
    """

    habits: tuple[HabitFacts, ...]
    today: date
    weeks: Weeks = MONDAYS
    rests: Rests = NONE
    others: tuple[OtherFacts, ...] = ()

    @classmethod
    def of(
        cls,
        habits: Iterable[HabitFacts],
        today: date,
        weeks: Weeks = MONDAYS,
        rests: Rests = NONE,
        others: Iterable[OtherFacts] = (),
    ) -> "Board":
        """Return the board of the day `today`."""
        return cls(tuple(habits), today, weeks, rests, tuple(others))

    @cached_property
    def _shown(self) -> dict[int, OnDay]:
        return {}

    @cached_property
    def _histories(self) -> dict[int, tuple[HabitFacts | OtherFacts, History]]:
        return {}

    @cached_property
    def _counted(self) -> Sequence[_Counted]:
        """What the day counts: all that is due or kept."""
        today = self.today
        shown = (
            _Counted(habit.pillar_id, self.is_due(habit), today in habit.days)
            for habit in self.habits
            if not habit.is_archived
        )
        others = (
            _Counted(habit.pillar_id, self._was_due(habit, today), today in habit.days)
            for habit in self.others
        )
        return [one for one in (*shown, *others) if one.is_due or one.is_kept]

    @cached_property
    def _by_pillar(self) -> dict[int, list[HabitFacts]]:
        by_pillar: dict[int, list[HabitFacts]] = defaultdict(list)
        for habit in self.habits:
            by_pillar[habit.pillar_id].append(habit)
        return by_pillar

    @cached_property
    def total(self) -> Count:
        """What is due or kept, and what is kept, in all pillars."""
        return _count(self._counted)

    @cached_property
    def due(self) -> Count:
        """How many habits are due, and how many of these are kept."""
        return _count([one for one in self._counted if one.is_due])

    def is_due(self, habit: HabitFacts) -> bool:
        """Tell whether the habit is due, kept already or not."""
        return not habit.is_archived and self.shown(habit).due

    def began(self, joined: date) -> date:
        """Return the first day that has a board, for a user who joined on the day `joined`.

        It is that of the oldest habit, where that is earlier; never one ahead.
        """
        return min((joined, self.today, *(habit.timetable.starts_on for habit in self._all)))

    def count(self, pillar_id: int) -> Count:
        """Return what is due or kept, and what is kept, in one pillar."""
        return _count([one for one in self._counted if one.pillar_id == pillar_id])

    def rows(self, pillar_id: int) -> tuple[HabitRow, ...]:
        """Return the rows of one pillar, in the user's order."""
        return tuple(map(self.row, self._by_pillar.get(pillar_id, ())))

    def strength(self, pillar_id: int) -> int | None:
        """Return the strength of one pillar in hundredths: the mean of its habits'.

        What is archived or has not begun is left out. It is None until a week after the first.
        """
        habits = [
            habit
            for habit in self._by_pillar.get(pillar_id, ())
            if not habit.is_archived and habit.timetable.starts_on <= self.today
        ]
        first = min((habit.timetable.starts_on for habit in habits), default=self.today)
        if (self.today - first).days < YOUNG:
            return None
        return strength.mean([self.shown(habit).strength for habit in habits])

    def habit(self, habit_id: int) -> HabitFacts | None:
        """Return one of the habits, None when it is not among them."""
        return next((habit for habit in self.habits if habit.id == habit_id), None)

    def history(self, habit: HabitFacts | OtherFacts) -> History:
        """Return what is known of the days of one habit; worked out once."""
        known = self._histories.get(habit.id)
        if known is None or known[0] is not habit:
            known = self._histories[habit.id] = (habit, habit.history(self.weeks, self.rests))
        return known[1]

    def on_day(self, habit: HabitFacts, day: date | None = None) -> OnDay:
        """Return how one habit stands on `day` (None: today), which its fold has not closed."""
        return fold.on_day(habit.state, self.history(habit), day or self.today)

    def shown(self, habit: HabitFacts) -> OnDay:
        """Return how one habit stands on the day of the board; worked out once."""
        shown = self._shown.get(habit.id)
        if shown is None:
            shown = self._shown[habit.id] = self.on_day(habit)
        return shown

    def row(self, habit: HabitFacts) -> HabitRow:
        """Return how one habit stands."""
        today, is_archived = self.today, habit.is_archived
        shown = self.shown(habit)
        kept, due = today in habit.days, shown.due and not is_archived
        asked, timetable = shown.asked and not is_archived, habit.timetable
        if kept:
            state = DayState.KEPT
        elif asked:
            state = DayState.OPEN
        else:
            state = DayState.RESTING if shown.resting else DayState.IDLE
        row = HabitRow(
            habit.id, habit.pillar_id, habit.name, due, state, shown.run, shown.best,
            reward.xp(Effort(habit.effort), shown.span, today, today),
            asked, shown.shields, strength.percent(shown.strength),
            (today - timetable.starts_on).days < YOUNG,
        )  # fmt: skip
        if timetable.is_plain:
            return row._replace(held=today - _ONE_DAY) if shown.held else row
        return self._with_terms(row, habit, shown)

    def _with_terms(self, row: HabitRow, habit: HabitFacts, shown: OnDay) -> HabitRow:
        today, history = self.today, self.history(habit)
        term, counted, state = history.timetable.term(today), None, row.state
        if term.kind is not Kind.CHECK:
            counted = self._amounts(history, term)
            is_partial = term.kind is Kind.AT_LEAST and state is DayState.OPEN and counted.own > 0
            state = DayState.PARTIAL if is_partial else state
        needed = None if counted else shown.needed
        tally = None if needed is None else (shown.tally or 0) + row.done
        return row._replace(
            state=state,
            needed=needed,
            tally=tally,
            counted=counted,
            schedule=term.schedule,
            held=today - _ONE_DAY if shown.held else None,
        )

    def _amounts(self, history: History, term: Term) -> Counted:
        total = Total.of(history, self.today)
        return Counted(
            term.kind,
            fold.amount(history, self.today),
            total.term.target,
            term.step,
            term.unit,
            history.amounts.get(self.today, 0),
            total.kept_on is not None and total.is_met,
            self._quiet_days(history),
        )

    def _quiet_days(self, history: History) -> int:
        return len(collecting.quiet_days(history, self.today))

    def header(self, pillar: PillarFacts, version: int) -> PillarHeader:
        """Return the head of a pillar at the user's write number `version`."""
        due, kept = self.count(pillar.id)
        is_done = due == kept and any(
            one.is_due for one in self._counted if one.pillar_id == pillar.id
        )
        return PillarHeader(*pillar, due=due, kept=kept, version=version, is_done=is_done)

    def card(self, pet: PetFacts, facts: MoodFacts, version: int) -> PetCard:
        """Return the card of the active pet at the user's write number `version`."""
        due, kept = self.total
        mood = self.mood(facts)
        return PetCard(*pet, mood=mood, due=due, kept=kept, version=version)

    def mood(self, facts: MoodFacts) -> Mood:
        """Return the mood of the pet."""
        return mood(
            due=self.due.due,
            kept_due=self.due.kept,
            kept_today=facts.last_kept == self.today,
            asleep=self._is_asleep(facts),
            hour=facts.hour,
        )

    def _is_asleep(self, facts: MoodFacts) -> bool:
        """Tell whether everything rests, or the last days with something due passed quietly."""
        if self.rests.rests and self.rests.of_all().covers(self.today):
            return True
        # A day with something on it is no quiet one, kept or not.
        seen = [facts.last_kept, *(habit.counted_on for habit in self._all)]
        since = max(facts.began, max(filter(None, seen), default=date.min) + _ONE_DAY)
        rests = self.rests.of_all()
        return len(away.newest(DAYS_AWAKE, since, self.today, rests, self._had_due)) == DAYS_AWAKE

    def days_away(self, since: date) -> Span | None:
        """Return the days away up to yesterday; nothing was kept on the day `since` and later."""
        return away.stretch(since, self.today, self.rests.of_all(), self._had_due)

    def _had_due(self, day: date) -> bool:
        return any(
            self._was_due(habit, day) for habit in self.habits if not habit.is_archived
        ) or any(self._was_due(habit, day) for habit in self.others)

    def _was_due(self, habit: HabitFacts | OtherFacts, day: date) -> bool:
        # Of two hundred habits, and of a hundred days where the pet may be asleep: most need no
        # history for it.
        if self.rests.quiet(habit.id, habit.pillar_id).covers(day):
            return False
        due = _is_due_alone(habit.terms, day)
        return fold.is_due(self.history(habit), day, habit.state) if due is None else due

    @property
    def _all(self) -> tuple[HabitFacts | OtherFacts, ...]:
        return (*self.habits, *self.others)


# Most habits of a day began on the same few days.
@lru_cache(maxsize=4096)
def _is_due_alone(terms: str, day: date) -> bool | None:
    return asking.is_due_alone(Timetable.of(terms), day)


def _count(counted: Sequence[_Counted]) -> Count:
    return Count(len(counted), sum(one.is_kept for one in counted))
