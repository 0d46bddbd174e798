"""Days that rest: a press knows of them what a page knows, whatever it is that rests."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import habits, rests
from app.queries import habit_page
from app.queries.day import Day, read_day
from app.queries.ledger import verify
from app.rules.outcome import DayState, HabitRow, Outcome
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
# Between two kept days and two others, where one shield would hold but the first.
QUIET = (TUESDAY - 3 * DAY, TUESDAY - 2 * DAY)


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def shown(world: World) -> tuple[Day, HabitRow]:
    """Return Tuesday, and the habit on it, as its page shows them; the books agree."""
    who = make.claims(world.ada)
    with db.reading() as reading:
        assert list(verify.differences(reading)) == []
        day = read_day(reading, who, NOON, habit_id=world.habit)
        return day, habit_page.page(reading, who, world.habit, day).row


def stands(world: World, outcome: Outcome) -> HabitRow:
    """Return the habit as the answer to a press and its page show it alike."""
    day, row = shown(world)
    assert (outcome.row, outcome.pet) == (row, day.pet)
    return row


def everything(world: World) -> None:
    make.rest(world.ada, None, *QUIET)


def its_pillar(world: World) -> None:
    make.rest(world.ada, world.pillar, *QUIET)


def itself(world: World) -> None:
    for day in QUIET:
        do(rests.skip, world.ada, world.habit, day)


def where_it_lived(world: World) -> None:
    do(habits.move_to, world.ada, world.habit, make.pillar(world.ada, "Mind"))
    its_pillar(world)


def another_pillar(world: World) -> None:
    make.rest(world.ada, make.pillar(world.ada, "Mind"), *QUIET)


def where_it_lives_since(world: World) -> None:
    other = make.pillar(world.ada, "Mind")
    do(habits.move_to, world.ada, world.habit, other)
    make.rest(world.ada, other, *QUIET)


def another_habit(world: World) -> None:
    other = make.habit(world.ada, world.pillar, "Walk", starts_on=date(2026, 1, 1))
    for day in QUIET:
        do(rests.skip, world.ada, other, day)


def a_stranger(world: World) -> None:
    make.rest(world.bob, None, *QUIET)


@pytest.mark.parametrize("is_known_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("what_rests", "run", "shields"),
    [
        (everything, 4, 1), (its_pillar, 4, 1), (itself, 4, 1), (where_it_lived, 4, 1),
        (another_pillar, 2, 0), (where_it_lives_since, 2, 0), (another_habit, 2, 0),
        (a_stranger, 2, 0),
    ],
)  # fmt: skip
def test_what_rests_breaks_no_run_and_costs_no_shield(
    world: World,
    what_rests: Callable[[World], None],
    run: int,
    shields: int,
    is_known_before: bool,
):
    if is_known_before:
        assert world.habit
        what_rests(world)
    for back in (5, 4, 1):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    if not is_known_before:
        what_rests(world)
    row = stands(world, make.keep(world.ada, world.habit))
    assert (row.streak, row.shields) == (run, shields)


def test_what_rests_today_is_not_due_and_a_press_elsewhere_knows_it(world: World):
    assert world.habit
    other = make.habit(world.ada, make.pillar(world.ada, "Mind"), "Sing")
    make.rest(world.ada, world.pillar, TUESDAY)
    outcome = make.keep(world.ada, other)
    day, row = shown(world)
    assert outcome.pet == day.pet
    assert (outcome.pet.due, outcome.pet.kept) == (1, 1)
    assert (row.state, row.due, row.asked) == (DayState.RESTING, False, False)


def test_a_day_that_rests_can_be_kept_and_leaves_the_run(world: World):
    for back in (2, 1):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    make.rest(world.ada, None, TUESDAY)
    outcome = make.keep(world.ada, world.habit)
    row = stands(world, outcome)
    assert (row.state, row.streak, row.due) == (DayState.KEPT, 2, False)
    assert (outcome.amount, outcome.pet.due, outcome.pet.kept) == (10, 1, 1)
    undone = stands(world, make.take_back(world.ada, world.habit))
    assert (undone.state, undone.streak) == (DayState.RESTING, 2)
