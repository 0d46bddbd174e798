"""The books of a history: what presses of the past earn, entered one after another.

They are kept by the laws of a commit and of an undo, in memory, so that many days can be written
at once and nothing in them could not have come from pressing.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.rules import finds, moments, reward
from app.rules.diary import Diary
from app.rules.fold import is_due
from app.rules.moments import Keepsake, Marks, Subjects
from app.rules.rests import NEVER, Quiet
from app.rules.reward import Effort
from app.rules.schedule import Timetable


class PastPress(NamedTuple):
    """At the instant `at`, in the user's day `today`, a habit is kept on `day`, or taken back."""

    at: datetime
    today: date
    habit: int
    day: date
    keeps: bool = True


class PastAmount(NamedTuple):
    """At the instant `at`, an amount, in thousandths, is added to a day of a habit."""

    at: datetime
    habit: int
    day: date
    amount: int


class HabitTerms(NamedTuple):
    """What the presses on a habit depend on; it rests on the days of `quiet`."""

    pillar: int
    effort: Effort
    timetable: Timetable
    quiet: Quiet = NEVER


class Leader(NamedTuple):
    """A pet that is the active one from the instant `since` until the next one is."""

    since: datetime
    pet: int


class Line(NamedTuple):
    """A line of the ledger. `reverses` is the place of the line that it takes back."""

    at: datetime
    habit: int
    pillar: int
    pet: int
    day: date
    amount: int
    reverses: int | None = None


class Found(NamedTuple):
    """A find: the pet that brought it, its number, and when."""

    pet: int
    number: int
    at: datetime


class Count(NamedTuple):
    """How many habits are due on a day, how many of these are kept, and how many at all."""

    due: int = 0
    kept_due: int = 0
    kept: int = 0


@dataclass(slots=True)
class Balance:
    """The XP of a pillar or of a pet, the furthest that was celebrated, and a pet's days."""

    xp: int = 0
    days: int = 0
    best_level: int = 1
    best_stage: int = 0


class Books:
    """The account of a user after each press.

    `lines` are those of the ledger and `amounts` what was counted, each in order.
    """

    def __init__(
        self, user_id: int, habits: Mapping[int, HabitTerms], leaders: Sequence[Leader]
    ) -> None:
        """Open the books of a user without a history, on whom depends what the pets find.

        `habits` are by id; `leaders` come in order, the first before every press.
        """
        self._user_id = user_id
        self._habits = habits
        self._leaders = leaders
        self.lines: list[Line] = []
        self.amounts: list[PastAmount] = []
        self.finds: dict[date, Found] = {}
        # What was celebrated, with the user's day and the instant of the press.
        self.keepsakes: dict[Keepsake, tuple[date, datetime]] = {}
        self.diaries = {
            id_: Diary.empty(terms.timetable, terms.quiet) for id_, terms in habits.items()
        }
        self.pillars: dict[int, Balance] = defaultdict(Balance)
        self.pets: dict[int, Balance] = defaultdict(Balance)
        # The lines that stand: by habit and day, and how many of them gave a pet XP on a day.
        self._standing: dict[tuple[int, date], int] = {}
        self._fed: dict[tuple[int, date], int] = defaultdict(int)
        # What a day of a habit had earned when it was taken back last.
        self._taken: dict[tuple[int, date], int] = {}

    def enter(self, press: PastPress) -> None:
        """Enter a press that comes after all others; one that finds its work done does nothing.

        The day lies in those on which the habit can be kept, and the habit is not put away.
        """
        diary = self.diaries[press.habit]
        if press.keeps == (press.day in diary.kept_at):
            return
        if press.keeps:
            self._record(press, diary)
        else:
            self._undo(press, diary)
        diary.close(press.today)

    def add(self, added: PastAmount) -> None:
        """Enter an amount that comes after all others; a press of its own says what it keeps."""
        self.amounts.append(added)
        self.diaries[added.habit].add(added.day, added.amount)

    def _record(self, press: PastPress, diary: Diary) -> None:
        at, today, habit, day, _keeps = press
        terms = self._habits[habit]
        diary.keep(day, at)
        shown, pet = diary.on_day(day), self._leader(at)
        amount = reward.xp(terms.effort, shown.span, day, today, self._taken.get((habit, day), 0))
        self._standing[habit, day] = len(self.lines)
        self._give(Line(at, habit, terms.pillar, pet, day, amount))
        newest = diary.open_days[-1]
        count = self._count(today) if day == today else Count()
        is_last = shown.due and 0 < count.due <= count.kept_due
        run = shown.run if day == newest else diary.on_day(newest).run
        self._celebrate(press, pet, run, is_last)
        if day == today and today not in self.finds and finds.brings(*count):
            self.finds[today] = Found(pet, finds.number(self._user_id, today), at)

    def _undo(self, press: PastPress, diary: Diary) -> None:
        diary.take_back(press.day)
        place = self._standing.pop((press.habit, press.day))
        given = self.lines[place]
        self._taken[press.habit, press.day] = given.amount
        self._give(given._replace(at=press.at, amount=-given.amount, reverses=place))

    def _give(self, line: Line) -> None:
        self.lines.append(line)
        pet, fed, amount = self.pets[line.pet], self._fed[line.pet, line.day], line.amount
        self.pillars[line.pillar].xp += amount
        pet.xp += amount
        # A day counts for a pet while something of it that earned XP stands.
        feeds = fed + (amount > 0) - (amount < 0)
        self._fed[line.pet, line.day] = feeds
        pet.days += bool(feeds) - bool(fed)

    def _celebrate(self, press: PastPress, pet_id: int, run: int, is_last: bool) -> None:
        pillar_id, diary = self._habits[press.habit].pillar, self.diaries[press.habit]
        pillar, pet = self.pillars[pillar_id], self.pets[pet_id]
        before = Marks(pet.best_level, pet.best_stage, pillar.best_level, diary.milestone)
        reached = moments.marks(pet.xp, pet.days, pillar.xp, run)
        told = moments.passed(before, reached, int(is_last))
        of = Subjects(pet_id, pillar_id, press.habit)
        for keepsake in moments.keepsakes(told, before, of, press.today):
            self.keepsakes.setdefault(keepsake, (press.today, press.at))
        diary.milestone = max(diary.milestone, reached.milestone)
        pillar.best_level = max(pillar.best_level, reached.pillar)
        pet.best_level = max(pet.best_level, reached.level)
        pet.best_stage = max(pet.best_stage, reached.stage)

    def _count(self, today: date) -> Count:
        kept = {id_ for id_, diary in self.diaries.items() if today in diary.kept_at}
        due = {id_ for id_, diary in self.diaries.items() if is_due(diary.history, today)}
        return Count(len(due), len(due & kept), len(kept))

    def _leader(self, at: datetime) -> int:
        return self._leaders[bisect_right(self._leaders, at, key=_since) - 1].pet


def _since(leader: Leader) -> datetime:
    return leader.since
