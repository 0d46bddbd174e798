"""Looking back: the grid of a year, how full a day was, the weekdays, what stands out."""

from calendar import MONDAY, SATURDAY, SUNDAY
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import lookback
from app.rules.lookback import Share

DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))
FIRST_DAYS = st.sampled_from((MONDAY, SATURDAY, SUNDAY))


@given(DAYS, FIRST_DAYS)
def test_a_year_is_53_weeks_from_their_first_day_that_end_with_the_day(until: date, first_day: int):
    weeks = lookback.weeks(until, first_day)
    days = [day for week in weeks for day in week]
    assert len(weeks) == 53
    assert {week[0].weekday() for week in weeks} == {first_day}
    assert {len(week) for week in weeks[:-1]} == {7}
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert (days[0], days[-1]) == (lookback.year_begins(until, first_day), until)
    assert 365 <= len(days) <= 371


@given(DAYS, FIRST_DAYS)
def test_the_year_before_ends_where_this_one_begins(until: date, first_day: int):
    first = lookback.year_begins(until, first_day)
    earlier = lookback.weeks(first - timedelta(days=1), first_day)
    assert earlier[-1][-1] + timedelta(days=1) == first
    assert len(earlier[-1]) == 7


@given(DAYS, FIRST_DAYS)
def test_the_year_after_leaves_no_day_out(until: date, first_day: int):
    ends = lookback.next_year_ends(until, first_day)
    after, last_day = until + timedelta(days=1), (first_day - 1) % 7
    assert ends.weekday() == last_day
    assert lookback.year_begins(ends, first_day) <= after
    assert until.weekday() != last_day or lookback.year_begins(ends, first_day) == after


@pytest.mark.parametrize(
    ("until", "first_day", "first"),
    [
        (date(2026, 3, 10), MONDAY, date(2025, 3, 10)),
        (date(2026, 3, 9), MONDAY, date(2025, 3, 10)),
        (date(2026, 3, 8), MONDAY, date(2025, 3, 3)),
        (date(2024, 2, 29), MONDAY, date(2023, 2, 27)),
        (date(2026, 3, 10), SUNDAY, date(2025, 3, 9)),
        (date(2026, 3, 8), SUNDAY, date(2025, 3, 9)),
        (date(2026, 3, 7), SUNDAY, date(2025, 3, 2)),
        (date(2026, 3, 10), SATURDAY, date(2025, 3, 8)),
    ],
)
def test_the_year_begins_as_weeks_do(until: date, first_day: int, first: date):
    assert lookback.year_begins(until, first_day) == first


@pytest.mark.parametrize(
    ("kept", "due", "step"),
    [
        (0, 0, 0), (0, 5, 0), (1, 1, 4), (1, 2, 2), (1, 3, 2), (2, 3, 3), (1, 4, 1), (2, 4, 2),
        (3, 4, 3), (9, 30, 1), (10, 30, 2), (19, 30, 2), (20, 30, 3), (23, 30, 3), (29, 30, 3),
        (30, 30, 4), (1, 200, 1),
    ],
)  # fmt: skip
def test_a_day_is_as_full_as_its_share_of_what_was_due(kept: int, due: int, step: int):
    assert lookback.step(kept, due) == step


@given(st.integers(1, 200), st.data())
def test_more_is_never_a_lower_step_and_all_alone_is_the_last(due: int, data: st.DataObject):
    steps = [lookback.step(kept, due) for kept in range(due + 1)]
    assert steps == sorted(steps)
    assert [steps.count(0), steps.count(lookback.STEPS)] == [1, 1]


@pytest.mark.parametrize(
    ("kept", "due", "percent"),
    [(0, 0, None), (0, 9, 0), (9, 9, 100), (1, 3, 33), (2, 3, 66), (199, 200, 99), (1, 200, 1)],
)
def test_a_share_is_full_or_nothing_only_where_it_is(kept: int, due: int, percent: int | None):
    assert Share(kept, due).percent == percent


def test_the_weekdays_are_shares_from_the_first_day_of_the_week():
    tuesday = date(2026, 3, 10)
    shares = {
        tuesday: (2, 3),
        tuesday - timedelta(days=7): (3, 3),
        tuesday - timedelta(days=2): (0, 1),
    }
    days = [(day, Share(*share)) for day, share in shares.items()]
    found = lookback.by_weekday(days, MONDAY)
    assert found == ((0, 0), (5, 6), (0, 0), (0, 0), (0, 0), (0, 0), (0, 1))
    found = lookback.by_weekday(days, SUNDAY)
    assert found == ((0, 1), (0, 0), (5, 6), (0, 0), (0, 0), (0, 0), (0, 0))
    assert lookback.by_weekday((), SATURDAY) == ((0, 0),) * 7


@pytest.mark.parametrize(("leaders", "named"), [("", ""), ("a", "a"), ("ab", "ab"), ("abc", "")])
def test_at_most_two_stand_out(leaders: str, named: str):
    assert lookback.named(leaders) == tuple(named)
