"""Moments: what a commit can bring about that is worth a word.

Levels, stages and runs are celebrated once ever, and a find comes once a day. That all is kept is
said whenever the last of the day is kept, so after an undo too.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from app.rules import levels

# Runs, in occasions, that are celebrated.
MILESTONES = (7, 30, 100, 365, 1000)

_STAGES = tuple(levels.Stage)


class Occasion(StrEnum):
    """What happened, the weightiest first: only the first one moves the picture."""

    HATCH = "hatch"
    STAGE = "stage"
    ALL_KEPT = "all-kept"
    LEVEL = "level"
    MILESTONE = "milestone"
    PILLAR = "pillar"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class Moment:
    """An occasion and its number: the level, stage (its place in Stage), run, count or find."""

    occasion: Occasion
    number: int


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
