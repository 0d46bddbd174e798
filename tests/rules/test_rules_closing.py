"""Many alike at once: what a stretch brings is what its occasions bring one by one.

That whole habits are closed rightly is in test_rules_fold_random.py.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import fold, occasions
from app.rules.rests import NEVER, Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import Fold, History, nothing
from app.rules.sums import Sums
from app.rules.walk import Walk, alternating
from app.rules.weeks import FIRST_DAYS, MONDAYS
from tests.rules.slow_habits import Habit

DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)
SMALL = st.integers(0, 9)


def every(days: int, starts: int = 0) -> Term:
    return Term(FIRST + starts * DAY, Schedule.EVERY, every=days)


@pytest.mark.parametrize(
    ("terms", "kept", "on", "shown"),
    [
        # Missed when the first due day has closed, and again six due days later.
        pytest.param([every(6)], [0, 6], 12, (2, 1), id="due and not closed yet"),
        pytest.param([every(6)], [0, 6], 13, (2, 0), id="the first miss, held"),
        pytest.param([every(6)], [0, 6], 18, (2, 0), id="five days on"),
        pytest.param([every(6)], [0, 6], 19, (0, 0), id="the second miss"),
        pytest.param([every(6)], [0, 6, 13], 20, (0, 0), id="a keep counts from nothing again"),
        pytest.param([every(6)], [0, 6, 14, 20], 28, (4, 0), id="a shield won holds too"),
        pytest.param(
            [every(6), Term(FIRST + 13 * DAY), every(6, 14)],
            [0, 6, 13], 20, (0, 0), id="and so does another schedule",
        ),
        pytest.param(
            [Term(FIRST, Schedule.WEEKLY, times=3), Term(FIRST + 16 * DAY)],
            [0, 1, 2, 7, 8, 9, 16], 17, (3, 1), id="a week that is cut is not missed",
        ),
        pytest.param(
            [Term(FIRST, Schedule.WEEKLY, times=3)],
            [0, 1, 2, 7, 8, 9, 16], 21, (2, 0), id="a whole one is",
        ),
        pytest.param(
            [Term(FIRST, Schedule.WEEKLY, times=3)],
            [0, 1, 2, 7, 8, 9], 28, (0, 0), id="and one in which nothing was kept",
        ),
    ],
)  # fmt: skip
def test_closed_days_miss_what_was_asked(terms, kept, on, shown):
    days, day = [FIRST + number * DAY for number in kept], FIRST + on * DAY
    timetable = Timetable(tuple(terms))
    found = fold.on_day(nothing(timetable), History(timetable, days), day)

    assert (found.run, found.shields) == shown
    right = Habit(terms, days).shown(day)
    assert (right.run, right.shields) == shown


def test_resting_days_are_no_days_since_the_last_keep():
    timetable = Timetable.daily(FIRST)
    quiet = Quiet.of([(FIRST + 2 * DAY, FIRST + 3 * DAY)])
    history = History(timetable, [FIRST], quiet=quiet)

    assert fold.advance(nothing(timetable), history, FIRST + 5 * DAY).idle == 3


@pytest.mark.parametrize(
    ("term", "wins_at"),
    [
        (Term(FIRST), 7),
        (Term(FIRST, Schedule.WEEKDAYS, weekdays=1), 4),
        (Term(FIRST, Schedule.WEEKDAYS, weekdays=3), 7),
        (every(3), 7),
        (every(4), 4),
        (Term(FIRST, Schedule.WEEKLY), 4),
        (Term(FIRST, Schedule.WEEKLY, times=2), 7),
        (Term(FIRST, Schedule.WEEKLY, Kind.AT_MOST, times=2), 4),
        (Term(FIRST, Schedule.MONTHLY, times=8), 4),
        (Term(FIRST, Schedule.MONTHLY, times=9), 7),
        (Term(FIRST, Schedule.MONTHLY, Kind.AT_LEAST, times=9, target=1), 4),
    ],
)
def test_fewer_of_what_is_rare_win_a_shield(term, wins_at):
    assert occasions.wins_at(term) == wins_at


def test_when_fewer_win_a_shield_than_are_counted_already_the_next_one_does():
    walk = Walk(Fold(FIRST, run=6, best=6, toward=6, since=FIRST))

    walk.keep(FIRST, 4, 2)

    assert (walk.shields, walk.toward) == (2, 1)


@pytest.mark.parametrize(
    ("last", "listed", "stretches"),
    [
        pytest.param(5, [], [(3, 3, False)], id="none"),
        pytest.param(5, [3, 4, 5], [(3, 3, True)], id="all"),
        pytest.param(9, [4, 5, 9], [(3, 1, False), (4, 2, True), (6, 3, False), (9, 1, True)]),
        pytest.param(6, [3, 5], [(3, 1, True), (4, 1, False), (5, 1, True), (6, 1, False)]),
        pytest.param(2, [], [], id="no numbers at all"),
    ],
)
def test_numbers_come_in_stretches_that_are_listed_or_not(last, listed, stretches):
    assert alternating(3, last, listed) == stretches
    others = [(first, many, not kept) for first, many, kept in stretches]
    assert alternating(3, last, listed, is_kept=False) == others


@given(st.integers(0, 6), SMALL, st.integers(0, 2), st.integers(1, 20), st.sampled_from([4, 7]))
def test_a_stretch_kept_brings_what_its_occasions_bring(toward, run, shields, many, wins_at):
    state = Fold(FIRST, run=run, best=9, toward=toward, shields=shields, since=FIRST, strength=0.3)
    at_once, one_by_one = Walk(state), Walk(state)

    at_once.close([(1, many, True)], wins_at, 0.9)
    for number in range(1, many + 1):
        one_by_one.close([(number, 1, True)], wins_at, 0.9)

    right = one_by_one.state(FIRST)
    assert at_once.state(FIRST) == right._replace(strength=pytest.approx(right.strength))


@given(SMALL, st.integers(0, 2), st.integers(1, 20))
def test_a_stretch_missed_brings_what_its_occasions_bring(run, shields, many):
    state = Fold(FIRST, run=run, best=9, toward=min(run, 3), shields=shields, strength=0.3)
    at_once, one_by_one = Walk(state), Walk(state)

    at_once.close([(1, many, False)], 7, 0.9)
    for number in range(1, many + 1):
        one_by_one.close([(number, 1, False)], 7, 0.9)

    right = one_by_one.state(FIRST)
    assert at_once.state(FIRST) == right._replace(strength=pytest.approx(right.strength))
    assert at_once.held == one_by_one.held
    assert at_once.can_lose is (at_once.run > 0)


@given(st.integers(1, 127), st.integers(0, 20), st.integers(0, 30))
def test_the_days_of_a_week_are_numbered_in_order(weekdays, skipped, many):
    term = Term(FIRST, Schedule.WEEKDAYS, weekdays=weekdays)
    own, first = occasions.own_days(term), (FIRST + skipped * DAY).toordinal()
    days = range(first, first + many)
    right = [day for day in days if occasions.is_own(term, date.fromordinal(day))]

    numbers = range(own.number(first), own.number(first + many))
    assert [own.day(number).toordinal() for number in numbers] == right
    assert list(own.numbers(days)) == list(numbers)


def test_every_day_is_a_number_of_its_own():
    own = occasions.own_days(Term(FIRST))

    assert list(own.numbers([5, 7])) == [5, 7]
    assert (own.number(5), own.day(FIRST.toordinal())) == (5, FIRST)


@given(
    st.sampled_from([Schedule.WEEKLY, Schedule.MONTHLY]), st.booleans(), st.integers(0, 40),
    st.integers(0, 70), st.lists(st.sampled_from(FIRST_DAYS), max_size=2),
)  # fmt: skip
def test_periods_follow_one_another_without_a_gap(schedule, is_cut, begins, many, first_days):
    first = FIRST + begins * DAY
    last = first + many * DAY
    then = Term(last + 3 * DAY, schedule, times=2)
    if is_cut:
        then = Term(last + 3 * DAY, schedule, Kind.AT_LEAST, target=2)
    timetable = Timetable((Term(FIRST, schedule, times=3), then))
    weeks = MONDAYS
    for place, first_day in enumerate(first_days):
        weeks = weeks.after(FIRST + 19 * place * DAY, first_day)
    days = [first + n * DAY for n in range((last - first).days + 1)]

    right = dict.fromkeys(timetable.period(day, weeks) for day in days)
    assert list(timetable.periods(first, last, weeks)) == list(right)


def test_legs_are_the_terms_of_some_days():
    terms = (Term(FIRST), Term(FIRST + 3 * DAY, times=2), Term(FIRST + 9 * DAY, times=3))
    legs = list(Timetable(terms).legs(FIRST + DAY, FIRST + 5 * DAY))

    assert legs == [
        (terms[0], FIRST + DAY, FIRST + 2 * DAY),
        (terms[1], FIRST + 3 * DAY, FIRST + 5 * DAY),
    ]
    assert list(Timetable(terms).legs(FIRST + DAY, FIRST)) == []


@pytest.mark.parametrize(
    ("first", "last", "total", "reached"),
    [
        pytest.param(0, 9, 5, 1, id="with the first amount"),
        pytest.param(0, 9, 6, 3, id="not with one of nothing"),
        pytest.param(2, 9, 5, 7, id="what came before is not counted"),
        pytest.param(0, 6, 9, None, id="too late"),
        pytest.param(0, 9, 99, None, id="never"),
    ],
)
def test_a_sum_is_reached_on_a_day(first, last, total, reached):
    amounts = {FIRST + number * DAY: n for number, n in ((1, 5), (2, 0), (3, 3), (7, 2))}
    sums = Sums(amounts, NEVER)

    day = sums.reached(FIRST + first * DAY, FIRST + last * DAY, total)
    assert day == (None if reached is None else FIRST + reached * DAY)


def test_sums_know_the_amounts_they_are_made_of():
    amounts = {FIRST + number * DAY: n for number, n in ((1, 5), (3, 3), (7, 2))}
    sums = Sums(amounts, Quiet.of([(FIRST + 3 * DAY, FIRST + 3 * DAY)]))

    some = FIRST + 2 * DAY, FIRST + 7 * DAY
    assert list(sums.of_days(*some)) == [(FIRST + 3 * DAY, 3), (FIRST + 7 * DAY, 2)]
    assert list(sums.of_days(*some, awake=True)) == [(FIRST + 3 * DAY, 0), (FIRST + 7 * DAY, 2)]
    assert sums.newest(FIRST + 6 * DAY) == FIRST + 3 * DAY
    assert sums.newest(FIRST) is None
