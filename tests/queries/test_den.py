"""The den: the pets that rest, and nobody else's."""

import pytest

from app.infra import db
from app.operations import pets
from app.queries import den
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import execute
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


def welcome(me: Actor, number: int, name: str) -> None:
    with db.transaction() as session:
        assert pets.welcome(session, me, number, name, "owl", "sky")


def resting(me: Actor) -> list[str]:
    who = make.claims(me)
    with db.reading() as session:
        return [pet.name for pet in den.resting(session, who)]


def test_the_pets_that_rest_are_there_the_first_in_front(world: World):
    assert resting(world.ada) == []
    execute("UPDATE pets SET name = 'Miso', best_stage = 4")
    welcome(world.ada, 1, "Kiwi")
    welcome(world.ada, 2, "Aki")
    # A row that is written anew lies behind the others.
    execute("UPDATE pets SET xp = xp WHERE name = 'Miso'")
    assert resting(world.ada) == ["Miso", "Kiwi"]


def test_the_pets_of_others_are_not_there(world: World):
    assert world.bob
    execute("UPDATE pets SET best_stage = 4")
    welcome(world.bob, 1, "Kiwi")
    assert resting(world.ada) == []
    assert len(resting(world.bob)) == 1
