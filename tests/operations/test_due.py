"""What the answer to a press counts as due and kept: what the page of that day shows."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import habits, pillars
from app.queries import pillars as pillar_queries
from app.queries.day import read_day
from app.rules.identity import Actor
from app.rules.mood import Mood
from app.rules.outcome import Outcome, PetCard, PillarHeader
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

JANUARY = date(2026, 1, 1)


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def shown(me: Actor, pillar_id: int) -> tuple[PetCard, PillarHeader]:
    """Return the pet and the pillar as the pages of Tuesday show them."""
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, NOON, pillar_id=pillar_id)
        pillar = pillar_queries.one(session, who, pillar_id, day)
    return day.pet, pillar.header


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Return due and kept of the day, then of the habit's pillar."""
    pillar = outcome.pillars[0]
    return outcome.pet.due, outcome.pet.kept, pillar.due, pillar.kept


def agree(me: Actor, outcome: Outcome) -> bool:
    return (outcome.pet, outcome.pillars[0]) == shown(me, outcome.pillars[0].id)


@pytest.fixture
def second(world: World) -> int:
    """A second habit in the pillar of the first."""
    return make.habit(world.ada, world.pillar, "Walk", starts_on=JANUARY)


def test_a_press_counts_what_is_due_and_kept_beside_its_habit(world: World, second: int):
    make.habit(world.ada, make.pillar(world.ada, "Mind"), "Sing")
    assert counts(make.keep(world.ada, world.habit)) == (3, 1, 2, 1)
    assert counts(make.keep(world.ada, second)) == (3, 2, 2, 2)
    undone = make.take_back(world.ada, world.habit)
    assert counts(undone) == (3, 1, 2, 1)
    assert agree(world.ada, undone)


def test_all_days_of_another_habit_tell_when_it_is_due_whose_fold_is_not_known(
    world: World, second: int
):
    # With Monday, the week has as many days left as it still needs.
    execute(f"UPDATE schedules SET kind = 'weekly', times = 7 WHERE habit_id = {second}")
    make.keep(world.ada, second, TUESDAY - timedelta(days=1))
    execute("UPDATE habits SET folded_on = NULL, folded_reach = 0")
    outcome = make.keep(world.ada, world.habit)
    assert counts(outcome) == (2, 1, 2, 1)
    assert agree(world.ada, outcome)


def test_the_habits_of_an_archived_pillar_are_not_due(world: World):
    away = make.pillar(world.ada, "Mind")
    make.keep(world.ada, make.habit(world.ada, away, "Sing"))
    make.habit(world.ada, away, "Draw")
    do(pillars.archive, world.ada, away)
    outcome = make.keep(world.ada, world.habit)
    assert counts(outcome) == (1, 1, 1, 1)
    assert outcome.pet.mood is Mood.PROUD
    assert agree(world.ada, outcome)


@pytest.mark.parametrize("was_kept", [False, True])
def test_an_archived_habit_is_not_due(world: World, second: int, was_kept: bool):
    if was_kept:
        make.keep(world.ada, second)
    do(habits.archive, world.ada, second)
    outcome = make.keep(world.ada, world.habit)
    assert counts(outcome) == (1, 1, 1, 1)
    assert outcome.pet.mood is Mood.PROUD
    assert agree(world.ada, outcome)


def test_a_habit_that_starts_tomorrow_is_not_due(world: World):
    assert make.habit_of_tomorrow(world.ada, world.pillar)
    outcome = make.keep(world.ada, world.habit)
    assert counts(outcome) == (1, 1, 1, 1)
    assert outcome.pet.mood is Mood.PROUD
    assert agree(world.ada, outcome)


def test_a_habit_is_due_from_its_first_day_on(world: World, at: Callable):
    make.habit(world.ada, world.pillar, "Sing", starts_on=TUESDAY)
    assert counts(make.keep(world.ada, world.habit)) == (2, 1, 2, 1)
    at(NOON + timedelta(days=1))
    assert counts(make.keep(world.ada, world.habit)) == (2, 1, 2, 1)


def test_the_pillar_that_a_habit_has_left_counts_what_is_due_in_it(world: World, second: int):
    put_away = make.habit(world.ada, world.pillar, "Draw", starts_on=JANUARY)
    make.keep(world.ada, put_away)
    do(habits.archive, world.ada, put_away)
    assert make.habit_of_tomorrow(world.ada, world.pillar)
    make.keep(world.ada, world.habit)
    do(habits.move_to, world.ada, world.habit, make.pillar(world.ada, "Mind"))
    before = make.take_back(world.ada, world.habit).pillars[1]
    assert (before.id, before.due, before.kept) == (world.pillar, 1, 0)
    assert before == shown(world.ada, world.pillar)[1]
    make.keep(world.ada, second)
    assert shown(world.ada, world.pillar)[1].kept == 1


def test_the_pillar_that_a_habit_has_left_counts_what_is_kept_in_it(world: World, second: int):
    make.keep(world.ada, second)
    make.keep(world.ada, second, TUESDAY - timedelta(days=1))
    make.keep(world.ada, world.habit)
    do(habits.move_to, world.ada, world.habit, make.pillar(world.ada, "Mind"))
    before = make.take_back(world.ada, world.habit).pillars[1]
    assert (before.due, before.kept) == (1, 1)
    assert before == shown(world.ada, world.pillar)[1]
