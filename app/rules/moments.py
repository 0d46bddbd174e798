"""Moments: what a commit can bring about that is worth a word.

Levels, stages and runs are celebrated once ever, and a find comes once a day. That all is kept is
said whenever the last of the day is kept, so after an undo too. What was celebrated is stored as
keepsakes, for the shelf.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.rules import levels

# Runs, in occasions, that are celebrated; those from _RARE on are as rare as a stage.
MILESTONES = (7, 30, 100, 365, 1000)
_RARE = 100
# The days with all kept that have a place of their own on the shelf, by their count.
COUNTS = (1, 10, 50, 100, 200, 365, 500, 1000, 2000, 3650)

# A habit that has taken root is stored as this milestone, which no run reaches: a worker of the
# version before reads it without a fault, and would stumble over an occasion that it knows not.
_ROOTED = 0

_STAGES = tuple(levels.Stage)


class Occasion(StrEnum):
    """What happened, the weightiest first: only the first one moves the picture."""

    HATCH = "hatch"
    STAGE = "stage"
    SPECIES = "species"
    ROOTED = "rooted"
    ALL_KEPT = "all-kept"
    LEVEL = "level"
    MILESTONE = "milestone"
    PILLAR = "pillar"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class Moment:
    """An occasion and its number: the level, stage (its place in Stage), run, count or find.

    Of a new species the number is its place in SPECIES.
    """

    occasion: Occasion
    number: int

    @property
    def is_rare(self) -> bool:
        """Does it happen so seldom that it gets a scene of its own?"""
        if self.occasion is Occasion.MILESTONE:
            return self.number >= _RARE
        return self.occasion in {
            Occasion.HATCH,
            Occasion.STAGE,
            Occasion.SPECIES,
            Occasion.ROOTED,
        }


class Keepsake(NamedTuple):
    """A moment as it is stored for the shelf.

    `subject` is the id of the pet, pillar or habit that it is of, `label` the name of the pillar
    or habit as it was: those may be deleted, and the moment stays. A day with all kept is nobody's
    (0), and its number is the day itself as an ordinal.
    """

    occasion: Occasion
    subject: int
    number: int
    label: str = ""


class Subjects(NamedTuple):
    """Whose moments a commit can bring about, by id and name."""

    pet: int
    pillar: int
    habit: int
    pillar_name: str = ""
    habit_name: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The furthest that pet, pillar and habit ever were, as far as it was celebrated."""

    level: int
    stage: int
    pillar: int
    milestone: int


def marks(pet_xp: int, pet_days: int, pillar_xp: int, run: int) -> Marks:
    """Return how far pet, pillar and habit are: XP, days kept with the pet, and the run."""
    level = levels.level(pet_xp)
    return Marks(
        level=level,
        stage=_STAGES.index(levels.stage(level, pet_days)),
        pillar=levels.level(pillar_xp),
        milestone=milestone(run),
    )


def milestone(run: int) -> int:
    """Return the longest celebrated run within `run`, 0 for none."""
    place = bisect_right(MILESTONES, run)
    return MILESTONES[place - 1] if place else 0


def passed(
    before: Marks, now: Marks, all_kept: int = 0, find: int | None = None
) -> tuple[Moment, ...]:
    """Return the moments that lead from the marks `before` to those of `now`, weightiest first.

    `all_kept` is how many habits were due today when the last of them was kept, else 0; `find`
    the number of what the pet brings, if it does.
    """
    reached = [
        (Occasion.HATCH, now.stage if before.stage == 0 < now.stage else 0),
        (Occasion.STAGE, now.stage if 0 < before.stage < now.stage else 0),
        (Occasion.ALL_KEPT, all_kept),
        (Occasion.LEVEL, now.level if now.level > before.level else 0),
        (Occasion.MILESTONE, now.milestone if now.milestone > before.milestone else 0),
        (Occasion.PILLAR, now.pillar if now.pillar > before.pillar else 0),
    ]
    moments = tuple(Moment(occasion, number) for occasion, number in reached if number)
    return moments if find is None else (*moments, Moment(Occasion.FIND, find))


def keepsakes(
    told: Iterable[Moment], before: Marks, of: Subjects, today: date
) -> tuple[Keepsake, ...]:
    """Return what is stored of the moments `told` that a commit of `today` brought about.

    What was passed on the way from the marks `before` is stored too: a gap that is filled can make
    a run of 40 out of one of 3, and that holds 7 in a row.
    """
    return tuple(kept for moment in told for kept in _keepsakes(moment, before, of, today))


def _keepsakes(moment: Moment, before: Marks, of: Subjects, today: date) -> list[Keepsake]:
    occasion, number = moment.occasion, moment.number
    match occasion:
        case Occasion.HATCH | Occasion.STAGE:
            steps = range(before.stage + 1, number + 1)
            return [Keepsake(_stage(step), of.pet, step) for step in steps]
        case Occasion.LEVEL:
            return [Keepsake(occasion, of.pet, n) for n in range(before.level + 1, number + 1)]
        case Occasion.PILLAR:
            steps = range(before.pillar + 1, number + 1)
            return [Keepsake(occasion, of.pillar, step, of.pillar_name) for step in steps]
        case Occasion.MILESTONE:
            runs = [run for run in MILESTONES if before.milestone < run <= number]
            return [Keepsake(occasion, of.habit, run, of.habit_name) for run in runs]
        case Occasion.ALL_KEPT:
            return [Keepsake(occasion, 0, today.toordinal())]
    # Finds have an album of their own, and a new species comes with an egg.
    return []


def rooted(habit_id: int, name: str) -> Keepsake:
    """Return what is stored when a habit takes root."""
    return Keepsake(Occasion.MILESTONE, habit_id, _ROOTED, name)


def occasion(stored: str, number: int) -> Occasion:
    """Return the occasion of a moment that is stored as `stored` with this number."""
    is_rooted = stored == Occasion.MILESTONE and number == _ROOTED
    return Occasion.ROOTED if is_rooted else Occasion(stored)


def _stage(step: int) -> Occasion:
    return Occasion.HATCH if step == 1 else Occasion.STAGE


def holds(number: int, reached: int | None) -> bool:
    """Tell whether a stored level, stage or run is shown on the shelf.

    `reached` is how far its pet, pillar or habit is now, or was at best where that is a run; None
    when it is gone. What an undo has lowered is hidden until it is reached again, and keeps the
    day on which it was told: it is told once ever.
    """
    return reached is None or number <= reached
