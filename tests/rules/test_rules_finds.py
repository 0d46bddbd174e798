"""Finds: their names, what brings one, and which one a day brings."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.finds import A_MONTH, NAMES, brings, number

USERS = st.integers(1, 2**63 - 1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 1))


@pytest.mark.parametrize(
    ("due", "kept_due", "commits", "good"),
    [
        pytest.param(1, 1, 1, True, id="the only one kept"),
        pytest.param(5, 5, 5, True, id="all kept"),
        pytest.param(2, 2, 0, True, id="all kept without a press of today"),
        pytest.param(12, 3, 3, True, id="three commits"),
        pytest.param(0, 0, 3, True, id="three commits with nothing due"),
        pytest.param(5, 1, 7, True, id="more than three commits"),
        pytest.param(5, 2, 2, False, id="two commits of five"),
        pytest.param(2, 1, 1, False, id="half of two"),
        pytest.param(0, 0, 0, False, id="nothing due, nothing kept"),
        pytest.param(0, 0, 2, False, id="nothing due, two commits"),
    ],
)
def test_a_find_comes_when_all_due_are_kept_or_with_the_third_commit(due, kept_due, commits, good):
    assert brings(due, kept_due, commits) is good


# Finds are stored with their number: a change of the arithmetic would change what is to come.
@pytest.mark.parametrize(
    ("user_id", "day", "found"),
    [
        (1, date(2026, 3, 1), 7),
        (1, date(2026, 3, 2), 0),
        (1, date(2026, 3, 9), 7),
        (2, date(2026, 3, 1), 4),
        (1, date(2026, 4, 1), 4),
        (1, date(2027, 3, 1), 2),
        (1099511627783, date(2028, 2, 29), 1),
        (90210, date(2026, 12, 31), 2),
    ],
)
def test_the_find_of_a_day_is_fixed(user_id, day, found):
    assert number(user_id, day) == found


def test_every_month_has_eight_different_names():
    assert len(NAMES) == 12
    for names in NAMES:
        assert len({str(name) for name in names}) == len(names) == A_MONTH


def test_no_name_comes_in_two_months():
    assert len({str(name) for names in NAMES for name in names}) == 12 * A_MONTH


@pytest.mark.parametrize("name", [str(name) for names in NAMES for name in names])
def test_a_name_stands_in_a_sentence(name):
    article, thing = name.split(" ", 1)
    open_sound = thing[0] in "aeiou" or thing == "hourglass"

    assert article == ("an" if open_sound else "a")
    assert thing == thing.lower().strip(" .")


@given(USERS, DAYS)
def test_the_same_user_finds_the_same_thing_on_the_same_day(user_id, day):
    assert number(user_id, day) == number(user_id, date.fromisoformat(day.isoformat()))
    assert 0 <= number(user_id, day) < A_MONTH


@given(USERS, DAYS, st.integers(1, 21))
def test_eight_days_of_one_month_bring_eight_different_finds(user_id, day, first):
    eight = [number(user_id, day.replace(day=first + later)) for later in range(A_MONTH)]

    assert sorted(eight) == list(range(A_MONTH))


@given(USERS, DAYS)
def test_each_of_the_eight_comes_three_or_four_times_a_month(user_id, day):
    first = day.replace(day=1)
    month = [first + timedelta(days=later) for later in range(31)]
    times = Counter(number(user_id, d) for d in month if d.month == first.month)

    assert len(times) == A_MONTH
    assert set(times.values()) <= {3, 4}


def test_neighbours_and_months_have_orders_of_their_own():
    def order(user_id: int, month: int) -> tuple[int, ...]:
        return tuple(number(user_id, date(2026, month, day)) for day in range(1, A_MONTH + 1))

    of_users = {order(user_id, 3) for user_id in range(1, 101)}
    of_months = {order(1, month) for month in range(1, 13)}

    assert len(of_users) >= 95
    assert len(of_months) == 12


def test_every_find_is_equally_likely_to_open_a_month():
    firsts = Counter(number(user_id, date(2026, 3, 1)) for user_id in range(1, 8001))

    assert all(850 < times < 1150 for times in firsts.values())
