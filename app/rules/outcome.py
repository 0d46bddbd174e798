"""The shapes that the screen shows, shared by a whole page and by the answer to a commit.

A page is read by a query, a fragment follows a write; both fill the same frozen shapes, so that
both are drawn by the same partials and a commit needs no query after it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from app.rules import levels
from app.rules.levels import Progress, Stage
from app.rules.moments import Moment, Occasion
from app.rules.mood import Mood


class DayState(StrEnum):
    """How a habit stands on a day: it is asked for and open, or kept, or rests, or asks nothing.

    Partial is one that is asked for and has some of its amount.
    """

    OPEN = "open"
    PARTIAL = "partial"
    KEPT = "kept"
    RESTING = "resting"
    IDLE = "idle"


class Counted(NamedTuple):
    """An amount as a row shows it: what there is of the `target`, and what a press adds.

    All are whole thousandths of `unit`; `kind` is that of the term. `own` is what the day itself
    has of it. `is_met` tells that the day, or its week or month, has its commit and its target.
    `quiet` days, weeks or months stayed within the limit and wait to be collected.
    """

    kind: str
    amount: int
    target: int
    step: int
    unit: str
    own: int = 0
    is_met: bool = False
    quiet: int = 0

    @property
    def is_limit(self) -> bool:
        """Is it an amount that should not be exceeded?"""
        return self.kind == "at_most"

    @property
    def is_over(self) -> bool:
        """Is there more than should be?"""
        return self.is_limit and self.amount > self.target

    @property
    def reaches(self) -> bool:
        """Is a press going to keep it?"""
        return not self.is_limit and not self.is_met and self.amount + self.step >= self.target

    @property
    def share(self) -> int:
        """How much of its ring is full, in hundredths; one that is a limit drains."""
        return self._share(self.amount)

    @property
    def next_share(self) -> int:
        """How much of the ring is full after a press."""
        return self._share(self.amount + self.step)

    def _share(self, amount: int) -> int:
        used = min(100, 100 * amount // self.target) if self.target else 100 * (amount > 0)
        return 100 - used if self.is_limit else used


class HabitRow(NamedTuple):
    """One habit as a row of a day: `streak` is the run as it stands on that day.

    `due` tells whether it must be done on that day, kept or not; `asked` whether it stands among
    what is open. `strength` is in hundredths, and `is_young` for a week, in which it says little.
    `tally` of the `needed` days of a week or month are kept, None for other schedules. `held`
    is yesterday, if a shield held what it missed. `gain` is the XP that a commit on that day is
    going to earn.
    """

    id: int
    pillar_id: int
    name: str
    due: bool
    state: DayState
    streak: int
    best: int
    gain: int
    asked: bool = False
    shields: int = 1
    strength: int = 0
    is_young: bool = True
    needed: int | None = None
    tally: int | None = None
    counted: Counted | None = None
    schedule: str = "daily"
    held: date | None = None

    @property
    def is_open(self) -> bool:
        """Does it stand among the rows of the day, rather than folded away?"""
        is_limit = self.counted is not None and self.counted.is_limit
        return self.asked or self.done or (is_limit and self.state is not DayState.RESTING)

    @property
    def done(self) -> bool:
        """Is the habit kept on that day?"""
        return self.state is DayState.KEPT


@dataclass(frozen=True, slots=True)
class PillarHeader:
    """A pillar with its XP, and how much of what is due today is kept.

    It `is_done` when something was due and all of it is kept.
    """

    id: int
    name: str
    color: str
    icon: str
    xp: int
    is_folded: bool
    due: int
    kept: int
    version: int
    is_done: bool = False

    @property
    def left(self) -> int:
        """How much is due and not kept yet."""
        return self.due - self.kept

    @property
    def progress(self) -> Progress:
        """Level, and the XP inside it."""
        return levels.progress(self.xp)


@dataclass(frozen=True)
class PetCard:
    """The active pet and the day's total ("3 of 12 kept"); `name` is empty until it is given."""

    id: int
    name: str
    species: str
    coat: str
    xp: int
    days_kept: int
    mood: Mood
    due: int
    kept: int
    version: int

    @cached_property
    def progress(self) -> Progress:
        """Level, and the XP inside it."""
        return levels.progress(self.xp)

    @cached_property
    def stage(self) -> Stage:
        """How far it has grown."""
        return levels.stage(self.progress.level, self.days_kept)

    @property
    def cracks(self) -> int:
        """How many cracks its egg shows."""
        return levels.cracks(self.xp)


class Act(StrEnum):
    """What a press did in the end. Added and taken are of an amount alone, collected of days."""

    KEPT = "kept"
    UNDONE = "undone"
    UNCHANGED = "unchanged"
    ADDED = "added"
    TAKEN = "taken"
    COLLECTED = "collected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that the fragments of a commit or an undo show.

    `day` is the day acted on, `today` the user's day now; `row` is the habit as of today.
    `kept` tells whether the habit is now kept on `day`, `amount` the XP given or taken back.
    `pillars` are the headers whose numbers may have changed: the habit's own pillar first.
    `moments` are what is celebrated, the weightiest first; an undo celebrates nothing. `began` is
    the first day that has a board, None where that is not told.
    """

    act: Act
    day: date
    today: date
    kept: bool
    amount: int
    row: HabitRow
    pillars: tuple[PillarHeader, ...]
    pet: PetCard
    moments: tuple[Moment, ...] = ()
    began: date | None = None

    @property
    def find(self) -> int | None:
        """The number of what the pet brought for this commit, if it did."""
        last = self.moments[-1] if self.moments else None
        return last.number if last and last.occasion is Occasion.FIND else None
