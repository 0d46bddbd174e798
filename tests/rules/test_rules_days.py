"""The user's day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.days import ZONES, day_ends_at, day_of, local_hour

FIRST_WEST = "Etc/GMT+12"
LAST_WEST = "Pacific/Kiritimati"
A_MOMENT = timedelta(microseconds=1)
# Zones that jump at midnight, by half an hour, over a whole day, and the ends of the world.
SAMPLE = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    FIRST_WEST,
    LAST_WEST,
]

zones = st.sampled_from(sorted(ZONES))
day_starts = st.integers(0, 6)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
instants = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))
recent = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "day_start", "day"),
    [
        pytest.param("2026-03-10 11:59", FIRST_WEST, 0, date(2026, 3, 9), id="UTC-12 before"),
        pytest.param("2026-03-10 12:00", FIRST_WEST, 0, date(2026, 3, 10), id="UTC-12 midnight"),
        pytest.param("2026-03-10 15:59", FIRST_WEST, 4, date(2026, 3, 9), id="UTC-12 before four"),
        pytest.param("2026-03-10 09:59", LAST_WEST, 0, date(2026, 3, 10), id="UTC+14 before"),
        pytest.param("2026-03-10 10:00", LAST_WEST, 0, date(2026, 3, 11), id="UTC+14 midnight"),
        pytest.param("2026-03-10 13:59", LAST_WEST, 4, date(2026, 3, 10), id="UTC+14 before four"),
        pytest.param("2026-03-10 23:59:59.999", "UTC", 0, date(2026, 3, 10), id="last millisecond"),
        pytest.param("2026-03-11 00:00", "UTC", 0, date(2026, 3, 11), id="midnight"),
        pytest.param("2026-01-01 03:00", "UTC", 4, date(2025, 12, 31), id="New Year's night"),
        pytest.param("2024-03-01 03:00", "UTC", 4, date(2024, 2, 29), id="leap night"),
        pytest.param("2026-03-10 18:14", "Asia/Kathmandu", 0, date(2026, 3, 10), id="before +5:45"),
        pytest.param("2026-03-10 18:15", "Asia/Kathmandu", 0, date(2026, 3, 11), id="at +5:45"),
    ],
)
def test_a_day_is_the_date_of_the_users_own_clock(instant, zone, day_start, day):
    assert day_of(utc(instant), zone, day_start) == day


@pytest.mark.parametrize("day_start", range(7))
def test_a_day_begins_on_the_stroke_of_its_start(day_start):
    stroke = datetime(2026, 3, 11, day_start, tzinfo=ZoneInfo("Europe/Berlin"))

    assert day_of(stroke, "Europe/Berlin", day_start) == date(2026, 3, 11)
    just_before = stroke.astimezone(UTC) - timedelta(milliseconds=1)
    assert day_of(just_before, "Europe/Berlin", day_start) == date(2026, 3, 10)


def test_an_hour_before_a_day_start_of_four_belongs_to_the_day_before():
    assert day_of(utc("2026-03-11 03:59:59.999"), "UTC", 4) == date(2026, 3, 10)
    assert day_of(utc("2026-03-11 04:00"), "UTC", 4) == date(2026, 3, 11)


def test_the_same_instant_is_another_day_elsewhere():
    instant = utc("2026-03-10 11:00")

    assert day_of(instant, FIRST_WEST, 0) == date(2026, 3, 9)
    assert day_of(instant, LAST_WEST, 0) == date(2026, 3, 11)


def test_the_zone_in_which_an_instant_is_told_does_not_matter():
    instant = utc("2026-03-10 23:30")

    told_in_tokyo = instant.astimezone(ZoneInfo("Asia/Tokyo"))
    assert day_of(told_in_tokyo, "Europe/Berlin", 0) == day_of(instant, "Europe/Berlin", 0)


# The end of each day in UTC, worked out by hand.
@pytest.mark.parametrize(
    ("day", "zone", "day_start", "end"),
    [
        pytest.param("2026-03-10", "UTC", 0, "2026-03-11 00:00", id="UTC"),
        pytest.param("2026-03-10", FIRST_WEST, 0, "2026-03-11 12:00", id="UTC-12"),
        pytest.param("2026-03-10", LAST_WEST, 0, "2026-03-10 10:00", id="UTC+14"),
        pytest.param("2026-03-28", "Europe/Berlin", 0, "2026-03-28 23:00", id="Berlin, eve of DST"),
        pytest.param("2026-03-28", "Europe/Berlin", 2, "2026-03-29 01:00", id="Berlin, in the gap"),
        pytest.param("2026-03-28", "Europe/Berlin", 4, "2026-03-29 02:00", id="Berlin, after it"),
        pytest.param("2026-03-29", "Europe/Berlin", 0, "2026-03-29 22:00", id="Berlin, 23 hours"),
        pytest.param("2026-10-24", "Europe/Berlin", 2, "2026-10-25 00:00", id="Berlin, two twice"),
        pytest.param("2026-10-24", "Europe/Berlin", 3, "2026-10-25 02:00", id="Berlin, after two"),
        pytest.param("2026-10-25", "Europe/Berlin", 0, "2026-10-25 23:00", id="Berlin, 25 hours"),
        pytest.param("2026-03-07", "America/New_York", 2, "2026-03-08 07:00", id="New York, gap"),
        pytest.param("2026-03-08", "America/New_York", 0, "2026-03-09 04:00", id="New York, 23"),
        pytest.param("2026-10-31", "America/New_York", 1, "2026-11-01 05:00", id="New York, fold"),
        pytest.param("2026-11-01", "America/New_York", 0, "2026-11-02 05:00", id="New York, 25"),
        pytest.param("2018-11-03", "America/Sao_Paulo", 0, "2018-11-04 03:00", id="no midnight"),
        pytest.param("2018-02-17", "America/Sao_Paulo", 0, "2018-02-18 03:00", id="23:00 twice"),
        pytest.param("2023-04-27", "Africa/Cairo", 0, "2023-04-27 22:00", id="Cairo, no midnight"),
        pytest.param("2010-03-13", "America/St_Johns", 1, "2010-03-14 03:31", id="a gap at 0:01"),
        pytest.param("2010-11-06", "America/St_Johns", 0, "2010-11-07 02:30", id="a fold at 0:01"),
        pytest.param("2011-12-29", "Pacific/Apia", 0, "2011-12-30 10:00", id="Apia, the eve"),
        pytest.param("2011-12-30", "Pacific/Apia", 0, "2011-12-30 10:00", id="Apia, skipped"),
        pytest.param("2011-12-31", "Pacific/Apia", 0, "2011-12-31 10:00", id="Apia, after"),
        pytest.param("2011-12-29", "Pacific/Apia", 4, "2011-12-30 10:00", id="Apia, eve, at four"),
        pytest.param("2011-12-30", "Pacific/Apia", 4, "2011-12-30 14:00", id="Apia, four hours"),
    ],
)
def test_a_day_ends_when_the_next_one_begins(day, zone, day_start, end):
    ends = day_ends_at(date.fromisoformat(day), zone, day_start)

    assert ends == utc(end)
    assert ends.tzinfo is UTC


def test_no_instant_belongs_to_the_day_that_apia_skipped():
    last = utc("2011-12-30 10:00") - A_MOMENT

    assert day_of(last, "Pacific/Apia", 0) == date(2011, 12, 29)
    assert day_of(last + A_MOMENT, "Pacific/Apia", 0) == date(2011, 12, 31)


@given(day=days, zone=zones, day_start=day_starts)
def test_the_end_of_a_day_parts_it_from_the_next(day, zone, day_start):
    end = day_ends_at(day, zone, day_start)

    assert day_of(end - A_MOMENT, zone, day_start) <= day < day_of(end, zone, day_start)


@pytest.mark.parametrize("zone", SAMPLE)
def test_the_end_of_a_day_parts_it_from_the_next_at_every_change_of_the_clock(zone):
    for change in changes_of_the_clock(zone, 2009, 2028):
        for day_start in range(7):
            for offset in (-1, 0, 1):
                day = change.date() + timedelta(days=offset)
                end = day_ends_at(day, zone, day_start)
                assert day_of(end - A_MOMENT, zone, day_start) <= day
                assert day_of(end, zone, day_start) > day


@given(instant=instants, zone=zones, day_start=day_starts)
def test_no_users_day_is_more_than_one_from_the_date_in_utc(instant, zone, day_start):
    # Twelve hours behind and six of the night are less than a day; so are fifteen ahead.
    assert abs(day_of(instant, zone, day_start) - instant.date()) <= timedelta(days=1)


@given(one=recent, other=recent, zone=st.sampled_from(SAMPLE), day_start=day_starts)
def test_a_later_instant_never_belongs_to_an_earlier_day(one, other, zone, day_start):
    earlier, later = sorted((one, other))

    assert day_of(earlier, zone, day_start) <= day_of(later, zone, day_start)


# A clock that is put back over the very hour at which the day starts brings the day before back
# for up to two hours. From 2015 to 2035, of all zones: Pacific/Chatham (NZ-CHAT) with a day start
# of 3 (3:45 to 2:45), Antarctica/Troll with 2 (3:00 to 1:00) once a year, and single changes of
# Antarctica/Casey and Antarctica/Vostok. Elsewhere a clock goes back within one hour's name.
@pytest.mark.parametrize("zone", SAMPLE)
def test_a_clock_put_back_does_not_bring_a_day_back(zone):
    for change in changes_of_the_clock(zone, 2015, 2035):
        around = [change + timedelta(minutes=15 * quarter) for quarter in range(-4, 101)]
        for day_start in range(7):
            lived = [day_of(instant, zone, day_start) for instant in around]
            assert all(one <= other for one, other in pairwise(lived))


def test_chatham_lives_three_quarters_of_an_hour_twice_when_its_day_starts_at_three():
    instants = (utc("2026-04-04 13:44"), utc("2026-04-04 14:00"), utc("2026-04-04 14:15"))

    lived = [day_of(instant, "Pacific/Chatham", 3) for instant in instants]
    assert lived == [date(2026, 4, 5), date(2026, 4, 4), date(2026, 4, 5)]


def changes_of_the_clock(zone: str, first_year: int, last_year: int) -> list[datetime]:
    """Return the midnights in UTC in whose 24 hours the clock of `zone` is changed."""
    start, place = datetime(first_year, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    midnights = [start + timedelta(days=n) for n in range(366 * (last_year - first_year + 1))]
    return [
        one
        for one, other in pairwise(midnights)
        if one.astimezone(place).utcoffset() != other.astimezone(place).utcoffset()
    ]


@pytest.mark.parametrize(
    ("instant", "zone", "hour"),
    [
        pytest.param("2026-03-10 11:59:59.999", "UTC", 11, id="just before noon"),
        pytest.param("2026-03-10 12:00", "UTC", 12, id="noon"),
        pytest.param("2026-03-10 12:00", FIRST_WEST, 0, id="UTC-12"),
        pytest.param("2026-03-10 09:59", LAST_WEST, 23, id="UTC+14"),
        pytest.param("2026-07-01 10:00", "Europe/Berlin", 12, id="summer time"),
        pytest.param("2026-03-10 06:15", "Asia/Kathmandu", 12, id="a quarter of an hour"),
    ],
)
def test_the_hour_is_that_of_the_users_clock(instant, zone, hour):
    assert local_hour(utc(instant), zone) == hour


@pytest.mark.parametrize("ask", [lambda at: day_of(at, "UTC", 0), lambda at: local_hour(at, "UTC")])
def test_a_time_without_a_zone_is_refused_rather_than_read_by_the_servers_clock(ask):
    with pytest.raises(ValueError):
        ask(datetime(2026, 3, 10))
