"""What the presses of the demo gave: the laws of a commit, applied in memory to one after another.

It keeps the same books as `operations/commits` does in the database, so that nothing in the demo
could not have come from pressing.
"""

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from app.operations.demo.cast import COMPANIONS, ROLES, Area, Role
from app.operations.demo.story import Calendar, Press
from app.rules import finds, fold, moments, reward
from app.rules.schedule import Timetable


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger. `reverses` is the place of the line that it takes back."""

    at: datetime
    role: int
    pet: int
    day: date
    amount: int
    reverses: int | None = None


@dataclass(slots=True)
class Diary:
    """A habit: its kept days with the instants of their commits, and the run celebrated."""

    timetable: Timetable
    days: list[date] = field(default_factory=list)
    kept_at: dict[date, datetime] = field(default_factory=dict)
    milestone: int = 0

    def run(self, day: date) -> int:
        """Return the run that ends on `day`."""
        return fold.streak(fold.nothing(self.timetable), self.days, self.timetable, day).run


@dataclass(slots=True)
class Account:
    """The XP of a pillar or of a pet, the furthest that was celebrated, and a pet's days."""

    xp: int = 0
    days: int = 0
    best_level: int = 1
    best_stage: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A find, and the pet that brought it."""

    pet: int
    number: int
    at: datetime


class Books:
    """The state of the demo's account after each press."""

    def __init__(self, calendar: Calendar, user_id: int) -> None:
        """Open the books of `user_id`, on whom depends what the pets find."""
        self._calendar = calendar
        self._user_id = user_id
        self.lines: list[Line] = []
        self.finds: dict[date, Found] = {}
        self.diaries = [Diary(Timetable.of((self._first_day(role),))) for role in ROLES]
        self.pillars: dict[Area, Account] = defaultdict(Account)
        self.pets = [Account() for _companion in COMPANIONS]
        # The lines that stand: by habit and day, and how many of them gave a pet XP on a day.
        self._standing: dict[tuple[int, date], int] = {}
        self._fed: dict[tuple[int, date], int] = defaultdict(int)

    def enter(self, press: Press) -> None:
        """Enter a press. What it finds is what the app would have found at that instant."""
        if press.keeps:
            self._record(press)
        else:
            self._undo(press)

    def _record(self, press: Press) -> None:
        diary, role = self.diaries[press.role], ROLES[press.role]
        today = self._calendar.day_of(press.at)
        insort(diary.days, press.day)
        diary.kept_at[press.day] = press.at
        run = diary.run(press.day)
        amount = reward.xp(role.effort, run, press.day, today)
        pet = self._leader(today)
        self._standing[press.role, press.day] = len(self.lines)
        self.lines.append(Line(press.at, press.role, pet, press.day, amount))
        self._give(press.role, pet, press.day, amount)
        self._celebrate(press.role, pet)
        if press.day == today:
            self._find(press.at, today, pet)

    def _undo(self, press: Press) -> None:
        diary, place = self.diaries[press.role], self._standing.pop((press.role, press.day))
        given = self.lines[place]
        diary.days.remove(press.day)
        del diary.kept_at[press.day]
        self.lines.append(
            Line(press.at, press.role, given.pet, press.day, -given.amount, reverses=place)
        )
        self._give(press.role, given.pet, press.day, -given.amount)

    def _give(self, role: int, pet: int, day: date, amount: int) -> None:
        self.pillars[ROLES[role].area].xp += amount
        self.pets[pet].xp += amount
        # A day counts for a pet while something of it that earned XP stands.
        fed = self._fed[pet, day]
        self._fed[pet, day] += (amount > 0) - (amount < 0)
        self.pets[pet].days += bool(self._fed[pet, day]) - bool(fed)

    def _celebrate(self, role: int, pet: int) -> None:
        diary, pillar, leader = self.diaries[role], self.pillars[ROLES[role].area], self.pets[pet]
        run = diary.run(diary.days[-1])
        reached = moments.marks(leader.xp, leader.days, pillar.xp, run)
        diary.milestone = max(diary.milestone, reached.milestone)
        pillar.best_level = max(pillar.best_level, reached.pillar)
        leader.best_level = max(leader.best_level, reached.level)
        leader.best_stage = max(leader.best_stage, reached.stage)

    def _find(self, at: datetime, today: date, pet: int) -> None:
        if today in self.finds:
            return
        kept = {place for place, diary in enumerate(self.diaries) if today in diary.kept_at}
        number = self._calendar.number(today)
        due = {place for place, role in enumerate(ROLES) if role.is_open(number)}
        if finds.brings(len(due), len(due & kept), len(kept)):
            self.finds[today] = Found(pet, finds.number(self._user_id, today), at)

    def _leader(self, today: date) -> int:
        number = self._calendar.number(today)
        return max(place for place, pet in enumerate(COMPANIONS) if pet.leads <= number)

    def _first_day(self, role: Role) -> date:
        return self._calendar.day(role.begins)
