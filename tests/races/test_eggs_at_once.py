"""Presses on the den at the same instant: one egg each, and one companion at every end."""

import pytest

from tests.races.crowd import at_once, counted, post, scalar
from tests.views.database import execute

pytestmark = pytest.mark.usefixtures("at")

ACTIVE = "SELECT count(*) FROM pets WHERE is_active"


@pytest.mark.parametrize("best_stage", [3, 4], ids=["one offered", "two offered"])
def test_the_same_egg_twenty_times_is_one_pet(world, best_stage):
    assert world.ada
    execute("UPDATE pets SET best_stage = :stage", stage=best_stage)
    sent = {"egg": "1", "name": "Kiwi", "species": "owl", "coat": "sky"}
    statuses = post(world, world.ada, 20, lambda _n: {"path": "/pet", "data": sent})
    assert set(statuses) == {303}
    assert (counted("pets"), scalar(ACTIVE)) == (2, 1)
    assert scalar("SELECT name FROM pets WHERE is_active") == "Kiwi"


def test_pets_taken_along_at_once_leave_one_active(world):
    client = world.signed_in(world.ada)
    execute("UPDATE pets SET best_stage = 4")
    for number in ("1", "2"):
        client.post("/pet", data={"egg": number})
    ids = [scalar(f"SELECT id FROM pets ORDER BY id LIMIT 1 OFFSET {n}") for n in range(3)]
    clients = [world.signed_in(world.ada) for _ in range(18)]
    answers = at_once(
        world.app, 18, lambda n: clients[n].post("/pet", data={"pet": str(ids[n % 3])}).status_code
    )
    assert set(answers) == {303}
    assert (counted("pets"), scalar(ACTIVE)) == (3, 1)
