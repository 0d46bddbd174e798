"""Sentences on their way to the next page: the newest few, each shown once."""

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """The browser of Ada, whose plan has room."""
    return world.signed_in(world.ada)


def said(client: FlaskClient, names: list[str]) -> list[str]:
    text = client.get("/ledger").text
    return [name for name in names if f"Added: {name}." in text]


@pytest.mark.parametrize("many", [1, 3, 4, 7])
def test_the_last_three_sentences_stay_for_a_page_that_comes_late(
    world: World, ada: FlaskClient, many: int
):
    pillar_id = make.pillar(world.ada)
    names = [f"Habit {number}" for number in range(many)]
    for name in names:
        ada.post("/habits", data={"name": name, "pillar_id": pillar_id})
    assert said(ada, names) == names[-3:]
    assert said(ada, names) == []


def test_a_form_that_is_sent_twice_says_its_sentence_once(world: World):
    ada = world.signed_in(world.ada)
    for _ in range(2):
        ada.post("/pet", data={"name": "Miso", "key": "one"})
    assert ada.get("/pet").text.count("Saved.") == 1
