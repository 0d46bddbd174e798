"""Amounts over HTTP: what a row shows, how one is added, and what is refused beside its field."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.infra import db
from app.operations import habits
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import Page, page, send
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)
JANUARY = date(2026, 1, 1)
PAGES = {"kind": "at_least", "target": "50", "step": "10", "unit": "pages"}
COFFEE = {"kind": "at_most", "target": "2", "unit": "coffees"}
CASES = [
    case
    for case in json.loads(
        (Path(__file__).parents[1] / "rules/habit-cases.json").read_text(encoding="utf-8")
    )
    if any(term.get("kind", "check") != "check" for term in case["terms"])
]


def counted(world: World, **terms: str) -> int:
    return make.habit(world.ada, world.pillar, "Read", starts_on=JANUARY, **terms)


def look(world: World, habit: int) -> dict[str, str]:
    return page(world.signed_in(world.ada).get("/"))[f"habit-{habit}"]


def forms(shown: Page, habit: int) -> set[str]:
    """What the row of a habit offers."""
    own = f"/habits/{habit}/"
    return {form.action.removeprefix(own) for form in shown.forms if form.action.startswith(own)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_of_the_rules_on_today(world: World, at: Any, case: dict[str, Any]):
    today, (first, *_later) = date.fromisoformat(case["today"]), case["terms"]
    assert len(case["terms"]) == 1
    terms = {name: str(value) for name, value in first.items() if name != "from"}
    began = date.fromisoformat(first["from"])
    at(datetime.combine(today, time(12), UTC))
    habit = make.habit(world.ada, world.pillar, "Read", starts_on=began, **terms)
    for day, amount in sorted(case["amounts"].items()):
        make.add(world.ada, habit, str(amount), date.fromisoformat(day))
    for day in case["rests"]:
        execute(
            "INSERT INTO rests (user_id, kind, habit_id, starts_on, ends_on, created_at)"
            " VALUES (:me, 'skip', :habit, :first, :last, now())",
            me=world.ada.user_id, habit=habit, first=day[0], last=day[1],
        )  # fmt: skip
    execute("UPDATE habits SET folded_on = NULL WHERE id = :habit", habit=habit)
    row, right = look(world, habit), case["right"]
    assert {name: row[f"data-{name}"] for name in ("due", "asked", "done", "resting")} == {
        name: str(right[name]).lower() for name in ("due", "asked", "done", "resting")
    }
    assert (row["data-streak"], row["data-shields"], row["data-strength"]) == (
        str(right["run"]), str(right["shields"]), str(right["strength"]),
    )  # fmt: skip
    assert (row["data-amount"], row["data-target"]) == (_amount(case, today), terms["target"])
    assert not {"data-needed", "data-count"} & row.keys()
    with db.reading() as reading:
        kept = reading.exec_driver_sql("SELECT day FROM commits ORDER BY day").scalars()
        assert [day.isoformat() for day in kept] == case["kept"]


def _amount(case: dict[str, Any], today: date) -> str:
    """What today, or its week, comes to."""
    first = today - today.weekday() * DAY if case["terms"][0]["schedule"] == "weekly" else today
    said = case["amounts"].items()
    return str(sum(Decimal(str(n)) for day, n in said if first.isoformat() <= day))


def test_a_day_is_filled_step_by_step_by_a_plain_client(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    own = f"/habits/{habit}"
    today = page(client.get("/"))
    assert forms(today, habit) == {"commit", "amount"}
    seen = []
    for action, typed in (
        ("commit", {}), ("amount", {"amount": "25,5"}), ("undo", {}), ("amount", {"amount": "40"}),
        ("amount", {"amount": "1"}), ("undo", {}), ("undo", {}),
    ):  # fmt: skip
        today = page(send(client, today.form(f"{own}/{action}"), **typed))
        row = today[f"habit-{habit}"]
        seen.append((row["data-amount"], row["data-state"], today["pet"]["data-xp"]))
        if row["data-amount"] == "35.5":
            assert "35.5 of 50 pages" in today.text(f"habit-{habit}")
            assert forms(today, habit) == {"commit", "amount", "undo"}
        if row["data-done"] == "true":
            assert forms(today, habit) == {"amount", "undo"}
            assert today[f"tick-{habit}"]["aria-disabled"] == "true"
    assert seen == [
        ("10", "partial", "0"), ("35.5", "partial", "0"), ("10", "partial", "0"),
        ("50", "kept", "10"), ("51", "kept", "10"), ("50", "kept", "10"), ("10", "partial", "0"),
    ]  # fmt: skip


def test_what_is_limited_stands_open_and_can_always_be_added_to(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **COFFEE)
    shown = page(client.get("/"))
    for amount in ("1", "2", "3"):
        shown = page(send(client, shown.form(f"/habits/{habit}/commit")))
        row = shown[f"habit-{habit}"]
        assert (row["data-amount"], row["data-done"], row["data-asked"]) == (
            amount, "false", "false",
        )  # fmt: skip
        assert f"{amount} of 2 coffees" in shown.text(f"habit-{habit}")
        assert ("data-over" in row) == (amount == "3")
    assert forms(shown, habit) == {"commit", "amount", "undo", "collect"}
    assert "folded-idle" not in {given.get("id") for _tag, given in shown.elements}


def test_a_week_that_is_met_by_another_day_has_an_inert_ring(world: World):
    habit = counted(world, **PAGES, schedule="weekly")
    make.add(world.ada, habit, "50", TUESDAY - DAY)
    shown = page(world.signed_in(world.ada).get("/"))
    row = shown[f"habit-{habit}"]
    assert (row["data-amount"], row["data-done"], row["data-asked"]) == ("50", "false", "false")
    assert forms(shown, habit) == {"amount"}
    assert "50 of 50 pages this week" in shown.text(f"habit-{habit}")


def test_the_fragments_equal_those_of_the_whole_page(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    for data in ({"amount": "35"}, {"amount": "15"}):
        answer = client.post(f"/habits/{habit}/amount", data=data, headers=HTMX)
        assert (answer.status_code, "<html" in answer.text) == (200, False)
        fragment, whole = page(answer), page(client.get("/"))
        fragment["pet"].pop("data-moment", "")
        for name in ("pet", f"pillar-{world.pillar}", f"habit-{habit}"):
            assert fragment[name] == whole[name]
        assert fragment.text(f"more-{habit}") == whole.text(f"more-{habit}")


BAD = {
    "": "This is not an amount.",
    "some": "This is not an amount.",
    "-1": "This is not an amount.",
    "1e309": "This is not an amount.",
    "NaN": "This is not an amount.",
    "0": "This has to be more than 0.",
    "0.000": "This has to be more than 0.",
    "1.2345": "at most three decimals",
    "1000000000.001": "more than can be counted",
    "9" * 400: "This is not an amount.",
}


@pytest.mark.parametrize("typed", BAD)
def test_an_amount_that_cannot_be_is_told_at_its_field(world: World, typed: str):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    own, before = f"/habits/{habit}/amount", contents()
    for headers in ({}, HTMX):
        data = {"amount": typed, "day": str(TUESDAY), "key": "k"}
        answer = client.post(own, data=data, headers=headers)
        shown = page(answer)
        assert (answer.status_code, "<html" in answer.text) == (422, not headers)
        assert BAD[typed] in shown.error_of("amount")
        assert shown.form(own).fields["amount"] == typed
    assert contents() == before


def test_what_is_large_and_what_is_written_with_a_comma_is_taken(world: World):
    habit = counted(world, **PAGES)
    make.add(world.ada, habit, "1000000000")
    answer = world.signed_in(world.ada).post(f"/habits/{habit}/amount", data={"amount": " 1,5 "})
    assert (answer.status_code, look(world, habit)["data-amount"]) == (303, "1000000001.5")


def test_a_habit_that_is_ticked_counts_no_amounts(world: World):
    client, own = world.signed_in(world.ada), f"/habits/{world.habit}/amount"
    before = contents()
    plain = client.post(own, data={"amount": "5"})
    assert plain.status_code == 422
    assert "counts no amounts" in page(plain).error_of("amount")
    told = client.post(own, data={"amount": "5"}, headers=HTMX)
    assert (told.status_code, "counts no amounts" in told.text) == (422, True)
    assert page(told)[f"habit-{world.habit}"]["data-done"] == "false"
    assert contents() == before
    assert "counts no amounts" in client.get(own).text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "HTMX"])
def test_the_same_key_adds_once_and_on_another_route_never(world: World, headers: dict[str, str]):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    own, data = f"/habits/{habit}", {"amount": "50", "key": "tap"}
    assert client.post(f"{own}/amount", data=data).status_code == 303
    before = contents()
    assert client.post(f"{own}/amount", data=data, headers=headers).status_code in {200, 303}
    for action in ("commit", "undo"):
        answer = client.post(f"{own}/{action}", data={"key": "tap"}, headers=headers)
        assert answer.status_code == 422
    assert contents() == before
    assert client.post(f"{own}/commit", data={"key": "step"}).status_code == 303
    assert client.post(f"{own}/amount", data=data | {"key": "step"}).status_code == 422
    # A press that was taken back since, and one of so long ago that only its row tells.
    client.post(f"{own}/undo")
    client.post(f"{own}/undo")
    assert client.post(f"{own}/amount", data=data, headers=headers).status_code in {200, 303}
    assert scalar("SELECT count(*) FROM amounts") == 0
    client.post(f"{own}/amount", data=data | {"key": "old"})
    execute("DELETE FROM presses")
    assert client.post(f"{own}/amount", data=data | {"key": "old"}).status_code == 303
    assert scalar("SELECT count(*) FROM amounts") == 1


@pytest.mark.parametrize("day", ["2026-03-11", "2025-12-31", "tomorrow"])
def test_an_amount_is_of_a_day_from_the_first_to_today(world: World, day: str):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    before = contents()
    for action in ("amount", "commit"):
        for headers in ({}, HTMX):
            data = {"amount": "5", "day": day}
            answer = client.post(f"/habits/{habit}/{action}", data=data, headers=headers)
            assert answer.status_code == 422
    assert contents() == before


def test_an_archived_habit_takes_no_amount(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    with db.transaction() as session:
        habits.archive(session, world.ada, habit)
    before = contents()
    for headers in ({}, HTMX):
        for action in ("amount", "commit", "undo"):
            data = {"amount": "5"}
            answer = client.post(f"/habits/{habit}/{action}", data=data, headers=headers)
            assert answer.status_code == 409
            assert "is archived. Restore it first." in answer.text
    assert contents() == before


def test_what_is_not_yours_is_not_there_whatever_is_typed(world: World):
    habit = counted(world, **PAGES)
    bob = world.signed_in(world.bob)
    for typed in ("5", "", "1e309"):
        assert bob.post(f"/habits/{habit}/amount", data={"amount": typed}).status_code == 404
    assert bob.get(f"/habits/{habit}/amount").status_code == 404


@pytest.mark.parametrize("action", ["commit", "amount", "undo"])
def test_a_press_takes_four_statements_at_most(world: World, statements: Any, action: str):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES, schedule="weekly")
    make.add(world.ada, habit, "30", TUESDAY - DAY)
    make.add(world.ada, habit, "20")
    data = {"amount": "50", "key": "one", "day": str(TUESDAY - DAY), "from": "day"}
    with statements() as said:
        assert client.post(f"/habits/{habit}/{action}", data=data).status_code == 303
    # An undo whose week has its commit on another day looks that one up.
    assert len(said) == (4 if action == "undo" else 3), said


def test_a_late_amount_is_told_on_a_fresh_page(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    data = {"amount": "5", "day": str(TUESDAY - DAY)}
    answer = client.post(f"/habits/{habit}/amount", data=data, headers=HTMX)
    assert "Added for Monday. It is Tuesday now." in answer.text
    assert 'id="main"' in answer.text


def test_what_was_added_is_said(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    added = client.post(f"/habits/{habit}/amount", data={"amount": "35"}, headers=HTMX)
    assert "Read: 35 of 50 pages." in added.text
    taken = client.post(f"/habits/{habit}/undo", headers=HTMX)
    assert "Taken back. Read: 0 of 50 pages." in taken.text


def test_quiet_days_are_collected_by_one_press(world: World):
    client = world.signed_in(world.ada)
    habit = make.habit(world.ada, world.pillar, "Coffee", starts_on=TUESDAY - 3 * DAY, **COFFEE)
    shown = page(client.get("/"))
    assert shown.text(f"collect-{habit}") == "3 quiet days to collect"
    shown = page(send(client, shown.form(f"/habits/{habit}/collect")))
    assert (shown["pet"]["data-xp"], forms(shown, habit)) == ("31", {"commit", "amount"})
    assert scalar("SELECT count(*) FROM commits") == 3


@pytest.mark.parametrize("source", ["today", "habit", "pillar"])
def test_collecting_answers_with_what_changed(world: World, source: str):
    client = world.signed_in(world.ada)
    habit = make.habit(world.ada, world.pillar, "Coffee", starts_on=TUESDAY - 3 * DAY, **COFFEE)
    own, data = f"/habits/{habit}/collect", {"from": source, "key": "one"}
    answer = client.post(own, data=data, headers=HTMX)
    fragment = page(answer)
    assert (answer.status_code, fragment["pet"]["data-xp"]) == (200, "31")
    assert fragment[f"pillar-{world.pillar}"]["data-xp"] == "31"
    rest_of_page = {"day", "skip", "note", "archive"} if source == "habit" else set()
    assert forms(fragment, habit) == {"commit", "amount"} | rest_of_page
    again = client.post(own, data=data, headers=HTMX)
    assert (again.status_code, page(again)["pet"]["data-xp"]) == (200, "31")
    assert client.post(f"/habits/{habit}/commit", data=data, headers=HTMX).status_code == 422
    assert client.get(own).location == f"/habits/{habit}"
    assert world.signed_in(world.bob).post(own).status_code == 404
    assert client.post(own, data={"key": "k" * 65}).status_code == 422
    # Of a habit that is ticked there is nothing to collect.
    assert client.post(f"/habits/{world.habit}/collect").status_code == 303


def test_what_a_deletion_takes_says_amounts(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    for amount in ("5", "6"):
        make.add(world.ada, habit, amount)
    assert "Its 2 amounts are deleted with it." in client.get(f"/habits/{habit}/delete").text
    assert "2 amounts" in client.get(f"/pillars/{world.pillar}/delete").text
    assert "amount" not in client.get(f"/habits/{world.habit}/delete").text
    send(client, page(client.get(f"/habits/{habit}/delete")).form(f"/habits/{habit}/delete"))
    assert scalar("SELECT count(*) FROM amounts") == 0


def test_an_amount_of_another_day_leads_back_to_its_board(world: World):
    client, habit = world.signed_in(world.ada), counted(world, **PAGES)
    board = f"/?day={TUESDAY - DAY}"
    form = page(client.get(board)).form(f"/habits/{habit}/amount")
    refused = client.post(form.action, data=form.fields | {"amount": "-3"})
    assert refused.status_code == 422
    again = page(refused).form(form.action)
    answer = client.post(again.action, data=again.fields | {"amount": "35"})
    assert answer.headers["Location"] == board
    row = page(client.get(board))[f"habit-{habit}"]
    assert (row["data-amount"], row["data-done"], row["data-state"]) == ("35", "false", "partial")
    assert look(world, habit)["data-amount"] == "0"
