"""Yesterday's open habits on Today, until noon: their count, and behind it their rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.infra import db
from app.operations import accounts, rests
from app.operations import habits as habit_operations
from tests import world as make
from tests.views.cached_pages import assert_true
from tests.views.database import execute, fill, scalar
from tests.views.pages import Page, page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
MORNING = NOON - timedelta(hours=3)
BEGAN = date(2026, 1, 1)
UNFOLDED = "/?yesterday=open"


@pytest.fixture(autouse=True)
def _morning(at: Callable) -> None:
    at(MORNING)


def offered(shown: Page) -> list[str]:
    """The ids of the rows of the strip."""
    ids = [given.get("id", "") for tag, given in shown.elements if tag == "li"]
    return [name for name in ids if name.endswith("-yesterday")]


def test_what_was_due_and_is_open_is_offered_in_the_users_order(world: World):
    second = make.pillar(world.ada, "Mind")
    first_of = [make.habit(world.ada, world.pillar, name, starts_on=BEGAN) for name in ("A", "B")]
    other = make.habit(world.ada, second, "C", starts_on=BEGAN)
    kept = make.habit(world.ada, second, "D", starts_on=BEGAN)
    make.keep(world.ada, kept, MONDAY)
    skipped = make.habit(world.ada, second, "E", starts_on=BEGAN)
    with db.transaction() as session:
        rests.skip(session, world.ada, skipped, MONDAY, "")
    make.habit(world.ada, second, "F", starts_on=TUESDAY)
    shown = page(world.signed_in(world.ada).get(UNFOLDED))
    expected = [f"habit-{habit}-yesterday" for habit in (other, *first_of)]
    assert sorted(offered(shown)) == sorted(expected)
    assert shown.text("yesterday-open") == "Yesterday: 3 still open"
    row = shown[f"habit-{first_of[0]}-yesterday"]
    assert (row["data-due"], row["data-done"]) == ("true", "false")
    ids = [given["id"] for _tag, given in shown.elements if "id" in given]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("part", ["", "evening"])
def test_the_count_leads_to_the_rows_and_from_there_back(world: World, part: str):
    assert world.habit
    if part:
        execute("UPDATE habits SET day_part = :part", part=part)
    ada = world.signed_in(world.ada)
    folded = page(ada.get(f"/?part={part}" if part else "/"))
    assert folded.text("yesterday-open") == "Yesterday: 1 still open"
    assert folded["unfold-yesterday"]["aria-expanded"] == "false"
    assert not offered(folded)
    unfolded = page(ada.get(folded["unfold-yesterday"]["href"]))
    assert unfolded.text("yesterday-open") == "Yesterday: 1 still open"
    assert unfolded["unfold-yesterday"]["aria-expanded"] == "true"
    assert offered(unfolded) == [f"habit-{world.habit}-yesterday"]
    assert unfolded["unfold-yesterday"]["href"] == (f"/?part={part}" if part else "/")


@pytest.mark.parametrize(
    ("hour", "day_start", "is_there"),
    [
        (0, 0, True), (11, 0, True), (12, 0, False), (23, 0, False),
        (4, 4, True), (11, 4, True), (12, 4, False), (2, 4, False),
    ],
)  # fmt: skip
def test_it_is_there_from_the_start_of_the_day_to_noon(
    world: World, at: Callable, hour: int, day_start: int, is_there: bool
):
    assert world.habit
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, day_start=day_start)
    at(datetime(2026, 3, 10, hour, tzinfo=UTC))
    ada = world.signed_in(world.ada)
    shown = page(ada.get(UNFOLDED))
    assert bool(offered(shown)) == bool(shown.all("yesterday")) == is_there
    assert bool(page(ada.get("/")).all("yesterday")) == is_there


def test_the_cached_page_loses_it_at_noon_and_does_not_find_it_again_at_night(
    app: Flask, world: World, at: Callable
):
    assert world.habit
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, day_start=4)
    client = world.signed_in(world.ada)
    for hour, is_there in ((5, True), (11, True), (12, False), (23, False), (26, False)):
        at(datetime(2026, 3, 10, tzinfo=UTC) + timedelta(hours=hour))
        for _ in range(2):
            assert bool(offered(page(client.get(UNFOLDED)))) == is_there
            folded = page(client.get("/"))
            assert bool(folded.all("yesterday")) == is_there
            assert not offered(folded)
        assert_true(app, {"ada": client})


def test_a_new_account_has_no_yesterday(world: World):
    make.habit(world.ada, world.pillar)
    assert not offered(page(world.signed_in(world.ada).get(UNFOLDED)))


def test_who_was_away_for_days_is_not_reminded_of_yesterday_alone(world: World):
    make.habit(world.ada, world.pillar, "A", starts_on=BEGAN)
    execute("UPDATE users SET created_at = :then", then=NOON - 9 * DAY)
    for days_ago, is_there in ((4, False), (3, True)):
        make.keep(world.ada, world.habit, TUESDAY - days_ago * DAY)
        assert bool(offered(page(world.signed_in(world.ada).get(UNFOLDED)))) is is_there


def test_one_tap_keeps_yesterday_with_the_full_reward(world: World):
    make.keep(world.ada, world.habit, MONDAY - DAY)
    ada, row = world.signed_in(world.ada), f"habit-{world.habit}"
    other = make.habit(world.ada, world.pillar, "Other", starts_on=BEGAN)
    shown = page(ada.get(UNFOLDED))
    form = shown.form(f"/habits/{world.habit}/commit", day=str(MONDAY))
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    told = page(answer)
    assert answer.text.lstrip().startswith(f'<li id="{row}-yesterday"')
    assert told[f"{row}-yesterday"]["data-done"] == "true"
    # Today's own row knows the run that has grown, and nothing is taken for late.
    assert (told[row]["data-done"], told[row]["data-streak"]) == ("false", "2")
    assert told.text("yesterday-open") == "Yesterday: 1 still open"
    assert "It is Tuesday now" not in answer.text
    assert scalar("SELECT amount FROM ledger_entries WHERE day = :d", d=MONDAY) == 10
    # Drawn anew, the page agrees; what is kept is offered no longer.
    whole = page(ada.get(UNFOLDED))
    assert offered(whole) == [f"habit-{other}-yesterday"]
    for name in (row, "pet", f"pillar-{world.pillar}"):
        told[name].pop("data-moment", None)
        assert told[name] == whole[name]
    back = told.form(f"/habits/{world.habit}/undo", day=str(MONDAY))
    undone = page(ada.post(back.action, data=back.fields, headers=HTMX))
    assert undone[f"{row}-yesterday"]["data-done"] == "false"
    assert undone.text("yesterday-open") == "Yesterday: 2 still open"
    # A run of one is no run, and no shield holds it.
    assert undone[row]["data-streak"] == "0"


def test_when_nothing_is_open_it_says_so_and_is_gone_with_the_next_page(world: World):
    ada = world.signed_in(world.ada)
    form = page_form(ada, world)
    told = page(ada.post(form.action, data=form.fields, headers=HTMX))
    assert told.text("yesterday-open") == "Yesterday: nothing open"
    assert not page(ada.get(UNFOLDED)).all("yesterday")


def test_without_htmx_a_303_leads_back_to_today(world: World):
    ada = world.signed_in(world.ada)
    form = page_form(ada, world)
    answer = ada.post(form.action, data=form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    shown = ada.get("/")
    assert "It is Tuesday now" not in shown.text
    assert not page(shown).all("yesterday")


def test_a_press_leads_back_to_the_rows_that_were_shown(world: World):
    make.habit(world.ada, world.pillar, "Other", starts_on=BEGAN)
    ada, sent_from = world.signed_in(world.ada), f"http://localhost{UNFOLDED}"
    form = page_form(ada, world)
    answer = ada.post(form.action, data=form.fields, headers={"Referer": sent_from})
    assert (answer.status_code, answer.headers["Location"]) == (303, UNFOLDED)
    # What is swapped in by HTMX is what the address shows.
    folding = page(ada.get(UNFOLDED)).form(f"/pillars/{world.pillar}/fold")
    for sent_from, rows in ((f"http://localhost{UNFOLDED}", 1), ("http://localhost/", 0)):
        sent = HTMX | {"Referer": sent_from}
        refused = {"pillar_id": str(world.pillar), "name": ""}
        for answer in (
            ada.post(folding.action, data={}, headers=sent),
            ada.post("/habits", data=refused, headers=sent),
        ):
            assert len(offered(page(answer))) == rows


def test_a_strip_that_is_a_day_old_is_answered_as_late(world: World, at: Callable):
    ada = world.signed_in(world.ada)
    form = page_form(ada, world)
    at(MORNING + DAY)
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#main"
    assert "Saved for Monday. It is Wednesday now." in answer.text


def test_a_refused_press_is_told_on_its_row(world: World):
    ada = world.signed_in(world.ada)
    form = page_form(ada, world)
    with db.transaction() as session:
        habit_operations.archive(session, world.ada, world.habit)
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    assert answer.status_code == 409
    assert answer.text.lstrip().startswith(f'<li id="habit-{world.habit}-yesterday"')


@pytest.mark.parametrize("address", ["/", UNFOLDED])
@pytest.mark.parametrize("habits", [1, 200])
def test_today_takes_no_statement_more_for_it(
    world: World, statements: Callable, habits: int, address: str
):
    fill(world.ada, world.pillar, habits)
    execute("UPDATE schedules SET starts_on = '2026-01-01'")
    ada = world.signed_in(world.ada)
    with statements() as seen:
        shown = page(ada.get(address))
    assert shown.text("yesterday-open") == f"Yesterday: {habits} still open"
    assert len(offered(shown)) == (habits if address == UNFOLDED else 0)
    assert len(seen) <= 4


def page_form(client, world: World):  # type: ignore[no-untyped-def]
    """The form of Ada's habit in the strip."""
    assert world.habit
    shown = page(client.get(UNFOLDED))
    return shown.form(f"/habits/{world.habit}/commit", day=str(MONDAY))


@pytest.mark.parametrize("times", ["daily", "at_least"])
def test_a_row_says_that_a_shield_held_yesterday(world: World, times: str):
    for back in range(2, 5):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    if times == "at_least":
        execute(
            "UPDATE schedules SET measure = 'at_least', target = 2 WHERE habit_id = :h",
            h=world.habit,
        )
    said = page(world.signed_in(world.ada).get("/")).text(f"habit-{world.habit}")
    assert "shield held Monday" in said
