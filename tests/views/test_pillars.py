"""Pillars: the list, the page of one, the plan's limit, and everything that can be done to one."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import habits, pillars
from app.rules.names import COLORS, ICONS
from tests import world as make
from tests.conftest import MakeApp
from tests.views.database import contents, scalar
from tests.views.pages import page, send
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


@pytest.fixture
def three(world: World) -> list[int]:
    """As many pillars as the free plan holds."""
    return [make.pillar(world.ada, name) for name in ("Body", "Mind", "Work")]


def test_a_pillar_can_be_made_with_a_name_alone(ada: FlaskClient):
    answer = ada.post("/pillars", data={"name": "  Body\u00a0 &  Soul "})
    made = scalar("SELECT id FROM pillars WHERE name = 'Body & Soul'")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pillars/{made}")
    shown = ada.get(f"/pillars/{made}")
    assert "Added: Body &amp; Soul. What is one small thing for it?" in shown.text
    assert page(shown).form("/habits").fields["pillar_id"] == str(made)


def test_with_htmx_the_answer_leads_to_the_page_of_the_new_pillar(ada: FlaskClient):
    answer = ada.post("/pillars", data={"name": "Body"}, headers=HTMX)
    assert (answer.status_code, answer.data) == (204, b"")
    where = answer.headers["HX-Redirect"]
    assert where == f"/pillars/{scalar('SELECT id FROM pillars')}"
    assert "Added: Body." in ada.get(where).text


@pytest.mark.usefixtures("three")
def test_the_limit_shows_before_anything_is_typed(ada: FlaskClient):
    for path in ("/", "/pillars"):
        assert "3 of 3 pillars" in ada.get(path).text
    assert page(ada.get("/pillars")).form("/pillars")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_fourth_pillar_is_refused_with_what_was_typed_still_there(
    ada: FlaskClient, headers: dict
):
    before = contents()
    typed = {"name": "Fourth", "color": "iris", "icon": "moon", "key": "mine"}
    answer = ada.post("/pillars", data=typed, headers=headers)
    assert answer.status_code == 402
    assert page(answer).form("/pillars").fields == typed
    assert "An account here can have 3 pillars, and you have that many." in answer.text
    assert 'role="alert"' in answer.text
    assert contents() == before


def test_the_colour_that_is_proposed_is_the_next_one(world: World):
    pia = world.signed_in(world.pia)

    def proposed() -> tuple[str, str]:
        form = page(pia.get("/pillars")).form("/pillars")
        return form.fields["color"], form.fields["icon"]

    seen = []
    for number in range(len(COLORS) + 1):
        seen.append(proposed())
        send(pia, page(pia.get("/pillars")).form("/pillars"), name=f"Pillar {number}")
    assert seen == list(zip((*COLORS, COLORS[0]), ICONS, strict=False))
    # One that is archived gives its colour and its icon back.
    third = scalar("SELECT id FROM pillars WHERE name = 'Pillar 2'")
    with db.transaction() as session:
        pillars.archive(session, world.pia, third)
    assert proposed() == seen[2]


def test_one_without_a_look_takes_the_next_that_is_not_in_use(world: World):
    pia, first = world.signed_in(world.pia), make.pillar(world.pia)
    for name in ("Mind", "Work", "Rest"):
        assert pia.post("/pillars", data={"name": name}).status_code == 303
    with db.transaction() as session:
        pillars.archive(session, world.pia, first)
    assert pia.post("/pillars", data={"name": "Play"}).status_code == 303
    looks = [
        (scalar(f"SELECT {what} FROM pillars WHERE name = :name", name=name))
        for name in ("Mind", "Work", "Rest", "Play")
        for what in ("color", "icon")
    ]
    assert looks == [
        *(COLORS[1], ICONS[1], COLORS[2], ICONS[2], COLORS[3], ICONS[3], COLORS[0], ICONS[0])
    ]


@pytest.mark.usefixtures("three")
def test_a_wrong_field_is_told_before_the_full_plan(ada: FlaskClient):
    answer = ada.post("/pillars", data={"name": "", "color": "iris"})
    assert answer.status_code == 422
    assert page(answer).error_of("name")


def test_the_premium_plan_holds_any_number(world: World):
    pia = world.signed_in(world.pia)
    for number in range(5):
        assert pia.post("/pillars", data={"name": f"Pillar {number}"}).status_code == 303
    assert "pillars</small>" not in pia.get("/pillars").text


@pytest.fixture
def unlimited(make_app: MakeApp) -> Iterator[FlaskClient]:
    """A browser at a place that sets FREE_PILLARS to 0."""
    app = make_app(free_pillars=0)
    with app.app_context():
        yield World(app).signed_in(make.user())


def test_a_place_without_a_limit_holds_any_number_for_everyone(unlimited: FlaskClient):
    for number in range(5):
        assert unlimited.post("/pillars", data={"name": f"Pillar {number}"}).status_code == 303
    assert " of 0 " not in unlimited.get("/").text


def test_archiving_frees_a_place_and_restoring_takes_one(ada: FlaskClient, three: list[int]):
    archived = ada.post(f"/pillars/{three[0]}/archive", follow_redirects=True)
    assert "data-archived" in page(archived)[f"line-{three[0]}"]
    assert "2 of 3 pillars" in archived.text
    assert not page(ada.get("/")).all(f"pillar-{three[0]}")
    assert ada.post(f"/pillars/{three[0]}/archive").status_code == 303
    assert scalar("SELECT pillar_count FROM users") == 2
    assert ada.post("/pillars", data={"name": "Fourth"}).status_code == 303
    before = contents()
    refused = ada.post(f"/pillars/{three[0]}/restore")
    assert refused.status_code == 402
    assert "An account here can have 3 pillars" in refused.text
    assert ada.post(f"/pillars/{three[0]}/restore", headers=HTMX).status_code == 402
    assert contents() == before
    ada.post(f"/pillars/{three[1]}/delete")
    back = ada.post(f"/pillars/{three[0]}/restore", data={"from": "pillar"})
    assert (back.status_code, back.headers["Location"]) == (303, f"/pillars/{three[0]}")
    back = ada.post(f"/pillars/{three[0]}/restore")
    assert (back.status_code, back.headers["Location"]) == (303, "/pillars")
    assert scalar("SELECT pillar_count FROM users") == 3


def test_moving_changes_the_order(ada: FlaskClient, three: list[int]):
    def order() -> list[int]:
        ids = [given.get("id", "") for _tag, given in page(ada.get("/pillars")).elements]
        return [three.index(int(name[5:])) for name in ids if name.startswith("line-")]

    for pillar, direction, expected in (
        (0, "up", [0, 1, 2]), (2, "down", [0, 1, 2]), (2, "up", [0, 2, 1]), (0, "down", [2, 0, 1]),
    ):  # fmt: skip
        answer = ada.post(f"/pillars/{three[pillar]}/move", data={"direction": direction})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/pillars")
        assert order() == expected


@pytest.mark.parametrize("direction", ["", "sideways", "UP", "\0", "x" * 10_000])
def test_a_direction_that_is_none_is_refused(ada: FlaskClient, three: list[int], direction: str):
    before = contents()
    sent = {"direction": direction}
    assert ada.post(f"/pillars/{three[0]}/move", data=sent).status_code == 422
    assert ada.post(f"/pillars/{three[0]}/move", data=sent, headers=HTMX).status_code == 422
    assert contents() == before


def test_editing_sets_what_is_sent_and_leaves_the_rest(world: World, ada: FlaskClient):
    url = f"/pillars/{world.pillar}"
    form = page(ada.get(url)).form(url)
    assert form.typed == {"name": "Body", "color": "clay", "icon": "heart"}
    shown = page(send(ada, form, name="Mind", color="plum", icon="brain")).form(url)
    assert shown.typed == {"name": "Mind", "color": "plum", "icon": "brain"}
    assert ada.post(url, data={"name": "Soul"}).headers["Location"] == url
    assert page(ada.get(url)).form(url).typed == {"name": "Soul", "color": "plum", "icon": "brain"}


def test_a_refused_edit_keeps_what_was_typed_and_the_pillar(world: World, ada: FlaskClient):
    url, before = f"/pillars/{world.pillar}", contents()
    answer = ada.post(url, data={"name": "x" * 81, "color": "red", "icon": "moon"})
    shown = page(answer)
    assert answer.status_code == 422
    assert shown.form(url).fields["name"] == "x" * 81
    assert "At most 80 characters; these are 81." in shown.error_of("name")
    assert shown.error_of("color")
    assert contents() == before


def test_a_deletion_says_what_goes_and_what_stays(world: World, ada: FlaskClient):
    make.keep(world.ada, world.habit)
    make.habit(world.ada, world.pillar, "Walk")
    confirm = ada.get(f"/pillars/{world.pillar}/delete")
    for said in ("Body", "2 habits", "1 kept day", "10 XP", "These stay"):
        assert said in confirm.text
    answer = ada.post(page(confirm).form(f"/pillars/{world.pillar}/delete").action)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pillars")
    assert page(ada.get("/pet"))["pet"]["data-xp"] == "10"
    assert "Read 10 pages" in ada.get("/ledger").text
    assert ada.get(f"/pillars/{world.pillar}").status_code == 404
    assert ada.get(f"/habits/{world.habit}").status_code == 404
    assert scalar("SELECT pillar_count FROM users") == 0


def test_the_page_of_an_archived_pillar_offers_no_commit(world: World, ada: FlaskClient):
    put_away = make.habit(world.ada, world.pillar, "Sing")
    assert world.habit
    with db.transaction() as session:
        habits.archive(session, world.ada, put_away)
    url = f"/pillars/{world.pillar}"
    assert f'action="/habits/{put_away}/restore"' in ada.get(url).text
    with db.transaction() as session:
        pillars.archive(session, world.ada, world.pillar)
    shown = ada.get(url)
    assert shown.status_code == 200
    assert "/commit" not in shown.text
    assert "Read 10 pages" in shown.text
