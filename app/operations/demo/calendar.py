"""The year of the demo, on the clock of one zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.operations.demo.cast import LENGTH
from app.rules import days

_ONE_DAY = timedelta(days=1)
_SATURDAY, _DAYS_A_WEEK = 5, 7
# The holiday begins on the Saturday after this day.
_HOLIDAY_AFTER, _HOLIDAY_DAYS = 212, 14


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year up to `now` on the clock of `zone`."""

    zone: str
    now: datetime

    @property
    def today(self) -> date:
        """The user's day at `now`."""
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        """Return the user's day at an instant."""
        return days.day_of(instant, self.zone, 0)

    def day(self, number: int) -> date:
        """Return the day with this number; 0 is the first, LENGTH is today."""
        return self.today + timedelta(days=number - LENGTH)

    def holiday(self) -> tuple[date, date]:
        """Return the first and the last day of the holiday."""
        day = self.day(_HOLIDAY_AFTER)
        first = day + timedelta(days=(_SATURDAY - day.weekday()) % _DAYS_A_WEEK)
        return first, first + timedelta(days=_HOLIDAY_DAYS - 1)

    def at(self, day: date, hour: int, seconds: float = 0) -> datetime:
        """Return the instant so many seconds after an hour of the local clock."""
        local = datetime.combine(day, time(hour), ZoneInfo(self.zone))
        return (local + timedelta(seconds=seconds)).astimezone(UTC)

    def since(self) -> datetime:
        """Return the beginning of the last hour, or of today where that is later."""
        begin = days.day_ends_at(self.today - _ONE_DAY, self.zone, 0)
        return max(begin, self.now - timedelta(hours=1))
