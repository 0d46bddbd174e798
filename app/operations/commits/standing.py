"""How things stand for one habit under the lock, and what the screen shows of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from app.operations.owner import Owner
from app.rules import days, finds, moments, mood, reward, streak
from app.rules.moments import Marks, Moment
from app.rules.outcome import Act, HabitRow, Outcome, PetCard, PillarHeader
from app.rules.reward import Effort
from app.rules.schedule import Schedule, Timetable


@dataclass(frozen=True)
class Standing:
    """The read row of a habit, the day acted on, the kept days and the balances.

    A write returns a new standing: under the lock nobody else can move these numbers, so what
    the screen shows is the read plus what was written.
    """

    row: Any
    owner: Owner
    now: datetime
    today: date
    day: date
    timetable: Timetable
    days: list[date]
    pillar_xp: int
    pet_xp: int
    days_kept: int
    version: int

    @classmethod
    def of(cls, row: Any, owner: Owner, now: datetime, day: date) -> "Standing":
        """Return the standing that a row of statements.READ tells."""
        return cls(
            row=row,
            owner=owner,
            now=now,
            today=owner.day_of(now),
            day=day,
            timetable=Timetable((Schedule(row.starts_on),)),
            days=row.days,
            pillar_xp=row.pillar_xp,
            pet_xp=row.pet_xp,
            days_kept=row.days_kept,
            version=owner.version,
        )

    def moved(self, kept_days: list[date], pillar: int, pet: int, pet_days: int) -> "Standing":
        """Return the standing after a write: XP of the pillar and of the active pet, its days."""
        return replace(
            self,
            days=kept_days,
            pillar_xp=self.pillar_xp + pillar,
            pet_xp=self.pet_xp + pet,
            days_kept=self.days_kept + pet_days,
            version=self.version + 1,
        )

    @cached_property
    def replayed(self) -> streak.Streak:
        """The streak that the kept days give."""
        return streak.replay(self.days, self.timetable)

    def marks(self) -> Marks:
        """Return how far pet, pillar and habit are now."""
        return moments.marks(self.pet_xp, self.days_kept, self.pillar_xp, self.replayed.run)

    def find(self) -> int | None:
        """Return the number of what the pet brings for a commit of today, the first time a day."""
        if self.day != self.today or self.row.found:
            return None
        due, kept = self._total
        if not finds.brings(due, kept, self.row.kept_otherwise + 1):
            return None
        return finds.number(self.owner.id, self.today)

    def moments(self) -> tuple[Moment, ...]:
        """Return what this commit brought about, against the marks that were read."""
        row = self.row
        before = Marks(row.best_level, row.best_stage, row.pillar_best, row.milestone)
        due, kept = self._total
        is_last = self.day == self.today and self._due and due == kept
        return moments.passed(before, self.marks(), due if is_last else 0, self.find())

    def outcome(
        self,
        act: Act,
        amount: int = 0,
        *,
        elsewhere: tuple[PillarHeader, ...] = (),
        moments: tuple[Moment, ...] = (),
    ) -> Outcome:
        """Return what the fragments show; `elsewhere` are headers of other pillars that moved."""
        return Outcome(
            act=act,
            day=self.day,
            today=self.today,
            kept=self.day in self.days,
            amount=amount,
            row=self._habit(),
            pillars=(self._pillar(), *elsewhere),
            pet=self._pet(),
            moments=moments,
        )

    @property
    def _due(self) -> bool:
        return not self.row.archived and self.timetable.is_due(self.today)

    @property
    def _kept_due(self) -> bool:
        return self._due and self.today in self.days

    @property
    def _total(self) -> tuple[int, int]:
        """How many habits are due today, and how many of them are kept."""
        return self.row.due + self._due, self.row.kept + self._kept_due

    def _habit(self) -> HabitRow:
        replayed = self.replayed
        run = streak.current(replayed.run, replayed.last_day, self.timetable, self.today)
        return HabitRow(
            id=self.row.habit_id,
            pillar_id=self.row.pillar_id,
            name=self.row.name,
            due=self._due,
            done=self.today in self.days,
            streak=run,
            best=replayed.best,
            gain=reward.xp(Effort(self.row.effort), run + self._due, self.today, self.today),
        )

    def _pillar(self) -> PillarHeader:
        return PillarHeader(
            id=self.row.pillar_id,
            name=self.row.pillar_name,
            color=self.row.color,
            icon=self.row.icon,
            xp=self.pillar_xp,
            due=self.row.pillar_due + self._due,
            kept=self.row.pillar_kept + self._kept_due,
            version=self.version,
        )

    def _pet(self) -> PetCard:
        due, kept = self._total
        return PetCard(
            id=self.row.pet_id,
            name=self.row.pet_name,
            species=self.row.species,
            coat=self.row.coat,
            xp=self.pet_xp,
            days_kept=self.days_kept,
            mood=self._mood(due, kept),
            due=due,
            kept=kept,
            version=self.version,
        )

    def _mood(self, due: int, kept: int) -> mood.Mood:
        kept_days = [
            self.row.last_kept_otherwise,
            self.day if self.day in self.days and self.day <= self.today else None,
        ]
        last_kept = max((kept_day for kept_day in kept_days if kept_day), default=None)
        first_due = min(filter(None, (self.row.first_due, self.timetable.starts_on)))
        since = max(first_due, self.owner.day_of(self.owner.created_at))
        return mood.mood(
            due=due,
            kept_due=kept,
            kept_today=last_kept == self.today,
            asleep=mood.slept_through(since, last_kept, self.today),
            hour=days.local_hour(self.now, self.owner.timezone),
        )
