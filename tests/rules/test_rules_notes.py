"""A note: its lines, and the days that it may be about."""

from datetime import date, timedelta

import pytest

from app.rules.errors import Invalid
from app.rules.names import clean_lines
from app.rules.notes import check_day

TODAY = date(2026, 3, 10)
FIRST = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("\n\n  one \t two  \n\n three\n\n", "one two\n\nthree"),
        ("e\u0301", "\u00e9"),
        ("\u200b\n \n\u3164", ""),
        ("  \r\n ", ""),
    ],
)
def test_line_breaks_stay_and_nothing_else_that_is_blank(typed: str, kept: str):
    assert clean_lines(typed) == kept


@pytest.mark.parametrize("typed", ["a\0b", "one\n\x1b[2J", "one\n\ud800", "\u202e"])
def test_no_line_holds_what_a_name_may_not(typed: str):
    with pytest.raises(ValueError, match="control"):
        clean_lines(typed)


def test_a_note_is_about_a_day_from_the_first_to_today():
    for day in (FIRST, TODAY):
        check_day(day, FIRST, TODAY)
    for day in (FIRST - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid, match="from 2026-01-01 to 2026-03-10"):
            check_day(day, FIRST, TODAY)
    with pytest.raises(Invalid, match="starts on 2026-03-11"):
        check_day(TODAY, TODAY + timedelta(days=1), TODAY)
