"""Commit and undo over HTTP: with HTMX and without, late, repeated and refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.infra import db
from app.operations import habits
from tests import world as make
from tests.conftest import browser
from tests.views.database import changed, contents, fill, scalar
from tests.views.pages import page, send
from tests.world import NOON, PASSWORD, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
YESTERDAY = (TUESDAY - timedelta(days=1)).isoformat()


@pytest.fixture
def url(world: World) -> str:
    """The URL of Ada's habit."""
    return f"/habits/{world.habit}"


def test_the_whole_way_by_a_plain_client(world: World):
    client = browser(world.app)
    signup = page(client.get("/signup")).form("/signup")
    send(client, signup, email="eva@example.org", password=PASSWORD)
    pillars = page(client.get("/pillars"))
    today = page(send(client, pillars.form("/pillars"), name="Body"))
    today = page(send(client, today.form("/habits"), name="Walk"))
    (row,) = [given for tag, given in today.elements if tag == "li" and "data-streak" in given]
    (head,) = [given for tag, given in today.elements if tag == "header"]
    habit, pillar = row["id"], head["id"]
    number = habit.removeprefix("habit-")
    assert (row["data-due"], row["data-done"]) == ("true", "false")
    xp = [(today["pet"]["data-xp"], today[pillar]["data-xp"])]
    for action in ("commit", "undo", "commit"):
        today = page(send(client, today.form(f"/habits/{number}/{action}")))
        assert today[habit]["data-done"] == ("true" if action == "commit" else "false")
        xp.append((today["pet"]["data-xp"], today[pillar]["data-xp"]))
    assert xp == [("0", "0"), ("10", "10"), ("0", "0"), ("10", "10")]
    assert today[f"tick-{number}"] | {"class": ""} == today[f"tick-{number}"] | {
        "class": "", "type": "button", "aria-disabled": "true", "aria-pressed": "true",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "where"),
    [(None, "/"), ("today", "/"), ("elsewhere", "/"), ("//evil.example", "/"),
     ("habit", "/habits/{habit}"), ("day", "/habits/{habit}?day=2026-03-10#day"),
     ("pillar", "/pillars/{pillar}")],
)  # fmt: skip
@pytest.mark.parametrize("action", ["commit", "undo"])
def test_without_htmx_a_303_leads_back_to_the_page_of_the_form(
    world: World, url: str, action: str, source: str | None, where: str
):
    data = {"from": source} if source else {}
    answer = world.signed_in(world.ada).post(f"{url}/{action}", data=data)
    expected = where.format(habit=world.habit, pillar=world.pillar)
    assert (answer.status_code, answer.headers["Location"]) == (303, expected)


@pytest.mark.parametrize("source", [None, "today", "pillar"])
@pytest.mark.parametrize("action", ["commit", "undo"])
def test_with_htmx_the_answer_is_what_changed_and_no_page(
    world: World, url: str, action: str, source: str | None
):
    ada = world.signed_in(world.ada)
    if action == "undo":
        make.keep(world.ada, world.habit)
    data = {"from": source} if source else {}
    answer = ada.post(f"{url}/{action}", data=data, headers=HTMX)
    shown = page(answer)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li id="habit-{world.habit}"')
    kept = "true" if action == "commit" else "false"
    assert shown[f"habit-{world.habit}"]["data-done"] == kept
    version = str(scalar("SELECT version FROM users"))
    for name in ("pet", f"pillar-{world.pillar}"):
        assert shown[name]["data-xp"] == ("10" if action == "commit" else "0")
        assert shown[name]["data-version"] == version
    assert "<html" not in answer.text
    assert len(answer.data) < 12_000
    names = [given["id"] for _tag, given in shown.elements if "id" in given]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("source", ["habit", "day"])
@pytest.mark.parametrize("action", ["commit", "undo"])
def test_from_the_habits_own_page_the_answer_is_that_page(
    world: World, url: str, action: str, source: str
):
    ada = world.signed_in(world.ada)
    if action == "undo":
        make.keep(world.ada, world.habit)
    answer = ada.post(f"{url}/{action}", data={"from": source}, headers=HTMX)
    shown, kept = page(answer), "true" if action == "commit" else "false"
    assert answer.headers["HX-Retarget"] == "#main"
    assert "<html" not in answer.text
    assert shown[f"habit-{world.habit}"]["data-done"] == kept
    assert shown["pet"].get("data-moment") == ("all-kept" if action == "commit" else None)
    assert len(shown.all(f"habit-{world.habit}-day-{TUESDAY}")) == (source == "day")
    names = [given["id"] for _tag, given in shown.elements if "id" in given]
    assert len(names) == len(set(names))


