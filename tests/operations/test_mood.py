"""The mood of the pet in the answer to a press: that of the whole account, not of one habit."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.queries.day import read_day
from app.rules.identity import Actor
from app.rules.mood import Mood
from app.rules.outcome import Outcome
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

LATER = TUESDAY + timedelta(days=10)


@pytest.fixture
def later(world: World, at: Callable) -> date:
    """Ten days on, with two habits that are due since January."""
    assert world.habit
    make.habit(world.ada, world.pillar, "Walk", starts_on=date(2026, 1, 1))
    at(NOON + timedelta(days=10))
    return LATER


def mood(me: Actor, outcome: Outcome) -> Mood:
    """Return the mood of an answer, which is that of the page."""
    who = make.claims(me)
    with db.reading() as session:
        page = read_day(session, who, NOON + (outcome.today - TUESDAY)).pet
    assert outcome.pet == page
    return outcome.pet.mood


@pytest.mark.parametrize("back", [1, 2, 3])
def test_another_day_of_the_same_habit_keeps_the_pet_awake(world: World, later: date, back: int):
    make.keep(world.ada, world.habit, later - timedelta(days=back))
    assert mood(world.ada, make.keep(world.ada, world.habit)) is Mood.HAPPY
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.EAGER


def test_the_pet_sleeps_again_when_nothing_else_was_kept_for_three_days(world: World, later: date):
    make.keep(world.ada, world.habit, later - timedelta(days=4))
    assert mood(world.ada, make.keep(world.ada, world.habit)) is Mood.HAPPY
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.ASLEEP


def test_filling_in_a_day_of_the_last_three_wakes_the_pet(world: World, later: date):
    filled = make.keep(world.ada, world.habit, later - timedelta(days=4))
    assert mood(world.ada, filled) is Mood.ASLEEP
    filled = make.keep(world.ada, world.habit, later - timedelta(days=3))
    assert mood(world.ada, filled) is Mood.EAGER


def test_days_before_the_account_began_put_nothing_to_sleep(world: World, at: Callable):
    # The habit starts in January, the account on this day in March.
    make.keep(world.ada, world.habit)
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.EAGER
    for days, expected in ((2, Mood.EAGER), (3, Mood.ASLEEP)):
        at(NOON + timedelta(days=days))
        make.keep(world.ada, world.habit)
        assert mood(world.ada, make.take_back(world.ada, world.habit)) is expected


def test_a_habit_that_has_just_begun_puts_nothing_to_sleep(world: World, at: Callable):
    assert world.pillar
    at(NOON + timedelta(days=10))
    fresh = make.habit(world.ada, world.pillar, "Sing")
    make.keep(world.ada, fresh)
    assert mood(world.ada, make.take_back(world.ada, fresh)) is Mood.EAGER
