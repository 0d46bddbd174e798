"""Streaks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.schedule import Schedule, Timetable
from app.rules.streak import Streak, current, replay, run_ending_on

START = date(2026, 3, 1)
DAILY = Timetable((Schedule(START),))


class EveryThirdDay(Timetable):
    """A rarer rhythm, told day by day: streaks must not know that days are neighbours."""

    def is_due(self, day: date) -> bool:
        return day >= self.starts_on and (day - self.starts_on).days % 3 == 0

    def due_between(self, after: date, before: date) -> bool:
        between = range(1, (before - after).days)
        return any(self.is_due(after + timedelta(days=days)) for days in between)


THIRD = EveryThirdDay((Schedule(START),))
TIMETABLES = st.sampled_from([DAILY, THIRD])
NEAR = st.integers(-5, 40).map(lambda days: START + timedelta(days=days))
KEPT = st.sets(NEAR).map(sorted)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def slow_replay(kept: list[date], timetable: Timetable) -> Streak:
    """Walk every day of the calendar up to the newest kept one."""
    if not kept:
        return Streak(0, 0, None)
    run = best = 0
    for days in range((kept[-1] - kept[0]).days + 1):
        day = kept[0] + timedelta(days=days)
        if timetable.is_due(day):
            run = run + 1 if day in kept else 0
            best = max(best, run)
    return Streak(run, best, kept[-1])


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        pytest.param([], (0, 0), id="nothing kept"),
        pytest.param([1], (1, 1), id="the first day"),
        pytest.param([5, 6, 7], (3, 3), id="three in a row"),
        pytest.param([1, 2, 3, 5], (1, 3), id="a gap begins a new run"),
        pytest.param([1, 3, 4, 5, 9, 10], (2, 3), id="the best lies in the middle"),
    ],
)
def test_a_streak_counts_the_due_days_kept_in_a_row(days, streak):
    kept = march(*days)
    run, best = streak

    assert replay(kept, DAILY) == Streak(run, best, kept[-1] if kept else None)


def test_a_commit_for_an_earlier_day_joins_two_runs():
    assert replay(march(1, 2, 4, 5), DAILY).run == 2
    assert replay(march(1, 2, 3, 4, 5), DAILY).run == 5


def test_taking_back_a_day_in_the_middle_parts_a_run():
    assert replay(march(1, 2, 4, 5, 6), DAILY) == Streak(3, 3, date(2026, 3, 6))


def test_a_streak_runs_over_the_end_of_a_leap_february_and_of_a_year():
    kept = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 28)]
    kept += [date(2024, 2, 29), date(2024, 3, 1)]

    assert replay(kept, Timetable((Schedule(date(2023, 1, 1)),))) == Streak(3, 3, kept[-1])


def test_days_before_the_start_count_for_nothing():
    early = [date(2026, 2, 27), date(2026, 2, 28)]

    assert replay(early, DAILY) == Streak(0, 0, early[-1])
    assert replay(early + march(1, 2), DAILY).run == 2


def test_a_kept_day_that_was_not_due_neither_extends_nor_breaks_a_run():
    assert replay(march(1, 4, 7), THIRD).run == 3
    assert replay(march(1, 2, 4, 5, 6, 7, 8), THIRD) == Streak(3, 3, date(2026, 3, 8))


def test_a_kept_day_that_was_not_due_does_not_stand_in_for_one_that_was():
    assert replay(march(1, 4, 8), THIRD) == Streak(0, 2, date(2026, 3, 8))


def test_ten_years_without_a_gap_are_one_run():
    decade = [START + timedelta(days=days) for days in range(3650)]

    assert replay(decade, DAILY) == Streak(3650, 3650, decade[-1])
    assert run_ending_on(decade[-1], decade, DAILY) == 3650


@given(KEPT, TIMETABLES)
def test_a_replay_agrees_with_walking_the_calendar(kept, timetable):
    assert replay(kept, timetable) == slow_replay(kept, timetable)


@given(KEPT, NEAR, TIMETABLES)
def test_keeping_one_day_more_never_shortens_the_best_run(kept, day, timetable):
    more = sorted({*kept, day})

    assert replay(more, timetable).best >= replay(kept, timetable).best


@pytest.mark.parametrize(
    ("day", "days", "run"),
    [
        pytest.param(5, [], 1, id="the first commit"),
        pytest.param(5, [3, 4], 3, id="next in the run"),
        pytest.param(5, [3, 4, 5], 3, id="already among the days"),
        pytest.param(5, [3], 1, id="after a gap"),
        pytest.param(3, [1, 2, 4, 5, 6], 3, id="an earlier day, not the newest run"),
        pytest.param(1, [2, 3], 1, id="before a run"),
    ],
)
def test_a_commit_is_paid_by_the_run_that_ends_on_its_own_day(day, days, run):
    assert run_ending_on(date(2026, 3, day), march(*days), DAILY) == run


def test_a_commit_on_a_day_that_is_not_due_is_paid_by_the_run_before_it():
    assert run_ending_on(date(2026, 3, 5), march(1, 4), THIRD) == 2
    assert run_ending_on(date(2026, 3, 9), march(1, 4), THIRD) == 0


@given(NEAR, KEPT, TIMETABLES)
def test_the_run_that_ends_on_a_day_is_the_replay_up_to_it(day, kept, timetable):
    up_to_it = [*(earlier for earlier in kept if earlier < day), day]

    assert run_ending_on(day, kept, timetable) == slow_replay(up_to_it, timetable).run


@pytest.mark.parametrize(
    ("last_day", "stands"),
    [
        pytest.param(None, 0, id="nothing kept"),
        pytest.param(date(2026, 3, 10), 4, id="kept today"),
        pytest.param(date(2026, 3, 9), 4, id="kept yesterday, today is open"),
        pytest.param(date(2026, 3, 8), 0, id="yesterday went by"),
        pytest.param(date(2026, 3, 11), 4, id="kept tomorrow, after a flight west"),
    ],
)
def test_a_run_stands_until_a_due_day_has_gone_by(last_day, stands):
    assert current(4, last_day, DAILY, date(2026, 3, 10)) == stands


@given(KEPT, NEAR, TIMETABLES)
def test_the_run_as_it_stands_agrees_with_walking_the_calendar(kept, today, timetable):
    streak = replay(kept, timetable)
    closed = [today - timedelta(days=days) for days in range(1, 60)]
    open_since = streak.last_day or START
    broken = any(timetable.is_due(day) for day in closed if day > open_since)
    stands = 0 if broken else streak.run

    assert current(streak.run, streak.last_day, timetable, today) == stands
