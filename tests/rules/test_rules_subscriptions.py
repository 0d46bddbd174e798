"""When a letter is due: by the clock of its reader, through every change of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.days import ZONES
from app.rules.subscriptions import OF_USE, Subscription, is_late, next_due
from app.rules.weeks import MONDAYS, beginning_on

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
REMINDER, WEEKLY = Subscription.REMINDER, Subscription.WEEKLY


@pytest.mark.parametrize(
    ("kind", "minute", "zone", "due"),
    [
        (REMINDER, 20 * 60, "UTC", "2026-03-10T20:00"),
        (REMINDER, 12 * 60 + 1, "UTC", "2026-03-10T12:01"),
        # What is due now was due: the next one is tomorrow's.
        (REMINDER, 12 * 60, "UTC", "2026-03-11T12:00"),
        (REMINDER, 11 * 60, "UTC", "2026-03-11T11:00"),
        (REMINDER, 20 * 60, "Asia/Tokyo", "2026-03-11T11:00"),
        (REMINDER, 22 * 60, "Asia/Tokyo", "2026-03-10T13:00"),
        (REMINDER, 20 * 60, "America/New_York", "2026-03-11T00:00"),
        # A Tuesday: the week of Mondays has begun.
        (WEEKLY, 8 * 60, "UTC", "2026-03-16T08:00"),
    ],
)
def test_a_letter_is_due_at_the_minute_of_the_readers_clock(kind, minute, zone, due):
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert next_due(kind, minute, zone, MONDAYS, NOON) == expected


def test_the_weekly_letter_comes_on_the_first_day_of_the_readers_week():
    sundays = beginning_on(6)
    assert next_due(WEEKLY, 480, "UTC", sundays, NOON) == datetime(2026, 3, 15, 8, tzinfo=UTC)
    early = datetime(2026, 3, 15, 7, 59, tzinfo=UTC)
    assert next_due(WEEKLY, 480, "UTC", sundays, early) == datetime(2026, 3, 15, 8, tzinfo=UTC)


def test_a_minute_that_the_clock_leaps_over_comes_an_hour_later_and_one_that_comes_twice_once():
    berlin = "Europe/Berlin"
    leap = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert next_due(REMINDER, 150, berlin, MONDAYS, leap) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(REMINDER, 150, berlin, MONDAYS, first - timedelta(minutes=1)) == first
    assert next_due(REMINDER, 150, berlin, MONDAYS, first).date().isoformat() == "2026-10-26"


@given(
    st.sampled_from(sorted(ZONES)),
    st.integers(0, 1439),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_reminder_is_ahead_and_within_a_day_and_an_hour(zone, minute, now):
    due = next_due(REMINDER, minute, zone, MONDAYS, now)
    # The longest day that there was had more than the hour of a clock that is set back.
    assert now < due <= now + timedelta(hours=25)
    assert due.astimezone(ZoneInfo(zone)).tzinfo


def test_a_letter_is_late_after_three_hours():
    assert not is_late(NOON, NOON + OF_USE - timedelta(seconds=1))
    assert is_late(NOON, NOON + OF_USE)
