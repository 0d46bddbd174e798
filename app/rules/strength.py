"""Strength: how well a habit is rooted, the score of Loop Habit Tracker (HABITS.md).

Each day that counts moves it towards what was kept lately: `s·m + c·(1 − m)`, where c is the share
of what the term asks for in its window, and m how slowly the score moves: by half in 13 occasions'
time of a daily habit, slower for rarer ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import ceil, log, sqrt

from app.rules.schedule import DAYS_A_WEEK, Kind, Schedule, Term
from app.rules.sums import Sums

_HALF_LIFE = 13
_DAYS_A_MONTH = 30
# What is left of where a score began, once nobody can see it: a hundredth of a point.
_UNSEEN = 0.0001


@lru_cache(maxsize=512)
def memory(schedule: Schedule, weekdays: int, times: int, every: int) -> float:
    """Return m, the part of the score that a day leaves; `times` is 0 for a total."""
    if schedule is Schedule.WEEKDAYS:
        k = weekdays.bit_count()
        return float(0.5 ** (sqrt(k / DAYS_A_WEEK) * DAYS_A_WEEK / (_HALF_LIFE * k)))
    often = {
        Schedule.DAILY: 1.0,
        Schedule.EVERY: 1 / every,
        Schedule.WEEKLY: (times or 1) / DAYS_A_WEEK,
        Schedule.MONTHLY: (times or 1) / _DAYS_A_MONTH,
    }[schedule]
    return float(0.5 ** (sqrt(often) / _HALF_LIFE))


def memory_of(term: Term) -> float:
    """Return m of a term."""
    return memory(term.schedule, term.weekdays, term.days_asked, term.every)


def window(term: Term) -> int:
    """Return how many days a score of the term looks back, that day included."""
    is_tick = term.kind is Kind.CHECK
    match term.schedule:
        case Schedule.DAILY | Schedule.WEEKDAYS:
            return 1
        case Schedule.EVERY:
            return 2 * term.every if is_tick else term.every
        case Schedule.WEEKLY:
            return 14 if is_tick and term.times < DAYS_A_WEEK else 7
        case Schedule.MONTHLY:
            return 60 if is_tick else 30


def percent(score: float) -> int:
    """Return a score in whole hundredths, rounded half up."""
    return int(100 * score + 0.5)


def mean(scores: Collection[float]) -> int:
    """Return the mean of some scores, at least one, in whole hundredths."""
    return percent(sum(scores) / len(scores))


def fades(term: Term) -> int:
    """Return after how many days of the term it is not seen any more where a score began."""
    looks = ceil(log(_UNSEEN) / log(memory_of(term)))
    if term.schedule is Schedule.WEEKDAYS:
        return DAYS_A_WEEK * (looks // term.days_a_week + 1)
    return looks


def share(term: Term, day: date, days: Sequence[date], sums: Sums) -> float:
    """Return c of `day`: the share of what the term asks for in the window that ends with it."""
    first = day - timedelta(days=window(term) - 1)
    if term.kind is Kind.CHECK:
        return share_of(term, bisect_right(days, day) - bisect_left(days, first))
    return share_of(term, sums.between(first, day, awake=term.kind is Kind.AT_MOST))


def share_of(term: Term, total: int) -> float:
    """Return c where so many days are kept in a window, or so much is done."""
    if term.kind is Kind.CHECK:
        return min(1.0, total / _asked(term))
    if term.kind is Kind.AT_LEAST:
        return min(1.0, total / term.target)
    if not term.target:
        return 0.0 if total else 1.0
    return min(1.0, max(0.0, 1 - (total - term.target) / term.target))


def _asked(term: Term) -> int:
    """Return how many kept days of the window are all."""
    if term.schedule is Schedule.WEEKLY:
        return term.times if term.times == DAYS_A_WEEK else 2 * term.times
    return {Schedule.EVERY: 2, Schedule.MONTHLY: 2 * term.times}.get(term.schedule, 1)
