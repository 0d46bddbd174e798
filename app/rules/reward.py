"""What a commit earns, decided once when it is recorded."""

from collections import defaultdict
from datetime import date
from enum import StrEnum
from itertools import product
from typing import NamedTuple


class Effort(StrEnum):
    """How hard a habit is to keep."""

    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


BASE = {Effort.EASY: 5, Effort.NORMAL: 10, Effort.HARD: 20}
# A day is paid up to so many days back, and a run pays up to so many days.
REWARD_DAYS = 7
LONGEST_BONUS = 30


class Reason(NamedTuple):
    """Why a commit earned what it did: the base of its effort, and a bonus for its run.

    The run was `least` to `most` days long; `most` is None where longer ones pay no more.
    """

    effort: Effort
    base: int
    bonus: int
    least: int
    most: int | None


def is_over(day: date, today: date) -> bool:
    """Tell whether `day` lies more than a week before `today`, so that it earns nothing new."""
    return (today - day).days > REWARD_DAYS


def xp(effort: Effort, span: int, day: date, today: date, before: int = 0) -> int:
    """Return the XP of a commit on `day`, recorded on `today`.

    `span` is the run that ends on `day`, in days. Each one adds a sixtieth of the base,
    thirty at the most, rounded to the nearest whole XP. A day more than a week back earns nothing
    new: kept again after an undo it gives back what it had earned `before`, and no more.
    """
    if is_over(day, today):
        return before
    return worth(effort, span)


def worth(effort: Effort, span: int) -> int:
    """Return the XP of a commit of `effort` at the end of a run of `span` days."""
    return (BASE[effort] * (60 + min(span, LONGEST_BONUS)) + 30) // 60


def reason(amount: int) -> Reason | None:
    """Return why a commit earned `amount` XP, None for an amount that no commit earns.

    The ranges of the efforts do not meet, so the amount alone tells effort and bonus, also of what
    was earned before anybody asked.
    """
    return _REASONS.get(amount)


def _reasons() -> dict[int, Reason]:
    runs: dict[int, list[tuple[Effort, int]]] = defaultdict(list)
    for effort, run in product(Effort, range(LONGEST_BONUS + 1)):
        runs[worth(effort, run)].append((effort, run))
    reasons = {}
    for amount, ((effort, least), *_between) in runs.items():
        base, most = BASE[effort], runs[amount][-1][1]
        ends = most < LONGEST_BONUS
        reasons[amount] = Reason(effort, base, amount - base, least, most if ends else None)
    return reasons


_REASONS = _reasons()
