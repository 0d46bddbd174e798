"""Three times a week, pressed: what the row asks, what is kept of it, the run, and its XP."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.facts import habits as facts
from app.infra import clock, db
from app.queries import habit_page
from app.queries.day import read_day
from app.queries.ledger import verify
from app.rules.outcome import DayState, HabitRow, Outcome
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
SUNDAY_BEFORE = MONDAY - 8 * DAY
# Two weeks that are over, three days each. The first was kept on its Friday.
FIRST_WEEK = (date(2026, 2, 23), date(2026, 2, 25), date(2026, 2, 27))
SECOND_WEEK = (date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6))


@pytest.fixture
def weekly(world: World) -> int:
    """Ada's habit, three times a week since January, kept in two weeks before this one."""
    habit = world.habit
    execute("UPDATE schedules SET kind = 'weekly', times = 3")
    for day in (*FIRST_WEEK, *SECOND_WEEK):
        make.keep(world.ada, habit, day)
    return habit


def stands(world: World, outcome: Outcome) -> HabitRow:
    """Return the habit as the answer to a press and its page show it alike; the books agree."""
    who = make.claims(world.ada)
    with db.reading() as reading:
        assert list(verify.differences(reading)) == []
        day = read_day(reading, who, clock.now(), habit_id=world.habit)
        page = habit_page.page(reading, who, world.habit, day)
    assert (page.row, day.pet) == (outcome.row, outcome.pet)
    return outcome.row


def folded() -> tuple[object, ...]:
    columns = "folded_on, folded_run, folded_best, folded_kept, folded_toward, folded_reach"
    with db.reading() as reading:
        return tuple(reading.exec_driver_sql(f"SELECT {columns} FROM habits").one())


def test_a_day_of_a_week_is_tallied_and_the_run_waits_for_the_last(
    world: World, weekly: int, at: Callable
):
    outcome = make.keep(world.ada, weekly)
    row = stands(world, outcome)
    assert (row.tally, row.needed, row.streak, row.state) == (1, 3, 2, DayState.KEPT)
    # Two weeks are fourteen days, of which twelve have gone by since the run's first keep.
    assert outcome.amount == (10 * (60 + 12) + 30) // 60
    row = stands(world, make.keep(world.ada, weekly, MONDAY))
    assert (row.tally, row.streak) == (2, 2)
    at(NOON + DAY)
    third = make.keep(world.ada, weekly)
    row = stands(world, third)
    assert (row.tally, row.streak, row.best) == (3, 3, 3)
    assert third.amount == (10 * (60 + 13) + 30) // 60
    undone = stands(world, make.take_back(world.ada, weekly))
    assert (undone.tally, undone.streak, undone.asked) == (2, 2, True)


def test_what_is_kept_already_is_asked_for_no_longer(world: World, weekly: int, at: Callable):
    at(NOON + 3 * DAY)
    for back in (3, 2, 1):
        outcome = make.keep(world.ada, weekly, TUESDAY + (3 - back) * DAY)
    row = stands(world, outcome)
    assert (row.state, row.asked, row.is_open, row.tally) == (DayState.IDLE, False, False, 3)


@pytest.mark.parametrize(
    ("days_on", "is_due", "is_asked"), [(2, False, True), (3, True, True), (4, False, True)]
)
def test_it_is_due_when_every_day_that_is_left_is_needed(
    world: World, weekly: int, at: Callable, days_on: int, is_due: bool, is_asked: bool
):
    at(NOON + days_on * DAY)
    outcome = make.keep(world.ada, weekly)
    row = stands(world, outcome)
    assert (row.due, outcome.pet.due, outcome.pet.kept) == (is_due, 1, 1)
    open_again = make.take_back(world.ada, weekly)
    row = stands(world, open_again)
    assert (row.due, row.asked, open_again.pet.due) == (is_due, is_asked, int(is_due))


def test_the_fold_stands_at_the_end_of_a_week_and_a_day_before_it_folds_again(
    world: World, weekly: int
):
    make.keep(world.ada, weekly)
    before = folded()
    assert before == (SUNDAY_BEFORE, 1, 1, 3, 1, 13)
    friday = FIRST_WEEK[-1]
    row = stands(world, make.take_back(world.ada, weekly, friday))
    assert (row.streak, row.best) == (1, 1)
    assert folded() == (SUNDAY_BEFORE, 0, 0, 2, 0, 13)
    again = make.keep(world.ada, weekly, friday)
    # More than a week back it earns what it had earned before: nothing.
    assert (stands(world, again).streak, again.amount) == (2, 0)
    assert folded() == before


def test_a_fold_comes_with_the_days_at_which_it_still_looks(world: World, weekly: int):
    early = SUNDAY_BEFORE - 13 * DAY
    for day in (early, early + DAY):
        make.keep(world.ada, weekly, day)
    with db.reading() as reading:
        (found,) = facts.look(reading, world.ada.user_id)
    assert found.folded_on == SUNDAY_BEFORE
    assert found.days == [early + DAY, *FIRST_WEEK, *SECOND_WEEK]
    assert found.kept == 8
