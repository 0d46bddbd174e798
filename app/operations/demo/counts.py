"""What is counted on a day of the demo."""

from datetime import date
from random import Random
from typing import NamedTuple

from app.rules import fold
from app.rules.diary import Diary
from app.rules.schedule import Term

# Share of days that are not kept on which a part is done all the same.
_IN_PART = 0.45
# So much more than the target is done now and then, in steps.
_MORE = (0, 0, 0, 1, 2)
# How near the limit a day comes, in steps: one in seven goes past it.
_TO_LIMIT = (-2, -1, -1, 0, 0, 0, 1)


class Count(NamedTuple):
    """The amounts of a day, in thousandths, in order. `keeps` tells that the last one keeps it."""

    amounts: tuple[int, ...] = ()
    keeps: bool = False


def towards(diary: Diary, day: date, is_good: bool, random: Random) -> Count:
    """Return what is counted on `day` towards the target of its term, on a good day or not."""
    term = diary.timetable.term(day)
    if term.is_total:
        return _towards_total(diary, day, is_good, random)
    if is_good:
        more = term.target + term.step * random.choice(_MORE)
        first = term.step if more > term.step else 0
        return Count(tuple(filter(None, (first, more - first))), keeps=True)
    parts = term.target // term.step
    if parts > 1 and random.random() < _IN_PART:
        return Count((term.step * random.randrange(1, parts),))
    return Count()


def within(term: Term, random: Random) -> Count:
    """Return what is counted on a day of a habit that has a limit: most days stay within it."""
    steps = max(0, term.target // term.step + random.choice(_TO_LIMIT))
    return Count((term.step,) * steps)


def _towards_total(diary: Diary, day: date, is_good: bool, random: Random) -> Count:
    """A total of a week or month grows on good days, until it is reached."""
    if not is_good:
        return Count()
    term = diary.timetable.term(day)
    amount = term.step * random.randrange(1, 4)
    before = fold.amount(diary.history, day)
    return Count((amount,), keeps=before < term.target <= before + amount)
