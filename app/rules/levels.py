"""Levels and stages: one curve for pets and pillars. Source: PRODUCT.md, "Words"."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from math import isqrt


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


_STAGES = tuple(Stage)
# The level, and the days on which something was kept, that lead to each stage after the egg.
_STAGE_LEVELS = (2, 5, 10, 20)
_STAGE_DAYS = (2, 10, 40, 120)
_CRACKS = (1, 20, 38)


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


def cracks(xp: int) -> int:
    """Return how many cracks, 0 to 3, an egg with `xp` shows."""
    return bisect_right(_CRACKS, xp)