def test_the_fragments_equal_those_of_the_whole_page(world: World, url: str):
    ada = world.signed_in(world.ada)
    fragment = page(ada.post(f"{url}/commit", headers=HTMX))
    whole = page(ada.get("/"))
    # What was just celebrated stands in the answer alone.
    assert fragment["pet"].pop("data-moment") == "all-kept"
    for name in ("pet", f"pillar-{world.pillar}", f"habit-{world.habit}"):
        assert fragment[name] == whole[name]


def test_a_second_press_and_a_known_key_change_nothing(world: World, url: str):
    ada = world.signed_in(world.ada)
    first = ada.post(f"{url}/commit", data={"key": "tap"}, headers=HTMX)
    before = contents()
    for data in ({"key": "tap"}, {"key": "another"}, {}):
        again = ada.post(f"{url}/commit", data=data, headers=HTMX)
        assert again.status_code == 200
        assert page(again)["pet"] | {"data-moment": "all-kept"} == page(first)["pet"]
        assert ada.post(f"{url}/commit", data=data).status_code == 303
    # Only the key of the press that found its work done is remembered.
    assert changed(before, contents()) == {"presses"}
    ada.post(f"{url}/undo", data={"key": "back"})
    late = ada.post(f"{url}/commit", data={"key": "tap"}, headers=HTMX)
    assert page(late)[f"habit-{world.habit}"]["data-done"] == "false"
    assert page(late)["pet"]["data-xp"] == "0"


def test_undoing_nothing_is_no_error(world: World, url: str):
    ada, before = world.signed_in(world.ada), contents()
    assert ada.post(f"{url}/undo").status_code == 303
    assert ada.post(f"{url}/undo", headers=HTMX).status_code == 200
    assert ada.post(f"{url}/undo", data={"day": "2025-01-01"}).status_code == 303
    assert contents() == before


def test_an_archived_habit_answers_409_with_the_truth(world: World, url: str):
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        habits.archive(session, world.ada, world.habit)
    ada, before = world.signed_in(world.ada), contents()
    for action in ("commit", "undo"):
        plain = ada.post(f"{url}/{action}", data={"day": YESTERDAY})
        assert plain.status_code == 409
        assert "is archived. Restore it first." in plain.text
        assert "<html" in plain.text
        told = ada.post(f"{url}/{action}", headers=HTMX)
        assert told.status_code == 409
        assert page(told)[f"habit-{world.habit}"]["data-due"] == "false"
        assert "is archived. Restore it first." in told.text
        assert "<html" not in told.text
    assert contents() == before


@pytest.mark.parametrize("kept", ["true", "false"])
@pytest.mark.parametrize("action", ["commit", "undo"])
def test_the_truth_of_a_409_tells_whether_the_day_is_kept(
    world: World, url: str, action: str, kept: str
):
    if kept == "true":
        make.keep(world.ada, world.habit)
    with db.transaction() as session:
        habits.archive(session, world.ada, world.habit)
    ada = world.signed_in(world.ada)
    told = ada.post(f"{url}/{action}", headers=HTMX)
    assert told.status_code == 409
    assert page(told)[f"habit-{world.habit}"]["data-done"] == kept
    for source in ("habit", "day"):
        shown = ada.post(f"{url}/{action}", data={"from": source}, headers=HTMX)
        assert (shown.status_code, shown.headers["HX-Retarget"]) == (409, "#main")
        assert "is archived. Restore it first." in shown.text
        state = "kept" if kept == "true" else "resting"
        assert f'data-day="{TUESDAY}" data-state="{state}"' in shown.text


