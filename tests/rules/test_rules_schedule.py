"""When a habit is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.schedule import Schedule, Term, Timetable

START = date(2026, 3, 10)
DAILY = Timetable((Term(START),))
NEAR = st.integers(-9, 9).map(lambda days: START + timedelta(days=days))


def march(day: int) -> date:
    return date(2026, 3, day)


def test_a_term_is_daily_unless_it_says_otherwise():
    assert Term(START).schedule is Schedule.DAILY


def test_a_habit_starts_with_its_first_term():
    assert Timetable((Term(START), Term(march(20)))).starts_on == START


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param((), id="none"),
        pytest.param((Term(march(20)), Term(START)), id="out of order"),
        pytest.param((Term(START), Term(START)), id="two on one day"),
    ],
)
def test_a_timetable_without_an_order_is_refused(terms):
    with pytest.raises(ValueError):
        Timetable(terms)


def test_a_timetable_is_made_of_the_first_days_of_its_terms():
    assert Timetable.of([START, march(20)]) == Timetable((Term(START), Term(march(20))))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        pytest.param(march(9), False, id="the day before"),
        pytest.param(march(10), True, id="the first day"),
        pytest.param(march(11), True, id="the day after"),
        pytest.param(date(2036, 3, 10), True, id="ten years on"),
    ],
)
def test_a_daily_habit_is_due_from_its_first_day_on(day, due):
    assert DAILY.is_due(day) is due


@pytest.mark.parametrize(
    ("after", "before", "due"),
    [
        pytest.param(march(12), march(13), False, id="neighbours"),
        pytest.param(march(12), march(14), True, id="one day between"),
        pytest.param(march(12), march(12), False, id="the same day"),
        pytest.param(march(14), march(12), False, id="the wrong way round"),
        pytest.param(march(1), march(10), False, id="before the start"),
        pytest.param(march(1), march(11), True, id="over the start"),
        pytest.param(march(9), march(11), True, id="only the start"),
        pytest.param(march(10), march(11), False, id="from the start to its neighbour"),
    ],
)
def test_due_between_leaves_both_ends_out(after, before, due):
    assert DAILY.due_between(after, before) is due


@given(after=NEAR, before=NEAR)
def test_due_between_agrees_with_asking_day_by_day(after, before):
    between = [after + timedelta(days=days) for days in range(1, (before - after).days)]

    assert DAILY.due_between(after, before) is any(map(DAILY.is_due, between))
