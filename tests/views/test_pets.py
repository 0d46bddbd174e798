"""The companion: look, rename, choose."""

import pytest
from flask.testing import FlaskClient

from app.rules.names import SPECIES
from tests import world as make
from tests.views.database import contents, scalar
from tests.views.pages import page, send
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def test_the_egg_has_no_name_until_it_is_given_one(ada: FlaskClient):
    answer = ada.get("/pet")
    assert "Your egg" in answer.text
    named = send(ada, page(answer).form("/pet"), name=" Miso  the fox ", species="dragon")
    assert page(named)["pet"]["data-species"] == "dragon"
    assert "Miso the fox" in named.text
    assert "Miso the fox" in ada.get("/").text


@pytest.mark.parametrize("species", SPECIES)
def test_every_kind_can_be_chosen_and_none_costs_anything(
    world: World, ada: FlaskClient, species: str
):
    make.keep(world.ada, world.habit)
    ada.post("/pet", data={"species": species})
    shown = page(ada.get("/pet"))["pet"]
    assert (shown["data-species"], shown["data-xp"]) == (species, "10")


def test_a_field_that_is_not_sent_stays_as_it_is(ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso", "species": "owl"})
    ada.post("/pet", data={"species": "cat"})
    ada.post("/pet", data={})
    assert scalar("SELECT name || ' ' || species FROM pets") == "Miso cat"
    ada.post("/pet", data={"name": "Kiwi"})
    assert scalar("SELECT name || ' ' || species FROM pets") == "Kiwi cat"


def test_a_name_can_be_taken_off_again(ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso"})
    assert "Your egg" in ada.post("/pet", data={"name": " "}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("field", "value"), [("name", "x" * 81), ("name", "a\0b"), ("species", "wolf"), ("species", "")]
)
def test_a_wrong_field_is_told_and_nothing_changes(ada: FlaskClient, field: str, value: str):
    typed = {"name": "Miso", "species": "owl"} | {field: value}
    before = contents()
    answer = ada.post("/pet", data=typed)
    assert answer.status_code == 422
    assert page(answer).error_of(field)
    if field == "species":
        assert page(answer).form("/pet").fields["name"] == "Miso"
    assert contents() == before


def test_what_the_form_does_not_ask_is_not_taken(ada: FlaskClient):
    more = {"xp": "9999", "level": "50", "days_kept": "400", "is_active": "", "user_id": "1"}
    assert ada.post("/pet", data={"name": "Miso"} | more).status_code == 303
    assert scalar("SELECT xp + days_kept FROM pets WHERE is_active") == 0
