"""The fold: runs with shields, states closed for good, and the diary that is kept as days come.

That a habit of any rhythm is right on any day is in test_rules_habit_cases.py and
test_rules_fold_random.py.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import fold
from app.rules.diary import Diary
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import Fold, History, nothing
from app.rules.weeks import MONDAYS
from tests.rules.slow_habits import Habit

START = date(2026, 3, 1)
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAILY = Timetable.daily(START)
WEEKLY = Timetable((Term(START, Schedule.WEEKLY, times=3),))
EVERY = Timetable((Term(START, Schedule.EVERY, every=5),))
PAGES = Timetable((Term(START, Schedule.WEEKLY, Kind.AT_LEAST, target=100),))
NUMBERS = st.integers(0, 40)
NEAR = NUMBERS.map(lambda days: START + days * DAY)
KEPT = st.sets(NEAR).map(sorted)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def kept(timetable: Timetable, *days: int) -> History:
    return History(timetable, march(*days))


@pytest.mark.parametrize(
    ("days", "on", "shown"),
    [
        pytest.param([], 10, (0, 0, 1, 1, 1), id="nothing kept"),
        pytest.param([8, 9], 10, (2, 2, 3, 3, 1), id="today still open breaks nothing"),
        pytest.param([8, 9, 10], 10, (3, 3, 3, 3, 1), id="kept today"),
        pytest.param([7, 8], 10, (2, 2, 3, 3, 0), id="yesterday went by, the shield holds"),
        pytest.param([6, 7], 10, (0, 2, 1, 1, 0), id="the day before too"),
        pytest.param([8], 10, (0, 1, 1, 1, 1), id="one is no run and costs no shield"),
        pytest.param([1, 2, 3, 5], 5, (4, 4, 4, 4, 0), id="a gap held"),
        pytest.param([*range(1, 8)], 8, (7, 7, 8, 8, 2), id="seven win a shield"),
        pytest.param([*range(1, 22)], 22, (21, 21, 22, 22, 2), id="two are the most"),
        pytest.param([*range(1, 8)], 10, (7, 7, 8, 8, 0), id="two gaps held"),
        pytest.param([*range(1, 8)], 11, (0, 7, 1, 1, 0), id="not three"),
        pytest.param([8, 9, 11], 10, (2, 2, 3, 3, 1), id="kept tomorrow, before a flight west"),
        pytest.param([1, 2, 4, 5, 6], 3, (2, 2, 3, 3, 1), id="a past day knows no later ones"),
    ],
)
def test_a_run_counts_the_days_kept_in_a_row_and_shields_hold_gaps(days, on, shown):
    found = fold.on_day(nothing(DAILY), kept(DAILY, *days), date(2026, 3, on))

    assert (found.run, found.best, found.paid, found.span, found.shields) == shown


@pytest.mark.parametrize(
    ("days", "on", "held"),
    [
        pytest.param([7, 8], 10, True, id="yesterday"),
        pytest.param([7, 8], 11, False, id="and not the next day"),
        pytest.param([7, 8, 10], 11, False, id="not the day before"),
        pytest.param([8, 9], 10, False, id="nothing to hold"),
        pytest.param([*range(1, 8)], 10, True, id="the second of two"),
    ],
)
def test_it_is_told_that_a_shield_held_yesterday(days, on, held):
    whole = fold.on_day(nothing(DAILY), kept(DAILY, *days), date(2026, 3, on))
    resting = kept(DAILY, *days)._replace(quiet=Quiet.of([(START - DAY, START - DAY)]))

    assert whole.held is held
    assert fold.on_day(nothing(DAILY), resting, date(2026, 3, on)).held is held


def test_a_state_says_what_was_closed_and_how_much_was_kept():
    history = kept(DAILY, 1, 2, 4, 5, 9)
    state = fold.advance(nothing(DAILY), history, date(2026, 3, 5))
    memory = 0.5 ** (1 / 13)

    assert state == Fold(
        date(2026, 3, 5), run=4, best=4, kept=4, toward=4, shields=0, since=START, idle=0,
        strength=pytest.approx((1 - memory**2) * memory**3 + 1 - memory**2),
    )  # fmt: skip
    gone = fold.advance(state, history, date(2026, 3, 8))
    assert (gone.run, gone.best, gone.since, gone.idle) == (0, 4, None, 3)


def test_what_is_closed_stays_as_it_is():
    state = Fold(date(2026, 3, 5), run=2, best=2, kept=4)

    assert fold.advance(state, kept(DAILY, 1), date(2026, 3, 5)) == state
    assert fold.advance(state, kept(DAILY, 1), date(2026, 3, 4)) == state


@given(KEPT, NEAR, NEAR)
def test_a_plain_habit_folded_on_from_any_closed_day_is_as_walked_slowly(days, closed, on):
    on = max(on, closed + DAY)
    history = History(DAILY, days)
    state = fold.advance(nothing(DAILY), history, closed)
    since = [day for day in days if day > closed]
    right = Habit(DAILY.terms, days).shown(on)
    right = right._replace(strength=pytest.approx(right.strength, abs=1e-9))
    if on == closed + DAY:
        # A state does not tell which day a shield held.
        right = right._replace(held=False)

    assert state.kept == len(days) - len(since)
    # Days that are folded already may come along, and count no second time.
    for known in (since, days):
        assert fold.on_day(state, history._replace(days=known), on) == tuple(right)


@pytest.mark.parametrize("hours", range(-32, 33))
@pytest.mark.parametrize("timetable", [DAILY, WEEKLY, EVERY])
def test_a_day_closed_for_good_lies_before_today_on_every_clock_of_the_world(hours, timetable):
    today = date(2026, 3, 10)
    elsewhere = today + timedelta(days=hours // 24)

    assert fold.closes(today, timetable, MONDAYS) < elsewhere


@pytest.mark.parametrize(
    ("today", "closed"),
    [
        pytest.param(10, 1, id="the week of three days ago is still open"),
        pytest.param(11, 8, id="it closed with that day"),
        pytest.param(12, 8, id="and the next one is open"),
        pytest.param(17, 8, id="until all of it is over"),
    ],
)
def test_a_week_closes_as_a_whole(today, closed):
    assert fold.closes(date(2026, 3, today), WEEKLY, MONDAYS) == date(2026, 3, closed)


def test_a_rest_that_comes_after_a_closed_week_changes_nothing_of_it():
    today = date(2026, 3, 20)
    history = kept(WEEKLY, 2, 4, 6, 9, 11)
    later = history._replace(quiet=Quiet.of([(date(2026, 3, 16), date(2026, 3, 31))]))
    closed = fold.closes(today, WEEKLY, history.weeks)

    assert closed == date(2026, 3, 15)
    begun = nothing(WEEKLY)
    assert fold.advance(begun, history, closed) == fold.advance(begun, later, closed)


@pytest.mark.parametrize(
    ("timetable", "looks_back"),
    [
        pytest.param(DAILY, 0, id="every day"),
        pytest.param(WEEKLY, 13, id="two weeks"),
        pytest.param(EVERY, 9, id="twice every five days"),
        pytest.param(PAGES, 6, id="a total"),
        pytest.param(Timetable((*EVERY.terms, Term(START + DAY))), 9, id="the longest of all"),
    ],
)
def test_how_far_a_state_looks_back(timetable, looks_back):
    assert fold.reach(timetable) == looks_back


@pytest.mark.parametrize(
    ("on", "amount"), [(1, 0), (2, 30), (4, 60), (5, 70), (8, 70), (9, 9), (10, 9)]
)
def test_an_amount_is_that_of_the_day_or_of_the_week_so_far(on, amount):
    amounts = dict(zip(march(2, 4, 5, 9, 12), (30, 30, 10, 9, 5), strict=True))
    daily = Timetable((Term(START, kind=Kind.AT_LEAST, target=50),))

    assert fold.amount(History(PAGES, (), amounts), date(2026, 3, on)) == amount
    assert fold.amount(History(daily, (), amounts), date(2026, 3, 4)) == 30


def test_a_keep_longer_ago_than_the_days_at_hand_is_known_to_the_state():
    rest = Quiet.of([(date(2026, 3, 2), date(2026, 3, 28))])
    history = History(EVERY, march(1), quiet=rest)
    state = fold.advance(nothing(EVERY), history, date(2026, 3, 30))
    cut = history._replace(days=[])

    for day in march(27, 29, 30, 31):
        assert not fold.is_due(history, day)
        assert not fold.is_due(cut, day, state)
    assert fold.is_due(history, date(2026, 4, 2))
    assert fold.is_due(cut, date(2026, 4, 2), state)
    assert not fold.is_due(cut, date(2026, 4, 1), state)
    later = fold.advance(state, history, date(2026, 4, 2))
    assert not fold.is_due(cut, date(2026, 3, 31), later)


STEPS = st.lists(st.tuples(NUMBERS, st.booleans(), st.sampled_from([0, 0, 40, 70])), max_size=40)
LIMIT = Timetable((Term(START, kind=Kind.AT_MOST, target=60),))


@given(STEPS, st.sampled_from([DAILY, WEEKLY, EVERY, PAGES, LIMIT]), st.booleans())
def test_a_diary_kept_as_days_come_is_as_if_written_at_once(steps, timetable, rests):
    quiet = Quiet.of([(START + 9 * DAY, START + 12 * DAY)] if rests else ())
    diary, days, amounts, today = Diary.empty(timetable, quiet), set(), {}, START
    for number, comes_back, amount in steps:
        day = START + number * DAY
        if amount:
            diary.add(day, amount)
            amounts[day] = amounts.get(day, 0) + amount
        elif day in days:
            diary.take_back(day)
            days.remove(day)
        else:
            diary.keep(day, NOON)
            days.add(day)
        today = max(today, day)
        if not comes_back:
            diary.close(today)
        whole = History(timetable, sorted(days), amounts, quiet=quiet)
        right = fold.on_day(nothing(timetable), whole, today)
        assert diary.on_day(today) == right._replace(
            strength=pytest.approx(right.strength, abs=1e-9)
        )
        assert set(diary.kept_at) == days
