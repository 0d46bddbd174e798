"""How things stand for one habit under the lock, and what the screen shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from app.operations.commits.pressed import Pressed
from app.operations.owner import Owner
from app.rules import days, finds, fold, moments
from app.rules.board import Board
from app.rules.facts import HabitFacts, MoodFacts, OtherFacts, PetFacts, PillarFacts
from app.rules.identity import Actor
from app.rules.moments import Keepsake, Marks, Moment, Subjects
from app.rules.outcome import Act, Outcome, PillarHeader
from app.rules.press import Press
from app.rules.rests import Rests
from app.rules.schedule import Kind, Term
from app.rules.states import Fold
from app.rules.totals import Total
from app.rules.weeks import weeks_of


@dataclass(frozen=True)
class Standing:
    """The habit that is pressed among the user's others, the day acted on, and the balances.

    A write returns a new standing: under the lock nobody else can move these numbers, so what
    the screen shows is what was read plus what was written. `row` stays as it was read; what it
    tells of the amounts of the day acted on stands beside it, for a commit on another day may have
    to go, and that is another row.
    """

    row: Pressed
    actor: Actor
    owner: Owner
    now: datetime
    day: date
    press: Press
    route: str
    newest_id: int | None
    counted_otherwise: date | None
    habit: HabitFacts
    others: tuple[OtherFacts, ...]
    pillar: PillarFacts
    pet: PetFacts
    version: int

    @classmethod
    def of(
        cls,
        row: Pressed,
        others: Sequence[OtherFacts],
        actor: Actor,
        owner: Owner,
        now: datetime,
        day: date,
        press: Press,
        route: str,
    ) -> "Standing":
        """Return the standing that the `row` of the pressed habit and the `others` tell."""
        return cls(
            row=row,
            actor=actor,
            owner=owner,
            now=now,
            day=day,
            press=press,
            route=route,
            newest_id=row.newest_id,
            counted_otherwise=row.counted_otherwise,
            habit=row.habit,
            others=tuple(others),
            pillar=row.pillar,
            pet=row.pet,
            version=owner.version,
        )

    def after(
        self,
        kept: Sequence[date],
        pillar: int = 0,
        pet: int = 0,
        pet_days: int = 0,
        more: int = 0,
    ) -> "Standing":
        """Return the standing after a write: the days of the habit, as far as they are read,
        what pillar and active pet have won by it: XP, XP, and days; and `more` thousandths."""
        habit = self.habit._replace(days=kept)
        if more:
            habit = habit.added(self.day, more, self.counted_otherwise)
        return replace(
            self,
            habit=habit,
            pillar=self.pillar._replace(xp=self.pillar.xp + pillar),
            pet=self.pet._replace(xp=self.pet.xp + pet, days_kept=self.pet.days_kept + pet_days),
            version=self.version + 1,
        )

    @property
    def today(self) -> date:
        """The user's day."""
        return self.board.today

    @property
    def is_kept(self) -> bool:
        """Is the habit kept on the day that is acted on?"""
        return self.day in self.habit.days

    @property
    def term(self) -> Term:
        """What is asked for on that day."""
        return self.habit.timetable.term(self.day)

    @property
    def counts(self) -> bool:
        """Is an amount counted on that day?"""
        return self.term.kind is not Kind.CHECK

    @property
    def total(self) -> Total:
        """The amounts of that day, or of its week or month."""
        return Total.of(self.board.history(self.habit), self.day)

    @cached_property
    def board(self) -> Board:
        """The board of today."""
        weeks = weeks_of(self.owner.week_anchors)
        rests, today = Rests.of(self.row.rests), self.owner.day_of(self.now)
        return Board.of((self.habit,), today, weeks, rests, self.others)

    def closed(self) -> Fold:
        """Return the fold of the habit through the newest day that is closed for good."""
        habit = self.habit
        through = fold.closes(self.today, habit.timetable, self.board.weeks)
        return fold.advance(habit.state, self.board.history(habit), through)

    def marks(self) -> Marks:
        """Return how far pet, pillar and habit are now; the habit by the run that is its newest."""
        run = self.board.on_day(self.habit, self.habit.days[-1]).run
        return moments.marks(self.pet.xp, self.pet.days_kept, self.pillar.xp, run)

    @property
    def celebrated(self) -> Marks:
        """How far pet, pillar and habit were celebrated, as it was read."""
        row = self.row
        return Marks(row.best_level, row.best_stage, row.pillar_best, row.milestone)

    def find(self) -> int | None:
        """Return the number of what the pet brings for a commit of today, the first time a day."""
        if self.day != self.today or self.row.has_find:
            return None
        if not finds.brings(*self.board.due, self.row.kept_otherwise + 1):
            return None
        return finds.number(self.owner.id, self.today)

    def moments(self) -> tuple[Moment, ...]:
        """Return what this commit brought about, against the marks that were read."""
        due, kept = self.board.due
        is_last = self.day == self.today and self.board.is_due(self.habit) and due == kept
        return moments.passed(self.celebrated, self.marks(), due if is_last else 0, self.find())

    def keepsakes(self, told: Sequence[Moment]) -> Sequence[Keepsake]:
        """Return what is stored of the moments `told`."""
        if not told:
            return ()
        habit, pillar = self.habit, self.pillar
        of = Subjects(self.pet.id, pillar.id, habit.id, pillar.name, habit.name)
        return moments.keepsakes(told, self.celebrated, of, self.today)

    def outcome(
        self,
        act: Act,
        amount: int = 0,
        *,
        elsewhere: PillarFacts | None = None,
        moments: tuple[Moment, ...] = (),
    ) -> Outcome:
        """Return what the fragments show; `elsewhere` is another pillar that gave XP back."""
        return Outcome(
            act=act,
            day=self.day,
            today=self.today,
            kept=self.is_kept,
            amount=amount,
            row=self.board.row(self.habit),
            pillars=self._headers(elsewhere),
            pet=self.board.card(self.pet, self._mood_facts(), self.version),
            moments=moments,
            began=self.board.began(self._joined),
        )

    @property
    def _joined(self) -> date:
        return self.owner.day_of(self.owner.created_at)

    def _headers(self, elsewhere: PillarFacts | None) -> tuple[PillarHeader, ...]:
        pillars = (self.pillar, elsewhere) if elsewhere else (self.pillar,)
        return tuple(self.board.header(pillar, self.version) for pillar in pillars)

    def _mood_facts(self) -> MoodFacts:
        kept = [self.row.last_kept_otherwise]
        if self.is_kept and self.day <= self.today:
            kept.append(self.day)
        return MoodFacts(
            began=self._joined,
            last_kept=max(filter(None, kept), default=None),
            hour=days.local_hour(self.now, self.owner.timezone),
        )
