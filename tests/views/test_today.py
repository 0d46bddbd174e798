"""Today: the day on one page, in at most four statements however much it holds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.views.database import fill
from tests.views.pages import page
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")


def test_a_visitor_sees_what_this_is_and_no_pet(client: FlaskClient):
    shown = page(client.get("/"))
    assert not shown.all("pet")
    assert not shown.forms


def test_a_new_account_is_offered_a_first_pillar(world: World):
    answer = world.signed_in(world.ada).get("/")
    assert "Nothing here yet." in answer.text
    assert 'href="/welcome"' in answer.text
    assert 'href="/pillars#new-pillar-name"' in answer.text
    assert len(page(answer).all("pet")) == 1


def test_pillars_and_habits_stand_in_the_users_order_and_stay_there_when_kept(world: World):
    second = make.pillar(world.ada, "Mind")
    habits = [make.habit(world.ada, world.pillar, name) for name in ("One", "Two", "Three")]
    third = make.pillar(world.ada, "Work")
    ada = world.signed_in(world.ada)

    def order() -> list[str]:
        ids = [given.get("id", "") for _tag, given in page(ada.get("/")).elements]
        return [name for name in ids if name.partition("-")[0] in {"pillar", "habit"}]

    expected = [f"pillar-{second}", f"pillar-{world.pillar}", *(f"habit-{h}" for h in habits)]
    assert order() == [*expected, f"pillar-{third}"]
    make.keep(world.ada, habits[0])
    assert order() == [*expected, f"pillar-{third}"]


def test_a_page_is_a_whole_document_with_unique_ids(world: World):
    assert world.habit
    ada = world.signed_in(world.ada)
    paths = ["/", "/pillars", f"/pillars/{world.pillar}", f"/habits/{world.habit}", "/pet"]
    for path in [*paths, "/settings", "/ledger", f"/habits/{world.habit}/delete", "/nowhere"]:
        answer = ada.get(path)
        shown = page(answer)
        ids = [given["id"] for _tag, given in shown.elements if "id" in given]
        assert len(ids) == len(set(ids)), path
        assert answer.text.lstrip().lower().startswith("<!doctype html>"), path
        assert "<title>" in answer.text
        assert [g for t, g in shown.elements if t == "link" and g["rel"] == "icon"]
        assert not [g for _tag, g in shown.elements if "style" in g or "onclick" in g]
        for form in shown.forms:
            assert form.action.startswith("/")
            assert not form.action.startswith("//")


def test_for_htmx_the_main_part_is_answered_alone(world: World):
    ada = world.signed_in(world.ada)
    whole, part = ada.get("/"), ada.get("/", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert page(part)["main"]["data-version"] == page(whole)["main"]["data-version"]
    assert len(page(part).all("pet")) == 1
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("habits", [1, 200])
def test_today_takes_four_statements_at_most_however_much_it_holds(
    world: World, statements: Callable, habits: int
):
    fill(world.ada, world.pillar, habits)
    ada = world.signed_in(world.ada)
    with statements() as seen:
        answer = ada.get("/")
    assert answer.text.count('data-due="true"') == habits
    assert 1 <= len(seen) <= 4


@pytest.mark.parametrize(
    "path",
    ["/", "/pillars", "/pillars/{pillar}", "/habits/{habit}", "/pet", "/ledger", "/settings"],
)
def test_no_page_takes_more_statements_for_more_rows(world: World, statements: Callable, path: str):
    url = path.format(pillar=world.pillar, habit=world.habit)
    ada = world.signed_in(world.ada)
    with statements() as few:
        ada.get(url)
    fill(world.ada, world.pillar, 120)
    for number in range(3):
        make.pillar(world.ada, f"Pillar {number}")
    for back in range(10):
        make.keep(world.ada, world.habit, NOON.date() - timedelta(days=back))
    with statements() as many:
        ada.get(url)
    # The page of a habit also reads its terms, its skip of today, its notes and the day's own.
    assert len(many) == len(few) <= (7 if "/habits/" in url else 5)


def test_the_day_is_the_users_own(world: World, at: Callable):
    me = make.user("kim@example.org", timezone="Pacific/Kiritimati")
    make.habit(me, make.pillar(me))
    at(datetime(2026, 3, 10, 9, 59, tzinfo=UTC))
    kim = world.signed_in(me)
    answer = kim.get("/")
    assert "Tuesday, 10 March" in answer.text
    ends = datetime(2026, 3, 10, 10, tzinfo=UTC).timestamp() * 1000
    assert f'data-day-ends="{ends:.0f}"' in answer.text
    at(datetime(2026, 3, 10, 10, 0, tzinfo=UTC))
    assert "Wednesday, 11 March" in kim.get("/").text
