"""Another day's board: its rows and how they are pressed, over HTTP, with HTMX and without."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.infra import db
from app.operations import habits as habit_operations
from app.operations import rests
from tests import world as make
from tests.views.database import execute, fill, scalar
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
BEGAN = date(2026, 1, 1)


@pytest.fixture
def row(world: World) -> str:
    """The id of the row of Ada's habit, which began on New Year's Day."""
    return f"habit-{world.habit}"


def test_a_day_gone_by_shows_its_own_rows_and_the_run_of_today(world: World, row: str):
    for back in (0, 1, 2, 5):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    ada = world.signed_in(world.ada)
    today = page(ada.get("/"))
    for back, done in ((1, "true"), (3, "false"), (5, "true"), (40, "false")):
        answer = ada.get(f"/?day={TUESDAY - back * DAY}")
        shown = page(answer)
        assert (shown[row]["data-due"], shown[row]["data-asked"]) == ("true", "true")
        assert shown[row]["data-done"] == done
        for name in ("data-streak", "data-shields", "data-strength", "data-version"):
            assert shown[row][name] == today[row][name]
        assert shown["pet"]["data-xp"] == today["pet"]["data-xp"]
        assert shown["pet"]["data-mood"] == today["pet"]["data-mood"]
        assert shown[f"pillar-{world.pillar}"] == today[f"pillar-{world.pillar}"]


def test_title_heading_and_ways_name_the_days(world: World):
    assert world.habit
    ada = world.signed_in(world.ada)
    text = ada.get(f"/?day={MONDAY}").text
    assert "<title>Monday, 9 March · Commit Life</title>" in text
    assert '<h1 class="vh">Monday, 9 March</h1>' in " ".join(text.split())
    assert ways(text) == {"prev": ("/?day=2026-03-08", "Sunday, 8 March"),
                          "next": ("/", "Tuesday, 10 March")}  # fmt: skip
    assert re.search(r'<a class="link" href="/">Today</a>', text)
    assert ways(ada.get("/").text) == {"prev": ("/?day=2026-03-09", "Monday, 9 March")}
    assert ways(ada.get(f"/?day={BEGAN}").text) == {
        "next": ("/?day=2026-01-02", "Friday, 2 January")
    }


def test_a_day_of_another_year_says_which(world: World):
    old = make.habit(world.ada, world.pillar, starts_on=date(2024, 2, 29))
    text = world.signed_in(world.ada).get("/?day=2024-12-31").text
    assert "<title>Tuesday, 31 December 2024 · Commit Life</title>" in text
    assert ways(text)["prev"] == ("/?day=2024-12-30", "Monday, 30 December 2024")
    assert f'id="habit-{old}"' in text


def test_the_first_day_of_a_new_account_is_the_only_one(world: World):
    made = make.habit(world.ada, world.pillar)
    ada = world.signed_in(world.ada)
    assert not ways(ada.get("/").text)
    press = ada.post(f"/habits/{made}/commit", headers=HTMX)
    assert not ways(press.text)
    assert ada.get(f"/?day={MONDAY}").headers["Location"] == "/"


def test_without_a_habit_there_is_still_the_day_of_the_account(world: World, at: Callable):
    assert world.ada
    at(NOON + 2 * DAY)
    answer = world.signed_in(world.ada).get(f"/?day={TUESDAY}")
    assert answer.status_code == 200
    assert "There is nothing here on this day." in answer.text


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("2026-03-11", "/"),
        ("9999-12-31", "/"),
        ("tomorrow", "/"),
        ("2026-02-30", "/"),
        ("20260309", "/"),
        ("2026-3-9", "/"),
        ("0000-00-00", "/"),
        ("٢٠٢٦-٠٣-٠٩", "/"),
        ("2026-03-09%00", "/"),
        ("-1", "/"),
        ("9" * 5000, "/"),
        ("2025-12-31", f"/?day={BEGAN}"),
        ("0001-01-01", f"/?day={BEGAN}"),
        ("1999-12-31", f"/?day={BEGAN}"),
    ],
)
def test_what_is_no_day_gone_by_leads_to_the_nearest(world: World, asked: str, where: str):
    assert world.habit
    ada = world.signed_in(world.ada)
    answer = ada.get(f"/?day={asked}")
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert ada.get(where).status_code == 200
    assert ada.get(f"/?day={asked}", headers=HTMX).headers["HX-Redirect"] == where


@pytest.mark.parametrize("asked", ["", "2026-03-10"])
def test_the_users_own_day_is_today_itself(world: World, asked: str):
    assert world.habit
    text = world.signed_in(world.ada).get(f"/?day={asked}").text
    assert '<h1 class="vh">Today</h1>' in " ".join(text.split())
    assert 'name="board"' not in text


def test_a_visitor_sees_the_landing_page(world: World):
    assert "/signup" in world.app.test_client().get(f"/?day={MONDAY}").text


@pytest.mark.parametrize("action", ["commit", "undo"])
def test_a_press_with_a_board_leads_back_to_it(world: World, row: str, action: str):
    if action == "undo":
        make.keep(world.ada, world.habit, MONDAY)
    ada = world.signed_in(world.ada)
    form = page(ada.get(f"/?day={MONDAY}")).form(f"/habits/{world.habit}/{action}")
    assert form.fields["board"] == form.fields["day"] == str(MONDAY)
    answer = ada.post(form.action, data=form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/?day={MONDAY}")
    shown = ada.get(answer.headers["Location"])
    assert page(shown)[row]["data-done"] == ("true" if action == "commit" else "false")
    # What it did is said as on Today, and not as if the day had turned meanwhile.
    assert "It is Tuesday now" not in shown.text


@pytest.mark.parametrize("back", [1, 3, 7])
def test_with_htmx_the_answer_is_the_row_of_that_day_and_the_pet_of_today(
    world: World, row: str, back: int
):
    second = make.habit(world.ada, world.pillar, "Second", starts_on=BEGAN)
    make.keep(world.ada, world.habit)
    make.keep(world.ada, second, TUESDAY - back * DAY)
    ada = world.signed_in(world.ada)
    url = f"/?day={TUESDAY - back * DAY}"
    form = page(ada.get(url)).form(f"/habits/{world.habit}/commit")
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    told, whole = page(answer), page(ada.get(url))
    assert answer.text.lstrip().startswith(f'<li id="{row}"')
    for name in ("pet", f"pillar-{world.pillar}", row):
        told[name].pop("data-moment", None)
        assert told[name] == whole[name]
        assert told.text(name) == whole.text(name)
    assert "all kept" in told.text(f"pillar-{world.pillar}")
    assert ways(answer.text) == ways(ada.get(url).text)
    undone = ada.post(
        told.form(f"/habits/{world.habit}/undo").action,
        data=told.form(f"/habits/{world.habit}/undo").fields,
        headers=HTMX,
    )
    assert page(undone)[row]["data-done"] == "false"
    assert page(undone).form(f"/habits/{world.habit}/commit").fields["board"] == url[6:]


def test_the_answer_of_today_keeps_the_way_to_yesterday(world: World):
    ada = world.signed_in(world.ada)
    told = ada.post(f"/habits/{world.habit}/commit", headers=HTMX)
    assert ways(told.text) == ways(ada.get("/").text) != {}
    # No other page has such ways.
    for source in ("habit", "pillar"):
        told = ada.post(f"/habits/{world.habit}/commit", data={"from": source}, headers=HTMX)
        assert not ways(told.text)


@pytest.mark.parametrize("board", ["", "never", "9999-12-31", "0001-01-01", str(TUESDAY), "\0"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_board_that_is_none_leads_to_a_sensible_page(
    world: World, board: str, headers: dict[str, str]
):
    ada = world.signed_in(world.ada)
    data = {"board": board, "day": str(TUESDAY)}
    answer = ada.post(f"/habits/{world.habit}/commit", data=data, headers=headers)
    assert answer.status_code in {200, 303}
    if not headers:
        assert ada.get(answer.headers["Location"], follow_redirects=True).status_code == 200


def test_a_day_long_ago_earns_nothing_and_is_taken_back_after_a_question(world: World, row: str):
    long_ago = TUESDAY - 30 * DAY
    ada = world.signed_in(world.ada)
    url = f"/?day={long_ago}"
    assert "it earns no XP" in ada.get(url).text
    form = page(ada.get(url)).form(f"/habits/{world.habit}/commit")
    assert ada.post(form.action, data=form.fields).status_code == 303
    assert scalar("SELECT xp FROM pillars WHERE id = :p", p=world.pillar) == 0
    asks = page(ada.get(url)).form(f"/habits/{world.habit}/undo")
    assert asks.method == "get"
    question = ada.get(asks.action, query_string=asks.fields)
    assert f'href="{url}"' in question.text
    sure = page(question).form(f"/habits/{world.habit}/undo", day=str(long_ago))
    answer = ada.post(sure.action, data=sure.fields)
    assert answer.headers["Location"] == url
    assert page(ada.get(url))[row]["data-done"] == "false"


def test_rows_that_had_not_begun_are_there_and_cannot_be_pressed(world: World, row: str):
    young = make.habit(world.ada, world.pillar, "Young", starts_on=MONDAY)
    shown = page(world.signed_in(world.ada).get(f"/?day={MONDAY - DAY}"))
    given = shown[f"habit-{young}"]
    assert (given["data-due"], given["data-asked"], given["data-done"]) == ("false",) * 3
    assert not shown.all(f"tick-{young}")
    assert shown.all(f"tick-{world.habit}")
    assert "Not begun yet (1)" in shown.text("folded-ahead")


def test_a_rest_of_that_day_shows_and_a_press_on_it_counts(world: World, row: str):
    with db.transaction() as session:
        rests.skip(session, world.ada, world.habit, MONDAY, "ill")
    ada = world.signed_in(world.ada)
    shown = page(ada.get(f"/?day={MONDAY}"))
    assert (shown[row]["data-resting"], shown[row]["data-due"]) == ("true", "false")
    assert "Resting (1)" in shown.text("folded-resting")
    assert page(ada.get("/"))[row]["data-resting"] == "false"


def test_a_refused_press_is_told_on_the_board(world: World, row: str):
    ada = world.signed_in(world.ada)
    form = page(ada.get(f"/?day={MONDAY}")).form(f"/habits/{world.habit}/commit")
    with db.transaction() as session:
        habit_operations.archive(session, world.ada, world.habit)
    assert ada.post(form.action, data=form.fields).status_code == 409
    told = ada.post(form.action, data=form.fields, headers=HTMX)
    assert told.status_code == 409
    assert page(told)[row]["data-done"] == "false"
    early = form.fields | {"day": "2025-06-01", "board": "2025-06-01"}
    assert ada.post(form.action, data=early, headers=HTMX).status_code in {409, 422}


def test_nobody_sees_or_presses_the_rows_of_another(world: World):
    bob = world.signed_in(world.bob)
    data = {"day": str(MONDAY), "board": str(MONDAY)}
    assert bob.post(f"/habits/{world.habit}/commit", data=data).status_code == 404
    assert f"habit-{world.habit}" not in bob.get(f"/?day={MONDAY}", follow_redirects=True).text


@pytest.mark.parametrize("day", [MONDAY, TUESDAY - 9 * DAY, date(2026, 1, 5)])
def test_a_board_takes_three_statements_however_many_habits(
    world: World, statements: Callable, day: date
):
    assert world.habit
    ada = world.signed_in(world.ada)
    with statements() as few:
        ada.get(f"/?day={day}")
    fill(world.ada, world.pillar, 199)
    execute("UPDATE schedules SET starts_on = '2026-01-01'")
    with statements() as many:
        answer = ada.get(f"/?day={day}")
    assert answer.text.count('data-due="true"') == 200
    assert len(few) == len(many) == 3
    form = page(answer).form(f"/habits/{world.habit}/commit")
    with statements() as pressed:
        ada.post(form.action, data=form.fields, headers=HTMX)
    assert len(pressed) == 6


def test_a_board_is_drawn_anew_each_time(world: World, row: str, at: Callable):
    ada, url = world.signed_in(world.ada), f"/?day={MONDAY}"
    assert page(ada.get(url))[row]["data-done"] == "false"
    # Not even a change that the version does not count is missed.
    execute(
        "INSERT INTO commits (user_id, habit_id, day, created_at) VALUES (:me, :habit, :day, :now)",
        me=world.ada.user_id, habit=world.habit, day=MONDAY, now=NOON,
    )  # fmt: skip
    assert page(ada.get(url))[row]["data-done"] == "true"
    at(datetime(2026, 3, 20, 12, tzinfo=UTC))
    assert "It is more than a week ago" in ada.get(url).text


def ways(text: str) -> dict[str, tuple[str, str]]:
    """Return where the date leads, by `rel`: the address, and what is said."""
    found = re.findall(
        r'<a href="([^"]+)"\s+rel="(\w+)"><span aria-hidden="true">.</span>'
        r'<span class="vh">\s*([^<]+?)\s*</span></a>',
        text,
    )
    return {rel: (url, said) for url, rel, said in found}


def test_each_kind_shows_its_day(world: World):
    ada = world.signed_in(world.ada)
    weekly = make.habit(world.ada, world.pillar, "Gym", starts_on=BEGAN)
    execute("UPDATE schedules SET kind = 'weekly', times = 3 WHERE habit_id = :habit", habit=weekly)
    execute("UPDATE habits SET folded_on = NULL")
    for day in (date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 10)):
        make.keep(world.ada, weekly, day)
    # The Tuesday before last: one of three.
    given = page(ada.get("/?day=2026-03-03"))[f"habit-{weekly}"]
    assert (given["data-count"], given["data-needed"], given["data-due"]) == ("1", "3", "false")
    given = page(ada.get("/?day=2026-03-08"))[f"habit-{weekly}"]
    assert (given["data-count"], given["data-due"]) == ("2", "true")
    assert json.loads(given["data-asked"])
