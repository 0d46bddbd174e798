"""The mood of the pet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.mood import Mood, mood, slept_through

TODAY = date(2026, 3, 10)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("due", "kept_due", "kept_today", "asleep", "hour", "face"),
    [
        pytest.param(3, 3, True, False, 9, Mood.PROUD, id="all kept"),
        pytest.param(1, 1, True, True, 23, Mood.PROUD, id="all kept comes before all else"),
        pytest.param(3, 1, True, False, 9, Mood.HAPPY, id="one kept"),
        pytest.param(3, 2, True, True, 23, Mood.HAPPY, id="one kept wakes and calms"),
        pytest.param(3, 0, True, False, 23, Mood.HAPPY, id="only what was not due kept"),
        pytest.param(0, 0, True, False, 9, Mood.HAPPY, id="kept on a day with nothing due"),
        pytest.param(3, 0, False, True, 9, Mood.ASLEEP, id="quiet days, morning"),
        pytest.param(3, 0, False, True, 23, Mood.ASLEEP, id="sleep comes before eagerness"),
        pytest.param(0, 0, False, True, 23, Mood.ASLEEP, id="a rest"),
        pytest.param(3, 0, False, False, 12, Mood.EAGER, id="noon"),
        pytest.param(1, 0, False, False, 23, Mood.EAGER, id="evening"),
        pytest.param(3, 0, False, False, 11, Mood.CONTENT, id="before noon"),
        pytest.param(3, 0, False, False, 0, Mood.CONTENT, id="after midnight"),
        pytest.param(0, 0, False, False, 23, Mood.CONTENT, id="nothing due"),
    ],
)
def test_the_first_mood_that_applies_shows(due, kept_due, kept_today, asleep, hour, face):
    assert mood(due, kept_due, kept_today, asleep, hour) is face


@given(st.integers(0, 200), st.data(), st.booleans(), st.integers(0, 23))
def test_a_commit_always_wakes(due, data, asleep, hour):
    kept_due = data.draw(st.integers(0, due))

    assert mood(due, kept_due, True, asleep, hour) in {Mood.PROUD, Mood.HAPPY}


def test_no_mood_is_a_reproach():
    assert {face.value for face in Mood} == {"proud", "happy", "asleep", "eager", "content"}


@pytest.mark.parametrize(
    ("first_due", "last_kept", "slept"),
    [
        pytest.param(None, None, False, id="nothing was ever due"),
        pytest.param(None, ago(9), False, id="nothing is due any more"),
        pytest.param(ago(0), None, False, id="the first day"),
        pytest.param(ago(2), None, False, id="two closed days"),
        pytest.param(ago(3), None, True, id="three closed days"),
        pytest.param(ago(99), None, True, id="never kept"),
        pytest.param(ago(99), ago(4), True, id="last kept four days ago"),
        pytest.param(ago(99), ago(3), False, id="last kept three days ago"),
        pytest.param(ago(99), ago(1), False, id="kept yesterday"),
        pytest.param(ago(99), ago(0), False, id="kept today"),
        pytest.param(ago(99), ago(-1), False, id="kept tomorrow, after a flight west"),
        pytest.param(ago(2), ago(9), False, id="kept before anything was due"),
    ],
)
def test_the_pet_sleeps_after_three_closed_days_with_nothing_kept(first_due, last_kept, slept):
    assert slept_through(first_due, last_kept, TODAY) is slept


@given(st.integers(0, 10), st.sets(st.integers(0, 10)))
def test_sleep_agrees_with_looking_at_each_of_the_three_days(first_due, kept):
    three_quiet_days = all(days <= first_due and days not in kept for days in (1, 2, 3))
    kept_today = 0 in kept
    last_kept = ago(min(kept)) if kept else None

    assert slept_through(ago(first_due), last_kept, TODAY) is (three_quiet_days and not kept_today)
