"""Terms: which are in force, what one stretch is, and which days a week or month of it has."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.schedule import Kind, Period, Schedule, Term, Timetable
from app.rules.weeks import MONDAYS, beginning_on

DAY = timedelta(days=1)
START = date(2026, 3, 10)
SUNDAY = 6
EVER = date.max


def march(day: int) -> date:
    return date(2026, 3, day)


def daily(day: int, kind: Kind = Kind.CHECK) -> Term:
    return Term(march(day), kind=kind, target=1000)


def weekdays(day: int, *numbers: int) -> Term:
    return Term(march(day), Schedule.WEEKDAYS, weekdays=sum(1 << n for n in numbers))


def weekly(day: int, times: int, kind: Kind = Kind.CHECK) -> Term:
    return Term(march(day), Schedule.WEEKLY, kind, times=times)


def monthly(on: date, times: int) -> Term:
    return Term(on, Schedule.MONTHLY, times=times)


def timetable(*terms: Term) -> Timetable:
    return Timetable(terms)


def test_a_term_is_daily_and_ticked_unless_it_says_otherwise():
    assert Term(START).schedule is Schedule.DAILY
    assert Term(START).kind is Kind.CHECK
    assert Timetable.daily(START) == timetable(Term(START))


def test_a_habit_starts_with_its_first_term():
    assert timetable(daily(10), weekly(20, 3)).starts_on == START


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param((), id="none"),
        pytest.param((daily(20), daily(10)), id="out of order"),
        pytest.param((daily(10), weekly(10, 2)), id="two on one day"),
    ],
)
def test_a_timetable_without_an_order_is_refused(terms):
    with pytest.raises(ValueError):
        Timetable(terms)


@pytest.mark.parametrize(
    ("terms", "plain"),
    [
        pytest.param([daily(10)], True, id="daily"),
        pytest.param([daily(10), daily(12)], True, id="daily, and daily again"),
        pytest.param([daily(10, Kind.AT_LEAST)], False, id="an amount"),
        pytest.param([weekdays(10, 0)], False, id="weekdays"),
        pytest.param([daily(10), weekly(12, 7)], False, id="seven a week"),
        pytest.param([weekly(10, 7), daily(12)], False, id="daily by now"),
    ],
)
def test_plain_is_what_asks_for_a_tick_every_day(terms, plain):
    assert timetable(*terms).is_plain is plain


def test_the_database_tells_terms_in_json():
    text = (
        '[["2026-03-10", "weekdays", "check", 17, 1, 1, 0],'
        ' ["2026-03-20", "every", "at_least", 0, 1, 3, 2500]]'
    )

    assert Timetable.of(text) == timetable(
        weekdays(10, 0, 4), Term(march(20), Schedule.EVERY, Kind.AT_LEAST, 0, 1, 3, 2500)
    )


@pytest.mark.parametrize(
    ("day", "place"), [(1, 0), (10, 0), (14, 0), (15, 1), (19, 1), (20, 2), (31, 2)]
)
def test_a_term_is_in_force_until_the_next(day, place):
    terms = (daily(10), weekly(15, 3), weekly(20, 2))

    assert Timetable(terms).term(march(day)) is terms[place]


@pytest.mark.parametrize(
    ("terms", "day", "stretch"),
    [
        pytest.param([weekly(10, 3)], 12, (10, None), id="one"),
        pytest.param([weekly(10, 3), weekly(15, 2)], 12, (10, None), id="other numbers"),
        pytest.param([weekly(10, 3), weekly(15, 2)], 15, (10, None), id="from the second too"),
        pytest.param([weekly(10, 3), daily(15)], 12, (10, 14), id="another schedule"),
        pytest.param([weekly(10, 3), daily(15)], 15, (15, None), id="that itself"),
        pytest.param([weekly(10, 3), weekly(15, 3, Kind.AT_MOST)], 12, (10, 14), id="another kind"),
        pytest.param([daily(10), weekly(12, 1), weekly(14, 2), daily(16)], 14, (12, 15), id="mid"),
        pytest.param([weekly(10, 1), daily(12), weekly(14, 1)], 14, (14, None), id="as before"),
    ],
)
def test_terms_with_one_schedule_and_kind_are_one_stretch(terms, day, stretch):
    first, last = stretch

    assert timetable(*terms).stretch(march(day)) == (march(first), march(last) if last else EVER)


@pytest.mark.parametrize(
    ("terms", "day", "days", "is_cut"),
    [
        pytest.param([weekly(2, 3)], 11, (9, 15), False, id="a week"),
        pytest.param([weekly(11, 3)], 13, (11, 15), False, id="begun on Wednesday"),
        pytest.param([weekly(2, 3), daily(12)], 10, (9, 11), True, id="cut at its end"),
        pytest.param([weekly(2, 3), daily(16)], 10, (9, 15), False, id="a change after its end"),
        pytest.param([daily(2), weekly(12, 3)], 13, (12, 15), False, id="cut at its beginning"),
        pytest.param([weekly(2, 3), weekly(12, 1)], 10, (9, 15), False, id="other numbers"),
    ],
)
def test_a_week_is_cut_to_its_stretch(terms, day, days, is_cut):
    period = timetable(*terms).period(march(day), MONDAYS)

    assert (period.first, period.last) == tuple(map(march, days))
    assert (period.full, period.is_cut) == (7, is_cut)


def test_a_week_or_month_is_judged_by_its_newest_term():
    known = timetable(weekly(2, 3), weekly(12, 1), weekly(16, 2))

    assert known.period(march(9), MONDAYS).term == weekly(12, 1)
    assert known.period(march(9), beginning_on(SUNDAY)).first == march(8)


@pytest.mark.parametrize(
    ("begins", "day", "days", "full"),
    [
        pytest.param(date(2026, 1, 1), date(2026, 2, 9), (1, 28), 28, id="February"),
        pytest.param(date(2024, 1, 1), date(2024, 2, 9), (1, 29), 29, id="of a leap year"),
        pytest.param(date(2026, 3, 30), date(2026, 3, 31), (30, 31), 31, id="begun late"),
    ],
)
def test_a_month_has_the_days_of_the_calendar(begins, day, days, full):
    period = timetable(monthly(begins, 4)).period(day, MONDAYS)

    assert (period.first.day, period.last.day, period.full) == (*days, full)


@pytest.mark.parametrize(
    ("times", "full", "available", "needed"),
    [
        (3, 7, 7, 3), (3, 7, 0, 0), (3, 7, 1, 0), (3, 7, 2, 1), (3, 7, 3, 1), (3, 7, 4, 2),
        (1, 7, 3, 0), (1, 7, 4, 1), (7, 7, 4, 4), (1, 28, 14, 1), (1, 28, 13, 0),
        (28, 31, 31, 28), (28, 28, 3, 3), (1, 30, 15, 1), (1, 31, 15, 0),
    ],
)  # fmt: skip
def test_a_period_asks_for_its_share_rounded_half_up(times, full, available, needed):
    period = Period(march(1), march(7), full, False, weekly(1, times))

    assert period.needed(available) == needed


def test_an_amount_asks_for_one():
    assert Period(march(2), march(8), 7, False, weekly(2, 5, Kind.AT_LEAST)).needed(7) == 1


@pytest.mark.parametrize(
    ("terms", "days", "legs"),
    [
        pytest.param([daily(10)], (10, 20), [(0, 10, 20)], id="from the first on"),
        pytest.param([daily(10), weekly(15, 3)], (10, 20), [(0, 10, 14), (1, 15, 20)], id="each"),
        pytest.param([daily(10), weekly(15, 3)], (15, 16), [(1, 15, 16)], id="the later alone"),
        pytest.param([daily(10)], (12, 11), [], id="no days"),
    ],
)
def test_legs_are_the_terms_in_force_with_their_days(terms, days, legs):
    found = list(timetable(*terms).legs(*map(march, days)))

    assert found == [(terms[n], march(first), march(last)) for n, first, last in legs]


def test_a_change_is_one_of_the_schedule_alone():
    terms = (daily(2), daily(4, Kind.AT_LEAST), weekly(6, 1), weekly(8, 3), daily(10))

    assert Timetable(terms).changes == {march(6), march(10)}


@given(
    st.sets(st.integers(1, 31), min_size=1, max_size=5),
    st.lists(st.sampled_from([Schedule.WEEKLY, Schedule.DAILY, Schedule.MONTHLY]), min_size=5),
    st.sampled_from([0, 5, SUNDAY]),
)
def test_the_days_of_a_period_share_it(starts, schedules, first_day):
    terms = [Term(march(day), how) for day, how in zip(sorted(starts), schedules, strict=False)]
    known, weeks = Timetable(tuple(terms)), beginning_on(first_day)
    for number in range(60):
        day = known.starts_on + number * DAY
        if known.term(day).is_periodic:
            period = known.period(day, weeks)
            assert period.first <= day <= period.last
            assert known.period(period.first, weeks) == known.period(period.last, weeks) == period
            assert known.term(period.last) is period.term
