"""Levels and stages: one curve for pets and pillars."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import isqrt
from typing import NamedTuple


class Stage(StrEnum):
    """How far a pet has grown."""

    EGG = "egg"
    HATCHLING = "hatchling"
    YOUNG = "young"
    GROWN = "grown"
    MAJESTIC = "majestic"


@dataclass(frozen=True, slots=True)
class Progress:
    """A level, the XP `gained` inside it, and the XP `needed` from its start to the next one."""

    level: int
    gained: int
    needed: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What leads to the next `stage`: its level, or so many days kept with the pet.

    `levels_to_go` and `days_to_go` are what is left on each of the two ways, 1 or more.
    """

    stage: Stage
    level: int
    days: int
    levels_to_go: int
    days_to_go: int


class Growth(NamedTuple):
    """What leads to a stage: a level, or so many days on which something was kept."""

    stage: Stage
    level: int
    days: int


_STAGES = tuple(Stage)
# The level, and the days on which something was kept, that lead to each stage after the egg.
_STAGE_LEVELS = (2, 5, 10, 20)
_STAGE_DAYS = (2, 10, 40, 120)
CRACKS = (1, 20, 38)
EGG_WAITS = timedelta(days=7)


def growth() -> tuple[Growth, ...]:
    """Return what leads to each stage after the egg, in order."""
    return tuple(map(Growth, _STAGES[1:], _STAGE_LEVELS, _STAGE_DAYS))


def total_xp(level: int) -> int:
    """Return the XP, from nothing, at which `level` (1 or more) begins."""
    return 25 * level * (level - 1)


def level(xp: int) -> int:
    """Return the level that `xp` (0 or more) has reached; the inverse of `total_xp`."""
    return (5 + isqrt(25 + 4 * xp)) // 10


def progress(xp: int) -> Progress:
    """Return the level that `xp` has reached and how far into it that is."""
    reached = level(xp)
    start = total_xp(reached)
    return Progress(reached, xp - start, total_xp(reached + 1) - start)


def stage(level: int, days_kept: int) -> Stage:
    """Return the stage of a pet: by level, or by days kept with it, whichever is further."""
    by_level = bisect_right(_STAGE_LEVELS, level)
    by_days = bisect_right(_STAGE_DAYS, days_kept)
    return _STAGES[max(by_level, by_days)]


def ahead(level: int, days_kept: int) -> Ahead | None:
    """Return what leads to the stage after that of `stage`; None where nothing comes after."""
    place = _STAGES.index(stage(level, days_kept))
    if place == len(_STAGE_LEVELS):
        return None
    next_level, next_days = _STAGE_LEVELS[place], _STAGE_DAYS[place]
    return Ahead(
        stage=_STAGES[place + 1],
        level=next_level,
        days=next_days,
        levels_to_go=next_level - level,
        days_to_go=next_days - days_kept,
    )


def eggs(best_stages: Sequence[int]) -> int:
    """Return how many new eggs are offered to the owner of pets that came so far at best.

    `best_stages` are places in Stage, one a pet. Each pet that became grown brings one egg, and
    each that became majestic another; all pets but the first have come out of one.
    """
    grown, majestic = _STAGES.index(Stage.GROWN), _STAGES.index(Stage.MAJESTIC)
    brought = sum((best >= grown) + (best >= majestic) for best in best_stages)
    return brought - len(best_stages) + 1


def is_asked(eggs: int, waits_until: date | None, today: date) -> bool:
    """Tell whether somebody to whom `eggs` are offered is asked about one on the day `today`.

    Who said "not now" is asked again on the day `waits_until`, EGG_WAITS later.
    """
    return eggs > 0 and (waits_until is None or today >= waits_until)


def cracks(xp: int) -> int:
    """Return how many cracks, 0 to 3, an egg with `xp` shows."""
    return bisect_right(CRACKS, xp)
