"""Habits: the page of one, its limits, and everything that can be done to one."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.conftest import MakeApp
from tests.views.database import contents, execute, fill, scalar
from tests.views.pages import page, send
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def test_a_habit_can_be_made_with_a_name_alone(world: World, ada: FlaskClient):
    sent = {"name": "Walk", "pillar_id": str(world.pillar)}
    for source, where in (("today", "/"), ("pillar", f"/pillars/{world.pillar}"), (None, "/")):
        answer = ada.post("/habits", data=sent | ({"from": source} if source else {}))
        assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert scalar("SELECT count(*) FROM habits WHERE effort = 'normal'") == 3
    assert scalar("SELECT max(starts_on) FROM schedules") == TUESDAY
    assert "Added: Walk." in ada.post("/habits", data=sent, headers=HTMX).text


@pytest.mark.parametrize("starts_on", [TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)])
def test_the_form_takes_the_first_day_that_it_shows(
    world: World, ada: FlaskClient, starts_on: date
):
    assert world.habit
    execute(f"UPDATE schedules SET starts_on = '{starts_on}'")
    url = f"/habits/{world.habit}"
    shown = ada.get(url)
    fields = page(shown).form(url).fields
    assert fields["starts_on"] == starts_on.isoformat()
    assert f'max="{max(starts_on, TUESDAY)}"' in shown.text
    assert ada.post(url, data=fields | {"name": "Swim"}).status_code == 303


@pytest.mark.parametrize("source", ["today", "pillar"])
def test_a_refused_habit_comes_back_as_typed_under_its_own_pillar(
    world: World, ada: FlaskClient, source: str
):
    other, before = make.pillar(world.ada, "Mind"), None
    sent = {
        "name": "y" * 81, "effort": "hard", "pillar_id": str(world.pillar), "from": source,
        "key": "mine",
    }  # fmt: skip
    before = contents()
    for headers in ({}, HTMX):
        answer = ada.post("/habits", data=sent, headers=headers)
        shown = page(answer)
        assert answer.status_code == 422
        assert shown.form("/habits", pillar_id=str(world.pillar)).fields == sent
        assert "At most 80 characters" in shown.error_of("name")
        assert answer.text.count("y" * 81) == 1
        if source == "today":
            assert shown.form("/habits", pillar_id=str(other)).fields["effort"] == "normal"
    assert contents() == before


@pytest.mark.parametrize("starts_on", ["2026-03-11", "1999-12-31", "9999-12-31", "soon"])
def test_a_first_day_that_cannot_be_is_told_beside_its_field(
    world: World, ada: FlaskClient, starts_on: str
):
    sent = {"name": "Walk", "pillar_id": str(world.pillar), "starts_on": starts_on}
    answer = ada.post("/habits", data=sent)
    assert answer.status_code == 422
    assert page(answer).error_of("starts_on")
    assert page(answer).form("/habits").fields["starts_on"] == starts_on
    edited = ada.post(f"/habits/{world.habit}", data=sent)
    assert edited.status_code == 422
    assert page(edited).error_of("starts_on")
    assert scalar("SELECT count(*) FROM habits") == 1


def test_a_first_day_that_is_left_empty_is_today(world: World, ada: FlaskClient):
    sent = {"name": "Walk", "pillar_id": str(world.pillar), "starts_on": ""}
    assert ada.post("/habits", data=sent).status_code == 303
    assert scalar("SELECT starts_on FROM schedules") == TUESDAY


def test_a_first_day_may_be_set_back_when_a_habit_is_made(world: World, ada: FlaskClient):
    sent = {"name": "Walk", "pillar_id": str(world.pillar), "starts_on": "2026-02-01"}
    assert ada.post("/habits", data=sent).status_code == 303
    assert scalar("SELECT starts_on FROM schedules") == date(2026, 2, 1)


@pytest.mark.parametrize(
    "pillar_id",
    [None, "", "0", "-1", "x", str(2**63), str(2**63 - 1), "1.0", "٣", "\0", "9" * 5000],
)
def test_a_pillar_that_is_not_there_takes_no_habit(
    world: World, ada: FlaskClient, pillar_id: str | None
):
    sent = {"name": "Walk"} | ({} if pillar_id is None else {"pillar_id": pillar_id})
    for name in ("Walk", ""):
        assert ada.post("/habits", data=sent | {"name": name}).status_code == 404
    if pillar_id is not None:
        moved = ada.post(f"/habits/{world.habit}/move", data={"pillar_id": pillar_id})
        assert moved.status_code == 404


def test_editing_sets_what_is_sent_and_leaves_the_rest(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    form = page(ada.get(url)).form(url)
    typed = {"name": "Read 10 pages", "effort": "normal", "starts_on": "2026-01-01"}
    assert typed.items() <= form.typed.items()
    typed = form.typed | {"name": "Read", "effort": "hard", "starts_on": "2025-12-01"}
    assert page(send(ada, form, **typed)).form(url).typed == typed
    assert ada.post(url, data={"name": "Write"}).headers["Location"] == url
    assert page(ada.get(url)).form(url).typed == typed | {"name": "Write"}


def test_the_first_day_moves_back_but_never_past_a_kept_day(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    for day, status in (("2026-03-09", 303), ("2026-03-10", 422), ("2025-06-01", 303)):
        answer = ada.post(url, data={"name": "Read", "starts_on": day})
        assert answer.status_code == status
        if status == 422:
            assert "You kept this habit before that day" in page(answer).error_of("starts_on")
    older = ada.post(f"{url}/commit", data={"day": "2025-06-01", "from": "habit"})
    assert older.status_code == 303
    assert scalar("SELECT count(*) FROM commits") == 2


def test_a_habit_moves_to_another_pillar_and_its_xp_stays(world: World, ada: FlaskClient):
    make.keep(world.ada, world.habit)
    other = make.pillar(world.ada, "Mind")
    form = page(ada.get(f"/habits/{world.habit}")).form(f"/habits/{world.habit}/move")
    assert form.fields["pillar_id"] == str(world.pillar)
    shown = page(send(ada, form, pillar_id=str(other)))
    assert shown[f"pillar-{other}"]["data-xp"] == "0"
    assert page(ada.get("/"))[f"pillar-{world.pillar}"]["data-xp"] == "10"
    sent = {"pillar_id": str(world.pillar), "from": "pillar"}
    back = ada.post(f"/habits/{world.habit}/move", data=sent)
    assert back.headers["Location"] == f"/pillars/{world.pillar}"


def test_a_habit_moves_up_and_down_inside_its_pillar(world: World, ada: FlaskClient):
    names = {make.habit(world.ada, world.pillar, name): name for name in "ABC"}

    def order() -> str:
        ids = [given.get("id", "") for _tag, given in page(ada.get("/")).elements]
        return "".join(names[int(name[6:])] for name in ids if name.startswith("habit-"))

    first, _second, third = names
    for habit, direction, expected in (
        (first, "up", "ABC"), (third, "up", "ACB"), (first, "down", "CAB"), (third, "down", "ACB"),
    ):  # fmt: skip
        sent = {"direction": direction, "from": "pillar"}
        answer = ada.post(f"/habits/{habit}/move", data=sent)
        assert answer.headers["Location"] == f"/pillars/{world.pillar}"
        assert order() == expected
    refused = ada.post(f"/habits/{first}/move", data={"direction": "sideways"})
    assert refused.status_code == 422
    assert order() == "ACB"


def test_an_archived_habit_rests_with_its_history_until_it_is_restored(
    world: World, ada: FlaskClient
):
    url = f"/habits/{world.habit}"
    make.keep(world.ada, world.habit)
    for _twice in range(2):
        assert ada.post(f"{url}/archive").headers["Location"] == url
    assert not page(ada.get("/")).all(f"habit-{world.habit}")
    text = ada.get(url).text
    assert "/commit" not in text
    assert 'data-day="2026-03-10" data-state="kept"' in text
    assert 'data-day="2026-03-09" data-state="missed"' in text
    assert f"{url}?month=2026-02#calendar" in text
    for _twice in range(2):
        assert ada.post(f"{url}/restore").headers["Location"] == url
    assert page(ada.get("/"))[f"habit-{world.habit}"]["data-done"] == "true"


def test_a_deletion_says_what_goes_and_what_stays(world: World, ada: FlaskClient):
    make.keep(world.ada, world.habit)
    confirm = ada.get(f"/habits/{world.habit}/delete")
    for said in ("Read 10 pages", "1 kept day", "These stay"):
        assert said in confirm.text
    shown = page(send(ada, page(confirm).form(f"/habits/{world.habit}/delete")))
    assert shown["pet"]["data-xp"] == "10"
    assert shown[f"pillar-{world.pillar}"]["data-xp"] == "10"
    assert "Read 10 pages" in ada.get("/ledger").text
    assert ada.get(f"/habits/{world.habit}").status_code == 404


@pytest.fixture
def small(make_app: MakeApp) -> Iterator[World]:
    """A place that sets MAX_HABITS to 2."""
    app = make_app(max_habits=2)
    with app.app_context():
        yield World(app)


def test_past_the_most_habits_the_form_stays_and_an_archived_one_makes_room(small: World):
    ada, sent = small.signed_in(small.ada), {"name": "Third", "pillar_id": str(small.pillar)}
    first = make.habit(small.ada, small.pillar, "One")
    make.habit(small.ada, small.pillar, "Two")
    refused = ada.post("/habits", data=sent)
    assert refused.status_code == 422
    assert "You can have up to 2 habits" in page(refused).error_of("name")
    assert page(refused).form("/habits").fields["name"] == "Third"
    ada.post(f"/habits/{first}/archive")
    assert ada.post("/habits", data=sent).status_code == 303
    for headers in ({}, HTMX):
        back = ada.post(f"/habits/{first}/restore", headers=headers)
        assert back.status_code == 422
        assert "You can have up to 2 habits" in back.text


def test_two_hundred_new_habits_a_day_are_the_most_even_if_some_are_gone(
    world: World, ada: FlaskClient, at
):
    fill(world.ada, world.pillar, 20)
    execute("UPDATE users SET habits_made = 198, habits_made_on = :today", today=TUESDAY)
    made = make.habit(world.ada, world.pillar)
    ada.post(f"/habits/{made}/delete")
    sent = {"name": "One more", "pillar_id": str(world.pillar)}
    assert ada.post("/habits", data=sent).status_code == 303
    ada.post(f"/habits/{made - 1}/delete")
    refused = ada.post("/habits", data=sent)
    assert refused.status_code == 422
    assert "a lot of new habits for one day" in page(refused).error_of("name")
    at(make.NOON + timedelta(days=1))
    assert ada.post("/habits", data=sent).status_code == 303
