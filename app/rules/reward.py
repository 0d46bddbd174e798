"""What a commit earns, decided once when it is recorded."""

from datetime import date
from enum import StrEnum


class Effort(StrEnum):
    """How hard a habit is to keep."""

    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


BASE = {Effort.EASY: 5, Effort.NORMAL: 10, Effort.HARD: 20}
REWARD_DAYS = 7
LONGEST_BONUS = 30


def xp(effort: Effort, run: int, day: date, today: date) -> int:
    """Return the XP of a commit on `day`, recorded on `today`.

    `run` is the run of kept occasions that ends on `day`. Each one adds a sixtieth of the base,
    thirty at the most, rounded to the nearest whole XP. A day more than a week back earns 0.
    """
    if (today - day).days > REWARD_DAYS:
        return 0
    return (BASE[effort] * (60 + min(run, LONGEST_BONUS)) + 30) // 60
