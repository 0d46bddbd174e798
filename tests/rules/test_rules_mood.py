"""The mood of the pet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.mood import Mood, mood

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
