"""Looking back: the grid of a year, the steps of the heat map, the weekdays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import lookback

DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))
COUNTS = st.lists(st.integers(1, 200), max_size=371)


@given(DAYS)
def test_a_year_is_53_weeks_from_monday_that_end_with_the_day(until: date):
    weeks = lookback.weeks(until)
    days = [day for week in weeks for day in week]
    assert len(weeks) == 53
    assert {week[0].weekday() for week in weeks} == {0}
    assert {len(week) for week in weeks[:-1]} == {7}
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert (days[0], days[-1]) == (lookback.year_begins(until), until)
    assert 365 <= len(days) <= 371


@given(DAYS)
def test_the_year_before_ends_where_this_one_begins(until: date):
    first = lookback.year_begins(until)
    earlier = lookback.weeks(first - timedelta(days=1))
    assert earlier[-1][-1] + timedelta(days=1) == first
    assert len(earlier[-1]) == 7


@given(DAYS)
def test_the_year_after_leaves_no_day_out(until: date):
    ends = lookback.next_year_ends(until)
    assert ends.weekday() == 6
    assert lookback.year_begins(ends) <= until + timedelta(days=1)
    assert until.weekday() < 6 or lookback.year_begins(ends) == until + timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "first"),
    [
        (date(2026, 3, 10), date(2025, 3, 10)),
        (date(2026, 3, 9), date(2025, 3, 10)),
        (date(2026, 3, 8), date(2025, 3, 3)),
        (date(2024, 2, 29), date(2023, 2, 27)),
    ],
)
def test_the_year_begins_on_a_monday(until: date, first: date):
    assert lookback.year_begins(until) == first


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ([], {0: 0, 1: 4}),
        ([1, 1, 1], {0: 0, 1: 4}),
        ([1, 2], {0: 0, 1: 2, 2: 4}),
        ([1, 2, 3], {1: 2, 2: 3, 3: 4}),
        ([1, 2, 3, 4], {1: 1, 2: 2, 3: 3, 4: 4}),
        ([8] * 10, {1: 1, 2: 1, 3: 2, 5: 3, 6: 3, 7: 4, 8: 4}),
        ([4] * 19 + [40], {1: 1, 2: 2, 3: 3, 4: 4, 40: 4}),
        # The ninth of ten is the full day: not the tenth, and not the eighth.
        ([4] * 9 + [40], {1: 1, 2: 2, 3: 3, 4: 4}),
        ([1] * 8 + [4] * 2, {1: 1, 2: 2, 3: 3, 4: 4}),
    ],
)
def test_the_steps_follow_from_a_full_day(counts: list[int], steps: dict[int, int]):
    scale = lookback.scale(counts)
    assert {count: scale.step(count) for count in steps} == steps


@given(COUNTS)
def test_more_is_never_a_lower_step_and_something_never_none(counts: list[int]):
    scale = lookback.scale(counts)
    steps = [scale.step(count) for count in range(202)]
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[1] >= 1
    assert not counts or scale.step(max(counts)) == lookback.STEPS


@given(COUNTS)
def test_the_ranges_tell_every_count_its_step(counts: list[int]):
    scale = lookback.scale(counts)
    told = {
        count: step
        for step, least, most in scale.ranges
        for count in range(least, (most or 201) + 1)
    }
    assert told == {count: scale.step(count) for count in range(1, 202)}
    assert scale.ranges[-1][2] is None


def test_the_weekdays_are_summed_from_monday():
    tuesday = date(2026, 3, 10)
    counts = {tuesday: 2, tuesday - timedelta(days=7): 3, tuesday - timedelta(days=2): 1}
    assert lookback.by_weekday(counts) == (0, 5, 0, 0, 0, 0, 1)
    assert lookback.by_weekday({}) == (0,) * 7
