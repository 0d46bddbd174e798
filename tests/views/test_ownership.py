"""What is not yours is not there: every route that names an object, from the URL map."""

import pytest

from tests import world as make
from tests.views.database import contents
from tests.views.routes import GOOD, OBJECTS, RUBBISH, routes
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("fields", [{}, GOOD, RUBBISH], ids=["nothing", "good", "rubbish"])
def test_a_stranger_finds_nothing_whatever_is_sent(world: World, fields: dict, headers: dict):
    """Line 22 of docs/security.md."""
    own = [route for route in routes(world.app, *world.objects) if route.has_object]
    bob = world.signed_in(world.bob)
    before = contents()
    answers = {
        (route.method, route.url): bob.open(
            route.url, method=route.method, data=fields, headers=headers
        ).status_code
        for route in own
    }
    assert len(answers) >= 30
    assert set(answers.values()) == {404}, answers
    assert contents() == before


def test_the_owner_finds_what_the_stranger_does_not(world: World):
    """Else every 404 above could be a URL that nobody has."""
    ada = world.signed_in(world.ada)
    readable = [r for r in routes(world.app, *world.objects) if r.has_object and r.method == "GET"]
    answers = [ada.get(route.url, follow_redirects=True) for route in readable]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "1.0", "+1", "01", "1e3", "0x1", "٣", "१२", "%20", "null", "%00", "1%0A"),
        *(str(2**63 - 1), str(2**63), str(2**64), "9" * 5000),
    ],
    ids=lambda text: text[:20],
)
def test_an_id_that_cannot_be_or_is_not_is_a_page_that_does_not_exist(world: World, text: str):
    """Line 39 of docs/security.md."""
    ada = world.signed_in(world.ada)
    answers = {
        (route.method, route.url[:60]): ada.open(
            route.url, method=route.method, data=GOOD
        ).status_code
        for route in routes(world.app, *([text] * len(OBJECTS)))
        if route.has_object
    }
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("fields", [GOOD, GOOD | {"name": ""}], ids=["good", "bad name"])
def test_a_habit_cannot_be_made_in_a_strangers_pillar(world: World, fields: dict):
    sent = fields | {"pillar_id": str(world.pillar)}
    bob = world.signed_in(world.bob)
    before = contents()
    assert bob.post("/habits", data=sent).status_code == 404
    assert bob.post("/habits", data=sent | {"from": "pillar"}).status_code == 404
    assert contents() == before


def test_a_habit_cannot_be_moved_into_a_strangers_pillar(world: World):
    his = make.habit(world.bob, make.pillar(world.bob))
    sent, bob = {"pillar_id": str(world.pillar)}, world.signed_in(world.bob)
    before = contents()
    moved = bob.post(f"/habits/{his}/move", data=sent)
    assert moved.status_code == 404
    assert contents() == before


@pytest.mark.parametrize("fields", [{}, {"starts_on": "never"}], ids=["good", "bad day"])
def test_a_strangers_pillar_cannot_rest(world: World, fields: dict):
    his, bob = make.rest(world.bob), world.signed_in(world.bob)
    sent = fields | {"pillar_id": str(world.pillar)}
    before = contents()
    assert bob.post("/rests", data=sent).status_code == 404
    assert bob.post(f"/rests/{his}", data=sent).status_code == 404
    assert contents() == before


def test_a_strangers_ledger_line_is_no_place_to_begin_at(world: World):
    make.keep(world.ada, world.habit)
    bob = world.signed_in(world.bob)
    assert "Read 10 pages" not in bob.get(f"/ledger?before={2**63 - 1}").text
    for path in ("/", "/pillars", "/ledger", "/pet", "/settings"):
        assert "Read 10 pages" not in bob.get(path).text


def test_one_users_key_is_not_known_to_another(world: World):
    make.keep(world.ada, world.habit, key="tap")
    his = make.habit(world.bob, make.pillar(world.bob))
    world.signed_in(world.bob).post(f"/habits/{his}/commit", data={"key": "tap"})
    assert make.claims(world.bob).user_id == world.bob.user_id
    assert world.signed_in(world.bob).get("/").text.count('data-done="true"') == 1