@pytest.mark.parametrize(
    "data",
    [
        {"day": "2026-03-11"}, {"day": "2025-12-31"}, {"day": "9999-12-31"}, {"day": "0001-01-01"},
        {"day": "yesterday"}, {"day": "2026-02-30"}, {"day": "2026-3-1"}, {"day": "20260301"},
        {"day": "٢٠٢٦-٠٣-٠١"}, {"day": "2026-W10-1"}, {"day": "\0"}, {"day": "1" * 10_000},
        {"day": "-2026-03-01"}, {"day": "2026-03-10T00:00"}, {"day": "<script>"},
        {"key": "k" * 65}, {"key": "a\0b"}, {"key": "line\nbreak"},
    ],
)  # fmt: skip
def test_a_day_or_key_that_cannot_be_is_refused_and_the_row_tells_the_truth(
    world: World, url: str, data: dict
):
    ada, before = world.signed_in(world.ada), contents()
    plain = ada.post(f"{url}/commit", data=data)
    told = ada.post(f"{url}/commit", data=data, headers=HTMX)
    assert (plain.status_code, told.status_code) == (422, 422)
    assert "<html" in plain.text
    assert "<html" not in told.text
    assert page(told)[f"habit-{world.habit}"]["data-done"] == "false"
    assert "<script>" not in told.text
    assert 'hx-target="#toast"' in told.text
    assert contents() == before


def test_a_key_of_64_signs_of_any_language_is_taken(world: World, url: str):
    ada = world.signed_in(world.ada)
    assert ada.post(f"{url}/commit", data={"key": "🔑" * 64}).status_code == 303
    assert scalar("SELECT count(*) FROM ledger_entries WHERE key = :key", key="🔑" * 64) == 1


def test_a_page_of_yesterday_saves_for_yesterday_and_shows_today(
    world: World, url: str, at: Callable
):
    ada = world.signed_in(world.ada)
    form = page(ada.get("/")).form(f"{url}/commit")
    at(NOON + timedelta(days=1))
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    assert answer.status_code == 200
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (
        "#main",
        "outerMorph show:none",
    )
    assert "Saved for Tuesday. It is Wednesday now." in answer.text
    assert "Wednesday, 11 March" in answer.text
    assert page(answer)[f"habit-{world.habit}"]["data-done"] == "false"
    assert "<html" not in answer.text
    assert scalar("SELECT day FROM commits") == TUESDAY
    undo = form.fields | {"key": "another"}
    plain = ada.post(f"{url}/undo", data=undo, follow_redirects=True)
    assert "Taken back for Tuesday. It is Wednesday now." in plain.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_late_press_says_what_it_brought_about_too(world: World, url: str, htmx: bool):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    answer = world.signed_in(world.ada).post(
        f"{url}/commit",
        data={"day": YESTERDAY},
        headers=HTMX if htmx else {},
        follow_redirects=True,
    )
    assert "Saved for Monday. It is Tuesday now." in answer.text
    assert "The egg opens." in answer.text


def test_a_page_of_last_month_names_the_date(world: World, url: str):
    answer = world.signed_in(world.ada).post(
        f"{url}/commit", data={"day": "2026-02-01"}, follow_redirects=True
    )
    assert "Saved for 1 Feb 2026." in answer.text
    assert page(answer)["pet"]["data-xp"] == "0"


@pytest.mark.parametrize(
    ("back", "kept", "taken_back"),
    [
        (6, "Saved for Wednesday. It is Tuesday now.",
         "Taken back for Wednesday. It is Tuesday now."),
        (7, "Saved for 3 Mar 2026.", "Taken back for 3 Mar 2026."),
        (8, "Saved for 2 Mar 2026.", "Taken back for 2 Mar 2026."),
    ],
)  # fmt: skip
def test_a_weekday_names_the_last_six_days_alone(
    world: World, url: str, back: int, kept: str, taken_back: str
):
    ada, data = world.signed_in(world.ada), {"day": str(TUESDAY - timedelta(days=back))}
    for action, sentence in (("commit", kept), ("undo", taken_back)):
        answer = ada.post(f"{url}/{action}", data=data, follow_redirects=True)
        assert sentence in answer.text


