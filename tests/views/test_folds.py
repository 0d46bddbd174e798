"""Pillars that are folded up on Today, and what their heads say."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import rests
from tests import world as make
from tests.views.database import contents, scalar
from tests.views.pages import page
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser; her habit is one of two in the pillar."""
    make.habit(world.ada, world.pillar, "Swim", starts_on=TUESDAY - timedelta(days=9))
    assert world.habit
    return world.signed_in(world.ada)


def is_folded(pillar: int) -> object:
    return scalar("SELECT is_folded FROM pillars WHERE id = :id", id=pillar)


def head(client: FlaskClient, pillar: int, path: str = "/") -> str:
    return page(client.get(path)).text(f"pillar-{pillar}")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_pillar_is_folded_and_stays_so_until_it_is_unfolded(
    world: World, ada: FlaskClient, headers: dict[str, str]
):
    other = make.habit(world.ada, make.pillar(world.ada, "Mind"))
    for act, rows in (("fold", 0), ("fold", 0), ("unfold", 1), ("unfold", 1)):
        answer = ada.post(f"/pillars/{world.pillar}/{act}", headers=headers)
        assert (answer.status_code, answer.headers.get("Location")) == (
            (200, None) if headers else (303, "/")
        )
        for shown in (page(ada.get("/")), *([page(answer)] if headers else [])):
            assert len(shown.all(f"habit-{world.habit}")) == rows
            assert len(shown.all(f"new-habit-{world.pillar}")) == rows
            button = shown[f"fold-{world.pillar}"]
            assert button["aria-expanded"] == str(bool(rows)).lower()
            assert button["formaction"].endswith("/fold" if rows else "/unfold")
            assert shown.all(f"habit-{other}")
    # What a list says of one pillar, and its own page, are not folded.
    ada.post(f"/pillars/{world.pillar}/fold")
    assert page(ada.get(f"/pillars/{world.pillar}")).all(f"habit-{world.habit}")


def test_the_button_of_every_pillar_sends_the_one_form(world: World, ada: FlaskClient):
    shown = page(ada.get("/"))
    (form,) = [form for form in shown.forms if form.fields.get("key", "").endswith("-fold")]
    assert form.method == "post"
    assert shown[f"fold-{world.pillar}"]["form"] == "fold"
    key = form.fields["key"]
    second = make.pillar(world.ada, "Mind")
    for pillar in (world.pillar, second, world.pillar):
        assert ada.post(f"/pillars/{pillar}/fold", data={"key": key}).status_code == 303
        assert is_folded(pillar)


def test_a_folded_head_says_how_much_is_left(world: World, ada: FlaskClient):
    ada.post(f"/pillars/{world.pillar}/fold")
    assert "2 left" in head(ada, world.pillar)
    assert "0 of 2" in head(ada, world.pillar, "/pillars")
    make.keep(world.ada, world.habit)
    assert "1 left" in head(ada, world.pillar)


def test_a_folded_head_of_a_quiet_day_says_so(world: World, ada: FlaskClient):
    make.rest(world.ada, world.pillar)
    assert "nothing due" not in head(ada, world.pillar)
    ada.post(f"/pillars/{world.pillar}/fold")
    assert "nothing due" in head(ada, world.pillar)


@pytest.mark.parametrize("act", ["fold", "unfold"])
def test_a_pillar_that_is_done_says_so_folded_or_not(world: World, ada: FlaskClient, act: str):
    ada.post(f"/pillars/{world.pillar}/{act}")
    swim = scalar("SELECT id FROM habits WHERE name = 'Swim'")
    with db.transaction() as session:
        rests.skip(session, world.ada, swim)
    assert "all kept" not in head(ada, world.pillar)
    make.keep(world.ada, world.habit)
    for path in ("/", "/pillars", f"/pillars/{world.pillar}"):
        assert "all kept" in head(ada, world.pillar, path)
    make.take_back(world.ada, world.habit)
    assert "all kept" not in head(ada, world.pillar)


def test_the_answer_to_a_press_knows_how_the_pillar_is_folded(world: World, ada: FlaskClient):
    """A habit of a folded pillar may stand below, among those that are not due."""
    url = f"/habits/{world.habit}"
    for act, expanded in (("fold", "false"), ("unfold", "true")):
        ada.post(f"/pillars/{world.pillar}/{act}")
        for press in ("commit", "undo"):
            answer = page(ada.post(f"{url}/{press}", headers=HTMX, data={"from": "today"}))
            assert answer[f"fold-{world.pillar}"]["aria-expanded"] == expanded
    answer = page(ada.post(f"{url}/commit", headers=HTMX, data={"from": "pillar"}))
    assert not answer.all(f"fold-{world.pillar}")


def test_a_refused_form_for_a_new_habit_shows_its_pillar(world: World, ada: FlaskClient):
    ada.post(f"/pillars/{world.pillar}/fold")
    answer = ada.post("/habits", data={"pillar_id": str(world.pillar), "name": ""})
    assert answer.status_code == 422
    assert page(answer).error_of("name")


@pytest.mark.parametrize("act", ["fold", "unfold"])
def test_a_stranger_folds_nothing(world: World, act: str):
    bob, before = world.signed_in(world.bob), None
    for pillar in (world.pillar, 10**9):
        before = contents()
        for send in (bob.get, bob.post):
            assert send(f"/pillars/{pillar}/{act}").status_code == 404
        assert contents() == before
    ada = world.signed_in(world.ada)
    answer = ada.get(f"/pillars/{world.pillar}/{act}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
