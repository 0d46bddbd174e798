"""The streak as a fold: carried on from any closed day it is what walking the calendar gives."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import fold
from app.rules.fold import Fold, Streak
from app.rules.schedule import Term, Timetable

START = date(2026, 3, 1)
DAILY = Timetable((Term(START),))


class EveryThirdDay(Timetable):
    """A rarer rhythm, told day by day: a fold must not know that days are neighbours."""

    def is_due(self, day: date) -> bool:
        return day >= self.starts_on and (day - self.starts_on).days % 3 == 0

    def due_between(self, after: date, before: date) -> bool:
        between = range(1, (before - after).days)
        return any(self.is_due(after + timedelta(days=days)) for days in between)


TIMETABLES = st.sampled_from([DAILY, EveryThirdDay((Term(START),))])
NEAR = st.integers(0, 40).map(lambda days: START + timedelta(days=days))
KEPT = st.sets(NEAR).map(sorted)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def walked(kept: list[date], timetable: Timetable, on: date) -> Streak:
    """The streak on a day that is still open, by walking every day of the calendar."""
    run = best = 0
    for number in range((on - START).days + 1):
        day = START + timedelta(days=number)
        if timetable.is_due(day) and (day in kept or day < on):
            run = run + 1 if day in kept else 0
            best = max(best, run)
    paid = walked(sorted({*kept, on}), timetable, on).run if on not in kept else run
    return Streak(run, best, paid)


@pytest.mark.parametrize(
    ("days", "on", "streak"),
    [
        pytest.param([], 10, (0, 0, 1), id="nothing kept"),
        pytest.param([8, 9], 10, (2, 2, 3), id="today still open breaks nothing"),
        pytest.param([8, 9, 10], 10, (3, 3, 3), id="kept today"),
        pytest.param([7, 8], 10, (0, 2, 1), id="yesterday went by"),
        pytest.param([1, 2, 3, 5], 5, (1, 3, 1), id="a gap begins a new run"),
        pytest.param([8, 9, 11], 10, (2, 2, 3), id="kept tomorrow, before a flight west"),
        pytest.param([1, 2, 4, 5, 6], 3, (2, 2, 3), id="a day in the past knows no later ones"),
    ],
)
def test_a_streak_counts_the_due_days_kept_in_a_row(days, on, streak):
    state = fold.nothing(DAILY)

    assert fold.streak(state, march(*days), DAILY, date(2026, 3, on)) == Streak(*streak)


def test_a_state_says_what_was_closed_and_how_much_was_kept():
    state = fold.advance(fold.nothing(DAILY), march(1, 2, 4, 5, 9), DAILY, date(2026, 3, 5))

    assert state == Fold(date(2026, 3, 5), run=2, best=2, kept=4)
    assert fold.advance(state, [], DAILY, date(2026, 3, 6)).run == 0
    assert fold.advance(state, march(6, 7, 9), DAILY, date(2026, 3, 7)) == Fold(
        date(2026, 3, 7), run=4, best=4, kept=6
    )


def test_what_is_closed_stays_as_it_is():
    state = Fold(date(2026, 3, 5), run=2, best=2, kept=4)

    assert fold.advance(state, march(1), DAILY, date(2026, 3, 5)) == state
    assert fold.advance(state, march(1), DAILY, date(2026, 3, 4)) == state


@given(KEPT, NEAR, TIMETABLES)
def test_the_streak_agrees_with_walking_the_calendar(kept, on, timetable):
    assert fold.streak(fold.nothing(timetable), kept, timetable, on) == walked(kept, timetable, on)


@given(KEPT, NEAR, NEAR, TIMETABLES)
def test_folding_on_from_any_closed_day_changes_nothing(kept, closed, on, timetable):
    on = max(on, closed + timedelta(days=1))
    state = fold.advance(fold.nothing(timetable), kept, timetable, closed)
    since = [day for day in kept if day > closed]

    assert state.kept == len(kept) - len(since)
    # Days that are folded already may come along, and count no second time.
    for days in (since, kept):
        assert fold.streak(state, days, timetable, on) == walked(kept, timetable, on)


@pytest.mark.parametrize("hours", range(-32, 33))
def test_a_day_closed_for_good_lies_before_today_on_every_clock_of_the_world(hours: int):
    today = date(2026, 3, 10)
    elsewhere = today + timedelta(days=hours // 24)

    assert fold.closes(today) < elsewhere
