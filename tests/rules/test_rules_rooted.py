"""When a habit has taken root."""

from datetime import date, timedelta

import pytest

from app.rules import moments, rooted
from app.rules.errors import Invalid
from app.rules.moments import Keepsake, Occasion
from app.rules.rests import NEVER, Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History

DAY = timedelta(days=1)
TODAY = date(2026, 3, 10)
START = date(2025, 1, 1)
DAILY = Term(START)
EVERY_DAY = [START + n * DAY for n in range((TODAY - START).days)]


def ago(days: int) -> date:
    return TODAY - days * DAY


def history(days: list[date], term: Term = DAILY, quiet: Quiet = NEVER) -> History:
    return History(Timetable((term,)), days, quiet=quiet)


def test_a_habit_that_was_kept_every_day_has_taken_root():
    assert rooted.is_ripe(history(EVERY_DAY), TODAY)


# From nothing a daily habit is 90 % strong after 44 perfect days, and 60 more make it 103.
@pytest.mark.parametrize(("days", "is_ripe"), [(102, False), (103, True)])
def test_it_must_have_been_strong_for_sixty_days(days: int, is_ripe: bool):
    young = history([ago(n) for n in range(days, 0, -1)], Term(ago(days)))
    assert rooted.is_ripe(young, TODAY) is is_ripe


@pytest.mark.parametrize(
    ("missed", "is_ripe"),
    [
        pytest.param([30], True, id="one miss"),
        pytest.param([30, 31], False, id="two in a row, which is 89.9"),
        pytest.param([1, 2], False, id="yesterday and the day before"),
        pytest.param([80, 81], True, id="so long ago that it was strong again"),
        pytest.param([10, 25, 40, 55], True, id="one every two weeks"),
    ],
)
def test_a_miss_is_weighed_as_strength_weighs_it(missed: list[int], is_ripe: bool):
    gone = {ago(n) for n in missed}
    kept = history([day for day in EVERY_DAY if day not in gone])
    assert rooted.is_ripe(kept, TODAY) is is_ripe


def test_today_does_not_count_yet():
    assert rooted.is_ripe(history([*EVERY_DAY, TODAY]), TODAY)
    assert rooted.is_ripe(history(EVERY_DAY), TODAY)


def test_a_rest_is_no_time_in_which_it_was_strong():
    # Strong for a week, and then a rest of two months.
    days = [ago(n) for n in range(113, 62, -1)] + [ago(1)]
    resting = Quiet.of([(ago(61), ago(2))])
    assert not rooted.is_ripe(history(days, Term(ago(113)), resting), TODAY)
    # A rest of three weeks in between moves only the beginning.
    weeks = Quiet.of([(ago(40), ago(20))])
    days = [day for day in EVERY_DAY if not weeks.covers(day)]
    assert rooted.is_ripe(history(days, quiet=weeks), TODAY)
    assert not rooted.is_ripe(history(days[-82:], Term(days[-82]), weeks), TODAY)


@pytest.mark.parametrize(
    "term",
    [
        Term(START, Schedule.WEEKDAYS, weekdays=0b10101),
        Term(START, Schedule.WEEKLY, times=3),
        Term(START, Schedule.EVERY, every=2),
    ],
    ids=lambda term: term.schedule,
)
def test_every_rhythm_can_take_root(term: Term):
    days = [day for day in EVERY_DAY if day.weekday() in {0, 2, 4}]
    if term.schedule is Schedule.EVERY:
        days = EVERY_DAY[::2]
    assert rooted.is_ripe(history(days, term), TODAY)
    assert not rooted.is_ripe(history(days[::2], term), TODAY)


def test_what_should_be_little_takes_root_after_sixty_days():
    def coffee(days: int) -> History:
        return history([], Term(ago(days), kind=Kind.AT_MOST, target=2_000))

    assert rooted.is_ripe(coffee(60), TODAY)
    assert not rooted.is_ripe(coffee(59), TODAY)
    with pytest.raises(Invalid, match="90 % strong or more for 60 days"):
        rooted.check(coffee(59), TODAY)
    rooted.check(coffee(60), TODAY)


@pytest.mark.parametrize(
    ("asked_on", "again"), [(None, True), (TODAY, False), (ago(59), False), (ago(60), True)]
)
def test_its_user_is_asked_again_after_two_months(asked_on: date | None, again: bool):
    assert rooted.may_be_offered(asked_on, TODAY) is again


def test_taking_root_is_stored_as_what_an_older_worker_can_read():
    kept = moments.rooted(7, "Walk")
    assert kept == Keepsake(Occasion.MILESTONE, 7, 0, "Walk")
    assert moments.occasion(kept.occasion, kept.number) is Occasion.ROOTED
    assert moments.occasion("milestone", 7) is Occasion.MILESTONE
    assert moments.occasion("stage", 0) is Occasion.STAGE
    assert moments.Moment(Occasion.ROOTED, 0).is_rare
