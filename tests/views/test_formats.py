"""Days, times and numbers as English writes them, whichever names Babel has for them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.local import LocalProxy

from app.web import formats

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


@pytest.mark.parametrize("on", YEAR[::13], ids=str)
def test_a_day_in_english(on: date):
    weekday, month = WEEKDAYS[on.weekday()], MONTHS[on.month - 1]
    written = {name: formats.day("en", name, on) for name in (
        "weekday", "short weekday", "month", "short month", "month and year", "day and month",
        "short day", "long day",
    )}  # fmt: skip
    assert written == {
        "weekday": weekday,
        "short weekday": weekday[:3],
        "month": month,
        "short month": month[:3],
        "month and year": f"{month} 2026",
        "day and month": f"{on.day} {month[:3]}",
        "short day": f"{on.day} {month[:3]} 2026",
        "long day": f"{weekday}, {on.day} {month}",
    }


def test_a_year_before_1000_is_written_without_zeros():
    assert formats.day("en", "short day", date(476, 9, 4)) == "4 Sep 476"


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_a_time_in_english(hour: int):
    local = datetime(2026, 3, 10, hour, 5, tzinfo=UTC).replace(tzinfo=None)
    assert formats.moment("en", "moment", local) == f"10 Mar 2026, {hour:02}:05"
    assert formats.moment("en", "hour", local) == f"{hour:02}:05"


@pytest.mark.parametrize(
    ("n", "plain", "signed"),
    [(0, "0", "+0"), (12, "12", "+12"), (-3, "-3", "−3"), (1234567, "1234567", "+1234567")],
)
def test_a_number_in_english(n: int, plain: str, signed: str):
    assert formats.number("en", "number", n) == plain
    assert formats.number("en", "signed number", n) == signed


def test_every_language_has_every_pattern():
    for patterns in formats.PATTERNS.values():
        assert patterns.keys() == formats.PATTERNS["en"].keys()


def test_importing_a_macro_looks_through_no_layers_of_globals(app: Flask):
    # Several macros are imported for every answer: this is a twentieth of a commit.
    assert app.jinja_env.get_template("ui/toast.html").globals is app.jinja_env.globals


def test_nothing_that_templates_call_asks_for_the_context(app: Flask):
    # They are called without being asked, see filters._Context.
    assert not [
        name
        for name, called in app.jinja_env.globals.items()
        if type(called) is not LocalProxy and hasattr(called, "jinja_pass_arg")
    ]
