"""The letters that people may ask for, and when the next one is due."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.rules.weeks import Weeks

LAST_MINUTE = 24 * 60 - 1
# Of the day: what the form offers first, and when the letter about a week comes.
EVENING, MORNING = 20 * 60, 8 * 60
# A letter about a day that comes later than this would be about another one.
OF_USE = timedelta(hours=3)

_ONE_DAY = timedelta(days=1)


class Subscription(StrEnum):
    """A letter that people may ask for."""

    REMINDER = "reminder"
    WEEKLY = "weekly"


def next_due(
    kind: Subscription, minute: int, timezone: str, weeks: Weeks, now: datetime
) -> datetime:
    """Return the next instant after `now` at which a letter is due.

    A reminder is due every day at that minute of the clock in the user's zone, the other letter on
    the first day of each week. A minute that the clock leaps over comes as much later.
    """
    day = now.astimezone(ZoneInfo(timezone)).date()
    if kind is Subscription.WEEKLY:
        day, last = weeks.period(day)
        following = last + _ONE_DAY
    else:
        following = day + _ONE_DAY
    due = _instant(day, minute, timezone)
    return due if due > now else _instant(following, minute, timezone)


def is_late(due_at: datetime, now: datetime) -> bool:
    """Tell whether a letter that was due at an instant is of no use any more."""
    return now >= due_at + OF_USE


def _instant(day: date, minute: int, timezone: str) -> datetime:
    local = datetime.combine(day, time(*divmod(minute, 60)), ZoneInfo(timezone))
    return local.astimezone(UTC)