def test_an_undo_of_long_ago_asks_first_and_works_without_javascript(world: World, url: str):
    ada, day = world.signed_in(world.ada), TUESDAY - timedelta(days=8)
    for back in (7, 8):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    next_day = str(day + timedelta(days=1))
    shown = page(ada.get(url, query_string={"day": next_day}))
    assert "key" in shown.form(f"{url}/undo", day=next_day).fields
    asking = page(ada.get(url, query_string={"day": str(day)})).form(f"{url}/undo", day=str(day))
    assert "key" not in asking.fields
    asked = ada.get(asking.action, query_string=asking.fields)
    assert "Take back Read 10 pages for 2 Mar 2026?" in asked.text
    assert f'href="{url}?day={day}#day">Leave it kept' in asked.text
    assert scalar("SELECT count(*) FROM commits") == 2
    after = send(ada, page(asked).form(f"{url}/undo"))
    assert "Taken back. Ready when you are." in after.text
    assert page(after)[f"habit-{world.habit}-day-{day}"]["data-done"] == "false"
    assert scalar("SELECT count(*) FROM commits") == 1


def test_the_question_tells_what_goes_with_it(world: World, url: str, at: Callable):
    make.keep(world.ada, world.habit)
    at(NOON + timedelta(days=16))
    ada = world.signed_in(world.ada)
    asked = ada.get(f"{url}/undo?day={TUESDAY}").text
    assert "10 XP go with it. Keep the day again, and they come back." in asked
    ada.post(f"{url}/undo", data={"day": str(TUESDAY)})
    gone = ada.get(f"{url}/undo?day={TUESDAY}").text
    assert "Not kept on 10 Mar 2026" in gone
    back = ada.post(f"{url}/commit", data={"day": str(TUESDAY), "from": "day"}, headers=HTMX)
    assert "Kept again. Its 10 XP are back." in back.text
    assert page(back)["pet"]["data-xp"] == "10"


@pytest.mark.parametrize("day", ["", "tomorrow", "9999-12-31", "0001-01-01", "\0"])
def test_a_question_about_any_day_is_no_fault(world: World, url: str, day: str):
    assert (
        world.signed_in(world.ada).get(f"{url}/undo", query_string={"day": day}).status_code == 200
    )


def test_an_older_day_is_kept_from_the_habits_own_page(world: World, url: str):
    ada = world.signed_in(world.ada)
    opened = f"{url}?day={YESTERDAY}"
    form = page(ada.get(opened)).form(f"{url}/commit", day=YESTERDAY)
    assert form.fields["from"] == "day"
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    cell = page(answer)[f"habit-{world.habit}-day-{YESTERDAY}"]
    assert cell["data-done"] == "true"
    assert f'data-day="{YESTERDAY}" data-state="kept"' in answer.text
    assert page(answer)[f"habit-{world.habit}"]["data-done"] == "false"
    assert "It is Tuesday now" not in answer.text
    assert page(send(ada, page(ada.get(opened)).form(f"{url}/undo")))["pet"]["data-xp"] == "0"


@pytest.mark.parametrize("source", ["today", "pillar", "habit"])
def test_a_row_left_open_over_midnight_is_answered_with_its_page_of_today(
    world: World, url: str, source: str
):
    ada = world.signed_in(world.ada)
    answer = ada.post(f"{url}/commit", data={"day": YESTERDAY, "from": source}, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#main"
    assert "Saved for Monday. It is Tuesday now." in answer.text
    assert page(answer)[f"habit-{world.habit}"]["data-done"] == "false"


@pytest.mark.parametrize("action", ["commit", "undo"])
@pytest.mark.parametrize("more", [0, 60])
def test_a_press_takes_four_statements_at_most(
    world: World, url: str, statements: Callable, action: str, more: int
):
    fill(world.ada, world.pillar, more)
    if action == "undo":
        make.keep(world.ada, world.habit)
    ada = world.signed_in(world.ada)
    with statements() as seen:
        assert ada.post(f"{url}/{action}", headers=HTMX).status_code == 200
    assert 2 <= len(seen) <= 4


@pytest.mark.parametrize("action", ["commit", "undo"])
def test_a_press_that_changes_nothing_takes_one_statement_more_for_its_key(
    world: World, url: str, statements: Callable, action: str
):
    if action == "commit":
        make.keep(world.ada, world.habit)
    ada = world.signed_in(world.ada)
    for times in (3, 2):
        with statements() as seen:
            assert ada.post(f"{url}/{action}", data={"key": "a"}, headers=HTMX).status_code == 200
        assert len(seen) == times
