"""The line of a full day: fixed by user and day, and another one from day to day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.full_day import LINES, line, told

USERS = st.integers(1, 2**63 - 1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 1))
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("user_id", "day", "said"),
    [
        (1, date(2026, 3, 10), "%(pet)s could not be happier."),
        (1, date(2026, 3, 11), "The rest of the day is yours."),
        (2, date(2026, 3, 10), "The rest of the day is yours."),
        (90210, date(2028, 2, 29), "That makes one more good day."),
    ],
)
def test_the_line_of_a_day_is_fixed(user_id: int, day: date, said: str):
    assert line(user_id, day) == said


def test_there_are_twelve_wordings_at_least_and_no_two_alike():
    assert len({str(words) for words in LINES}) == len(LINES) >= 12


def test_a_weekday_hears_them_all():
    assert len(LINES) % 7


@given(USERS, DAYS)
def test_neighbours_in_days_differ(user_id: int, day: date):
    assert line(user_id, day) != line(user_id, day + A_DAY)
    assert told(user_id, day) != told(user_id, day + A_DAY)


@given(USERS, DAYS)
def test_all_are_used_before_one_comes_again(user_id: int, day: date):
    days = [day + number * A_DAY for number in range(len(LINES))]
    for said in (line, told):
        assert {said(user_id, on) for on in days} == {str(words) for words in LINES}


@given(USERS, DAYS)
def test_the_press_is_not_answered_with_what_stands_beside_the_pet(user_id: int, day: date):
    assert told(user_id, day) != line(user_id, day)


@given(USERS, DAYS)
def test_neighbours_in_users_differ(user_id: int, day: date):
    assert line(user_id, day) != line(user_id + 1, day)


@pytest.mark.parametrize("said", [str(words) for words in LINES])
def test_a_line_is_short_calm_and_whole(said: str):
    # Beside the pet, 13.75 rem wide, more would be three lines.
    assert len(said % {"pet": "Miso"}) <= 45
    assert said.endswith(".")
    assert "!" not in said
    # A name that stands inside would begin with a capital letter where the pet has none.
    assert "%(pet)s" not in said[1:]
