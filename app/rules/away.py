"""Days away: closed days on which something was due, and nothing at all was kept.

After three of them the pet sleeps; after two Today offers to count them as rest.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice

from app.rules import resting
from app.rules.resting import Span
from app.rules.rests import Quiet

# After so many Today offers a rest.
DAYS_AWAY = 2
# What comes once a month has three days with something due in so many. Nobody looks for ever.
_LONGEST_LOOK = 100
_ONE_DAY = timedelta(days=1)

WasDue = Callable[[date], bool]


def newest(many: int, since: date, today: date, rests: Quiet, was_due: WasDue) -> list[date]:
    """Return up to so `many` days before `today` on which something was due, the newest first.

    Nothing was kept on the day `since` and after it. `rests` are the days on which everything
    rests; `was_due` tells of another whether anything was due on it.
    """
    awake = reversed(list(rests.between(since, today - _ONE_DAY)))
    days = (last - n * _ONE_DAY for first, last in awake for n in range((last - first).days + 1))
    return list(islice(filter(was_due, islice(days, _LONGEST_LOOK)), many))


def stretch(since: date, today: date, rests: Quiet, was_due: WasDue) -> Span | None:
    """Return the days away before `today`, from the first to the last with something due.

    None where there are fewer than two such days. The arguments are those of `newest`.
    """
    ends = newest(DAYS_AWAY, since, today, rests, was_due)
    if len(ends) < DAYS_AWAY:
        return None
    awake = rests.between(since, ends[-1])
    days = (first + n * _ONE_DAY for first, last in awake for n in range((last - first).days + 1))
    return Span(next(filter(was_due, islice(days, _LONGEST_LOOK)), ends[-1]), ends[0])


def offer(
    away: Span | None, answered: date | None, today: date, last_kept: date | None
) -> Span | None:
    """Return the days that are offered as a rest on the day `today`, None where none are.

    `away` are the days away. They are offered once: not when their user has `answered` for days up
    to one of them, however many have followed. `last_kept` is the newest day before today on which
    anything was kept: it says how far back a rest may begin.
    """
    if away is None or (answered and answered >= away.starts_on):
        return None
    return away._replace(starts_on=max(away.starts_on, resting.earliest(today, last_kept)))
