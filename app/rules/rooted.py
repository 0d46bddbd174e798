"""When a habit has taken root: it was strong for so long that it needs no asking any more.

A rooted habit leaves Today with its history. Until it returns it is put away like an archived one:
nothing of it is due, its days rest, and its run waits.
"""

from datetime import date, timedelta

from app.rules import marks
from app.rules.errors import Invalid
from app.rules.language import _, number
from app.rules.states import History

# So strong, and at the end of each of so many closed days that did not rest.
STRONG = 0.9
DAYS = 60
# Who said "not yet", or took it back out, is asked again after so many days.
ASKED_AGAIN = timedelta(days=60)

_ONE_DAY = timedelta(days=1)


def is_ripe(history: History, today: date) -> bool:
    """Tell whether a habit may take root on the day `today`. All of its days are known."""
    yesterday = today - _ONE_DAY
    first = history.quiet.day_before(DAYS, yesterday) + _ONE_DAY
    if first < history.timetable.starts_on:
        return False
    days = marks.of(history, first, yesterday, today)
    return all(mark.strength >= STRONG for mark in days)


def may_be_offered(asked_on: date | None, today: date) -> bool:
    """Tell whether its user may be asked on the day `today` who was last asked on `asked_on`."""
    return asked_on is None or today - asked_on >= ASKED_AGAIN


def check(history: History, today: date) -> None:
    """Raise Invalid unless a habit, all of whose days are known, may take root on `today`."""
    if not is_ripe(history, today):
        raise Invalid(
            root=_("A habit takes root when it was %(strong)s %% strong or more for %(days)s days.")
            % {"strong": number(int(100 * STRONG)), "days": number(DAYS)}
        )
