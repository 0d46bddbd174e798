"""Days away: which they are, when they are offered as a rest, and how far anybody looks."""

from datetime import date, timedelta

import pytest

from app.rules import away
from app.rules.resting import Span
from app.rules.rests import NEVER, Quiet

DAY = timedelta(days=1)
# A Saturday.
TODAY = date(2026, 3, 14)


def march(day: int) -> date:
    return date(2026, 3, day)


def span(first: int, last: int) -> Span:
    return Span(march(first), march(last))


class Calendar:
    """What was due on which days of March; it counts how often somebody asks."""

    def __init__(self, *due: int) -> None:
        self.due, self.asked = due, 0

    def __call__(self, day: date) -> bool:
        self.asked += 1
        return day.month == 3 and day.day in self.due


EVERY_DAY = tuple(range(1, 32))


@pytest.mark.parametrize(
    ("due", "since", "rests", "found"),
    [
        pytest.param(EVERY_DAY, 12, NEVER, span(12, 13), id="two days"),
        pytest.param(EVERY_DAY, 13, NEVER, None, id="one day"),
        pytest.param(EVERY_DAY, 14, NEVER, None, id="kept yesterday"),
        pytest.param(EVERY_DAY, 15, NEVER, None, id="a day that lies ahead was kept"),
        pytest.param(EVERY_DAY, 1, NEVER, span(1, 13), id="two weeks"),
        pytest.param((9, 11), 6, NEVER, span(9, 11), id="days with nothing due break nothing"),
        pytest.param((11,), 6, NEVER, None, id="and count nothing"),
        pytest.param((), 6, NEVER, None, id="nothing due at all"),
        pytest.param(
            EVERY_DAY, 5, Quiet.of([(march(7), march(12))]), span(5, 13), id="a rest in between"
        ),
        pytest.param(
            EVERY_DAY, 12, Quiet.of([(march(12), march(12))]), None, id="a rest is no day away"
        ),
        pytest.param(
            EVERY_DAY, 10, Quiet.of([(march(1), date.max)]), None, id="a rest without an end"
        ),
    ],
)
def test_days_away_go_from_the_first_to_the_last_on_which_something_was_due(
    due: tuple[int, ...], since: int, rests: Quiet, found: Span | None
):
    assert away.stretch(march(since), TODAY, rests, Calendar(*due)) == found


def test_the_newest_days_come_first_and_no_more_than_asked_for():
    newest = away.newest(2, march(1), TODAY, NEVER, Calendar(3, 7, 9))
    assert newest == [march(9), march(7)]
    assert away.newest(9, march(4), TODAY, NEVER, Calendar(3, 7, 9)) == [march(9), march(7)]


def test_ten_years_away_cost_no_more_than_three_days():
    calendar = Calendar(*EVERY_DAY)
    since = TODAY - 3650 * DAY
    found = away.stretch(since, TODAY, NEVER, lambda day: calendar(day) or day < march(1))
    assert found == Span(since, march(13))
    assert calendar.asked == 3


def test_nobody_looks_further_than_a_hundred_days_that_do_not_rest():
    calendar = Calendar()
    assert away.stretch(TODAY - 3650 * DAY, TODAY, NEVER, calendar) is None
    assert calendar.asked == 100
    rested = Quiet.of([(TODAY - 300 * DAY, march(13))])
    due = {TODAY - 301 * DAY, TODAY - 302 * DAY}
    found = away.stretch(TODAY - 302 * DAY, TODAY, rested, due.__contains__)
    assert found == Span(TODAY - 302 * DAY, TODAY - 301 * DAY)


@pytest.mark.parametrize(
    ("days", "answered", "last_kept", "offered"),
    [
        pytest.param(None, None, 11, None, id="none"),
        pytest.param(span(12, 13), None, 11, span(12, 13), id="not answered"),
        pytest.param(span(12, 13), 11, 11, span(12, 13), id="answered for other days"),
        pytest.param(span(12, 13), 13, 11, None, id="answered"),
        pytest.param(span(10, 13), 11, 9, None, id="answered, and more have followed"),
        pytest.param(span(10, 13), 10, 9, None, id="answered for the first of them"),
    ],
)
def test_days_away_are_offered_once(
    days: Span | None, answered: int | None, last_kept: int, offered: Span | None
):
    said = answered and march(answered)
    assert away.offer(days, said, TODAY, march(last_kept)) == offered


def test_an_offer_goes_as_far_back_as_a_rest_may():
    long = Span(TODAY - 40 * DAY, march(13))
    assert away.offer(long, None, TODAY, long.starts_on - DAY) == long
    # Nothing was ever kept: a rest may begin two weeks ago.
    assert away.offer(long, None, TODAY, None) == Span(TODAY - 14 * DAY, march(13))
    assert away.offer(long, TODAY - 20 * DAY, TODAY, None) is None
