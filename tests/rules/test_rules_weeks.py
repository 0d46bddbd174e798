"""Weeks: from which day to which, also around a change of the day on which they begin."""

from calendar import MONDAY, SATURDAY, SUNDAY
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.weeks import FIRST_DAYS, MONDAYS, Weeks, beginning_on, weeks_of

DAY = timedelta(days=1)
# 2 March 2026 is a Monday.
NEAR = st.integers(-400, 400).map(lambda days: date(2026, 3, 2) + days * DAY)


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("first_day", "day", "week"),
    [
        pytest.param(MONDAY, 2, (2, 8), id="Monday is the first"),
        pytest.param(MONDAY, 8, (2, 8), id="Sunday the last"),
        pytest.param(MONDAY, 5, (2, 8), id="Thursday between"),
        pytest.param(SUNDAY, 8, (8, 14), id="Sunday is the first"),
        pytest.param(SUNDAY, 14, (8, 14), id="Saturday the last"),
        pytest.param(SATURDAY, 7, (7, 13), id="Saturday is the first"),
        pytest.param(SATURDAY, 13, (7, 13), id="Friday the last"),
    ],
)
def test_a_week_has_seven_days_from_its_first(first_day, day, week):
    weeks = beginning_on(first_day)

    assert weeks.period(march(day)) == tuple(map(march, week))
    assert weeks.first_day(march(day)) == first_day


@pytest.mark.parametrize("first_day", FIRST_DAYS)
def test_weeks_go_back_before_any_day_that_they_were_told(first_day):
    first, last = beginning_on(first_day).period(date(1999, 12, 31))

    assert first.weekday() == first_day
    assert first <= date(1999, 12, 31) <= last == first + 6 * DAY


@pytest.mark.parametrize(
    ("changed_on", "first_day", "weeks"),
    [
        pytest.param(4, SUNDAY, [(2, 8), (9, 14), (15, 21)], id="to Sunday, on Wednesday"),
        pytest.param(2, SUNDAY, [(2, 8), (9, 14), (15, 21)], id="to Sunday, on Monday"),
        pytest.param(8, SUNDAY, [(2, 8), (9, 14), (15, 21)], id="to Sunday, on Sunday"),
        pytest.param(9, SUNDAY, [(2, 8), (9, 15), (16, 21), (22, 28)], id="a week later"),
        pytest.param(4, SATURDAY, [(2, 8), (9, 13), (14, 20)], id="to Saturday"),
        pytest.param(4, MONDAY, [(2, 8), (9, 15), (16, 22)], id="to what it was"),
    ],
)
def test_a_change_leaves_the_week_as_it_is_and_a_short_one_leads_over(changed_on, first_day, weeks):
    changed = MONDAYS.after(march(changed_on), first_day)

    for first, last in weeks:
        for day in range(first, last + 1):
            assert changed.period(march(day)) == (march(first), march(last))


def test_a_change_before_the_last_one_applied_takes_its_place():
    once = MONDAYS.after(march(4), SUNDAY)

    assert once.after(march(6), MONDAY) == MONDAYS
    # In the short week too: it is whole again.
    assert once.after(march(10), MONDAY) == MONDAYS
    for day in (6, 10):
        assert once.after(march(day), SATURDAY) == MONDAYS.after(march(day), SATURDAY)


@pytest.mark.parametrize("day", [5, 10, 15, 30])
def test_to_choose_again_what_was_chosen_changes_nothing(day: int):
    once = MONDAYS.after(march(4), SUNDAY)

    assert once.after(march(day), SUNDAY) == once


def test_a_change_after_the_last_one_applied_begins_a_short_week():
    once = MONDAYS.after(march(4), SUNDAY)

    assert once.after(march(15), MONDAY).period(march(22)) == (march(22), march(22))


def test_the_weeks_of_the_database_are_their_anchors():
    changed = MONDAYS.after(march(4), SUNDAY)

    assert weeks_of(list(changed.anchors)) == changed
    assert changed == Weeks((*MONDAYS.anchors, march(15)))


@given(
    st.sampled_from(FIRST_DAYS), st.lists(st.tuples(NEAR, st.sampled_from(FIRST_DAYS)), max_size=4)
)
def test_weeks_follow_one_another_without_a_gap_and_what_is_gone_stays(first_day, changes):
    weeks = beginning_on(first_day)
    for day, to in sorted(changes):
        before, weeks = weeks, weeks.after(day, to)
        gone = before.period(day)[0] - DAY
        assert weeks.period(gone) == before.period(gone)
    day = date(2025, 1, 1)
    while day < date(2027, 6, 1):
        first, last = weeks.period(day)
        assert first <= day <= last <= first + 6 * DAY
        assert weeks.period(first) == weeks.period(last) == (first, last)
        day = last + DAY
    assert weeks.first_day(day) == (sorted(changes)[-1][1] if changes else first_day)
