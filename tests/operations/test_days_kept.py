"""The days kept with a pet: each once, given to and taken from the pet that earned on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import pets
from app.queries.ledger import verify
from app.rules.identity import Actor
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def another_pet(me: Actor) -> None:
    """Welcome a second pet, which is the active one from now on."""
    with db.transaction() as session:
        session.execute(text("UPDATE pets SET best_stage = 3 WHERE user_id = :me"), _of(me))
    with db.transaction() as session:
        assert pets.welcome(session, me, 1, "Kiwi", "owl", "sky").is_new


def days_kept(me: Actor) -> list[int]:
    """Return the days of every pet, the first one in front, when every balance fits the ledger."""
    with db.reading() as session:
        assert list(verify.differences(session)) == []
        found = text("SELECT days_kept FROM pets WHERE user_id = :me ORDER BY id")
        return list(session.scalars(found, _of(me)))


def _of(me: Actor) -> dict[str, int]:
    return {"me": me.user_id}


def test_a_day_stays_with_the_pet_that_earned_something_else_on_it(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk")
    make.keep(world.ada, world.habit)
    make.keep(world.ada, walk)
    another_pet(world.ada)
    make.take_back(world.ada, walk)
    assert days_kept(world.ada) == [1, 0]
    make.take_back(world.ada, world.habit)
    assert days_kept(world.ada) == [0, 0]


def test_what_another_pet_earned_holds_no_day_of_this_one(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk")
    make.keep(world.ada, world.habit)
    another_pet(world.ada)
    outcome = make.keep(world.ada, walk)
    assert outcome.pet.days_kept == 1
    assert days_kept(world.ada) == [1, 1]
    outcome = make.take_back(world.ada, world.habit)
    assert outcome.pet.days_kept == 1
    assert days_kept(world.ada) == [0, 1]


def test_a_day_that_gave_no_xp_counts_for_no_pet(world: World):
    old = TUESDAY - timedelta(days=20)
    assert make.keep(world.ada, world.habit, old).pet.days_kept == 0
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=old)
    make.keep(world.ada, walk, old)
    assert make.take_back(world.ada, world.habit, old).pet.days_kept == 0
    assert days_kept(world.ada) == [0]


def test_what_came_too_late_for_xp_holds_no_day(world: World, at: Callable):
    walk = make.habit(world.ada, world.pillar, "Walk")
    make.keep(world.ada, walk)
    at(NOON + timedelta(days=10))
    assert make.keep(world.ada, world.habit, TUESDAY).amount == 0
    make.take_back(world.ada, walk, TUESDAY)
    assert days_kept(world.ada) == [0]
