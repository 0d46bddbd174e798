"""Rhythm and amount in the forms: how they are asked for, refused, said back and changed."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import Form, page, send
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
TERM = (
    "SELECT concat_ws(' ', kind, measure, weekdays, times, every, target, step, unit)"
    " FROM schedules ORDER BY starts_on DESC LIMIT 1"
)
PAGES = {"kind": "at_least", "target": "50", "unit": "pages", "step": "10"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def whole_form(world: World, client: FlaskClient, source: str = "today") -> Form:
    url = f"/habits/new?pillar_id={world.pillar}&from={source}"
    return page(client.get(url)).form("/habits")


@pytest.mark.parametrize(
    ("sent", "term"),
    [
        ({}, "daily check 0 1 1 0.000 1.000 "),
        ({"schedule": "weekdays", "weekdays": ["", "0", "3"]}, "weekdays check 9 1 1 0.000 1.000 "),
        ({"schedule": "every", "every": "3"}, "every check 0 1 3 0.000 1.000 "),
        ({"schedule": "weekly", "times": "3"}, "weekly check 0 3 1 0.000 1.000 "),
        ({"schedule": "monthly", "times": "28"}, "monthly check 0 28 1 0.000 1.000 "),
        (PAGES, "daily at_least 0 1 1 50.000 10.000 pages"),
        (
            {"schedule": "weekly", "kind": "at_least", "target": "1,5", "unit": " km "},
            "weekly at_least 0 1 1 1.500 1.000 km",
        ),
        ({"kind": "at_most", "target": "0"}, "daily at_most 0 1 1 0.000 1.000 "),
    ],
)
def test_a_new_habit_has_the_rhythm_that_was_chosen(
    world: World, ada: FlaskClient, sent: dict[str, Any], term: str
):
    form = whole_form(world, ada)
    answer = ada.post("/habits", data=form.fields | {"name": "Walk"} | sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert scalar(TERM) == term


BAD: list[tuple[dict[str, Any], str]] = [
    ({"schedule": "yearly"}, "schedule"),
    ({"schedule": "weekdays"}, "weekdays"),
    ({"schedule": "weekdays", "weekdays": ["", "7"]}, "weekdays"),
    ({"schedule": "weekdays", "weekdays": ["<script>"]}, "weekdays"),
    ({"schedule": "weekly", "times": "0"}, "times"),
    ({"schedule": "weekly", "times": "8"}, "times"),
    ({"schedule": "monthly", "times": "29"}, "times"),
    ({"schedule": "every", "every": "1"}, "every"),
    ({"schedule": "every", "every": "400"}, "every"),
    ({"schedule": "every", "every": "9" * 5000}, "every"),
    ({"kind": "sometimes"}, "kind"),
    *((PAGES | {"target": typed}, "target") for typed in (
        "", "0", "-1", "1e309", "NaN", "inf", "1.2345", "1000000001", "\0", "<script>", "9" * 9000,
    )),
    *((PAGES | {"step": typed}, "step") for typed in ("0", "x", "1.2345")),
    (PAGES | {"unit": "u" * 21}, "unit"),
    (PAGES | {"unit": "a\0b"}, "unit"),
    (PAGES | {"schedule": "every", "every": "3", "kind": "at_most"}, "kind"),
    (PAGES | {"schedule": "weekdays", "weekdays": ["1"], "kind": "at_most"}, "kind"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "name"), BAD)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(
    world: World, ada: FlaskClient, sent: dict[str, Any], name: str, headers: dict[str, str]
):
    url = f"/habits/{world.habit}"
    typed = {"name": "Walk far", "effort": "hard"} | sent
    new = whole_form(world, ada, "pillar").fields | typed
    before = contents()
    for target, data in (("/habits", new), (url, typed)):
        answer = ada.post(target, data=data, headers=headers)
        shown = page(answer)
        assert answer.status_code == 422
        assert shown.error_of(name)
        form = shown.form(target)
        single = {k: v for k, v in typed.items() if isinstance(v, str) and "\0" not in v}
        choices = {"schedule", "kind"} & {name}
        assert {k: v for k, v in single.items() if k not in choices}.items() <= form.fields.items()
        assert "<script>" not in answer.text.split("<main", 1)[-1]
    assert contents() == before
    assert page(ada.post("/habits", data=new)).form("/habits").fields["from"] == "pillar"


def test_a_refused_form_keeps_the_days_that_were_ticked(world: World, ada: FlaskClient):
    sent = whole_form(world, ada).fields | {
        "name": "", "schedule": "weekdays", "weekdays": ["", "0", "3"],
    }  # fmt: skip
    shown = page(ada.post("/habits", data=sent))
    ticked = [
        given["value"]
        for tag, given in shown.elements
        if tag == "input" and given.get("type") == "checkbox" and "checked" in given
    ]
    assert ticked == ["0", "3"]


def test_the_quick_form_asks_for_a_name_and_leads_to_the_rest(world: World, ada: FlaskClient):
    for place, source in (("/", "today"), (f"/pillars/{world.pillar}", "pillar")):
        shown = ada.get(place)
        assert "schedule" not in page(shown).form("/habits").fields
        link = f"/habits/new?pillar_id={world.pillar}&amp;from={source}"
        assert f'href="{link}"' in shown.text
        form = page(ada.get(link.replace("&amp;", "&"))).form("/habits")
        assert form.fields["from"] == source
        answer = ada.post("/habits", data=form.fields | {"name": "Walk"})
        assert answer.headers["Location"] == place


@pytest.mark.parametrize("query", ["", "?pillar_id=", "?pillar_id=0", "?pillar_id=x"])
def test_without_a_pillar_of_ones_own_there_is_no_form(world: World, ada: FlaskClient, query: str):
    assert ada.get(f"/habits/new{query}").status_code == 404
    bob = world.signed_in(world.bob)
    assert bob.get(f"/habits/new?pillar_id={world.pillar}").status_code == 404
    execute("UPDATE pillars SET archived_at = now()")
    assert ada.get(f"/habits/new?pillar_id={world.pillar}").status_code == 404


def test_an_edit_says_that_it_counts_from_today_and_the_page_lists_every_rhythm(
    world: World, ada: FlaskClient
):
    url = f"/habits/{world.habit}"
    assert page(ada.get(url)).text("rhythms") == "Every day from 1 Jan 2026"
    form = page(ada.get(url)).form(url)
    assert "A change counts from today on." in ada.get(url).text
    shown = page(send(ada, form, schedule="weekly", times="2"))
    assert shown.text("rhythms") == "Twice a week from 10 Mar 2026 Every day from 1 Jan 2026"
    assert shown.form(url).typed["times"] == "2"
    shown = page(send(ada, shown.form(url), kind="at_most", target="1,5", unit="<b>"))
    assert shown.text("rhythms").startswith("At most 1.5 <b> a week from 10 Mar 2026")
    assert shown.form(url).typed["target"] == "1.5"


def test_a_form_that_changes_something_else_takes_no_rhythm_back(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    old = page(ada.get(url)).form(url)
    send(ada, old, schedule="weekly", times="2")
    send(ada, old, effort="hard")
    assert scalar(TERM) == "weekly check 0 2 1 0.000 1.000 "


def test_a_suggestion_that_is_left_as_it_stands_is_taken(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    send(ada, page(ada.get(url)).form(url), schedule="weekly")
    assert scalar(TERM) == "weekly check 0 3 1 0.000 1.000 "


def test_days_that_are_all_unticked_are_refused_and_days_not_sent_stay(
    world: World, ada: FlaskClient
):
    url = f"/habits/{world.habit}"
    days = {"schedule": "weekdays", "weekdays": ["0", "3"]}
    assert ada.post(url, data={"name": "Read"} | days).status_code == 303
    form = page(ada.get(url)).form(url)
    assert form.fields["was-weekdays"] == "0,3"
    none = ada.post(url, data=form.fields | {"weekdays": ""})
    assert none.status_code == 422
    assert page(none).error_of("weekdays") == "Choose at least one day."
    assert ada.post(url, data={"name": "Write", "schedule": "weekdays"}).status_code == 303
    same = ada.post(url, data=form.fields | {"weekdays": ["", "0", "3"], "name": "Write"})
    assert same.status_code == 303
    assert scalar(TERM) == "weekdays check 9 1 1 0.000 1.000 "
    assert scalar("SELECT count(*) FROM schedules") == 2


def test_an_archived_habit_can_be_given_another_rhythm(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.keep(world.ada, world.habit)
    ada.post(f"{url}/archive")
    shown = page(send(ada, page(ada.get(url)).form(url), schedule="monthly", times="1"))
    assert shown.text("rhythms").startswith("Once a month")
