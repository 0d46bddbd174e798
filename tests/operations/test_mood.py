"""The mood of the pet in the answer to a press: that of the whole account, not of one habit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import accounts
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


def live_in(me: Actor, zone: str) -> None:
    with db.transaction() as session:
        accounts.set_preferences(session, me, None, zone)


def mood(me: Actor, outcome: Outcome) -> Mood:
    """Return the mood of an answer, which is that of the page."""
    who = make.claims(me)
    with db.reading() as session:
        page = read_day(session, who, clock.now()).pet
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


def test_a_day_that_lies_ahead_is_not_the_newest_kept_one(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=TUESDAY)
    live_in(world.ada, "Pacific/Kiritimati")
    make.keep(world.ada, world.habit, TUESDAY + timedelta(days=1))
    live_in(world.ada, "UTC")
    again = make.keep(world.ada, world.habit, TUESDAY + timedelta(days=1))
    assert mood(world.ada, again) is Mood.EAGER
    assert mood(world.ada, make.keep(world.ada, walk)) is Mood.HAPPY
    again = make.keep(world.ada, world.habit, TUESDAY + timedelta(days=1))
    assert mood(world.ada, again) is Mood.HAPPY


def test_what_somebody_else_kept_keeps_no_pet_awake(world: World, later: date):
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)), later)
    make.keep(world.ada, world.habit)
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.ASLEEP


def test_the_mood_goes_by_the_users_own_clock_and_first_day(world: World, at: Callable):
    # In Kiritimati it is past two in the night of Wednesday, in UTC noon of Tuesday.
    live_in(world.ada, "Pacific/Kiritimati")
    make.keep(world.ada, world.habit)
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.CONTENT
    # The account began on that Wednesday: on Friday two days are over, in UTC it would be three.
    at(datetime(2026, 3, 13, 8, tzinfo=UTC))
    make.keep(world.ada, world.habit)
    assert mood(world.ada, make.take_back(world.ada, world.habit)) is Mood.EAGER
