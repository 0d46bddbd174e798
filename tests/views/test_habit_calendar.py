"""The calendar on a habit's page: every state of a day, the day that is open, and bad addresses."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import habits, rests
from app.operations.habits import HabitFields
from app.rules.terms import TermFields
from tests import world as make
from tests.views.database import contents, execute
from tests.views.pages import Page, page, send
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def cells(text: str) -> dict[str, dict[str, str]]:
    """The attributes of the days of the table, each with what is said of it."""
    found = {}
    for _tag, given in Page(text).elements:
        if "data-day" in given:
            found[given["data-day"]] = dict(given)
        elif given.get("id", "").startswith("open-"):
            found[given["id"].removeprefix("open-")]["said"] = given["aria-label"]
    return found


def made(world: World, starts_on: date, **terms: Any) -> int:
    """A habit of Ada's with these terms."""
    fields = HabitFields("Read", "normal", starts_on, TermFields(**terms))
    me, pillar = world.ada, world.pillar
    with db.transaction() as session:
        return habits.create(session, me, pillar, fields, max_habits=1000)


def test_every_state_of_a_day_is_told_by_a_word_too(world: World, ada: FlaskClient):
    habit = made(world, date(2026, 3, 1))
    for day in (1, 2, 4):
        make.keep(world.ada, habit, date(2026, 3, day))
    make.note(world.ada, habit, "Slow.", date(2026, 3, 4))
    make.rest(world.ada, world.pillar, date(2026, 3, 5), date(2026, 3, 6))
    with db.transaction() as session:
        rests.skip(session, world.ada, habit, date(2026, 3, 7))
    found = cells(ada.get(f"/habits/{habit}").text)
    assert len(found) == 31
    told = {day[-2:]: (found[day]["data-state"], found[day].get("said")) for day in found}
    assert told["01"] == ("kept", "Sunday, 1 March: kept")
    assert told["03"] == ("missed", "Tuesday, 3 March: not kept. A shield held the run")
    assert told["04"] == ("kept", "Wednesday, 4 March: kept. With a note")
    assert told["05"] == ("resting", "Thursday, 5 March: at rest")
    assert told["07"] == ("skipped", "Saturday, 7 March: skipped")
    assert told["08"] == ("missed", "Sunday, 8 March: not kept")
    assert told["10"] == ("open", "Tuesday, 10 March: still open")
    assert told["11"] == ("ahead", None)
    assert "data-held" in found["2026-03-03"]
    assert "data-noted" in found["2026-03-04"]
    assert "data-runs-in" in found["2026-03-04"]


@pytest.mark.parametrize(
    ("terms", "amount", "state"),
    [
        ({"schedule": "weekdays", "weekdays": ["1"]}, None, "idle"),
        ({"schedule": "weekly", "times": "1"}, None, "idle"),
        ({"kind": "at_least", "target": "50", "unit": "pages"}, "35", "partial"),
        ({"kind": "at_most", "target": "2"}, "1", "kept"),
        ({"kind": "at_most", "target": "2"}, "3", "missed"),
        ({"kind": "at_least", "schedule": "weekly", "target": "50"}, "35", "partial"),
    ],
)
def test_days_of_other_rhythms(
    world: World, ada: FlaskClient, terms: dict, amount: str | None, state: str
):
    habit, day = made(world, date(2026, 3, 2), **terms), date(2026, 3, 5)
    if amount:
        execute(
            "INSERT INTO amounts (user_id, habit_id, day, amount, key, created_at)"
            " VALUES (:me, :habit, :day, :amount, 'one', now())",
            me=world.ada.user_id, habit=habit, day=day, amount=amount,
        )  # fmt: skip
        execute("UPDATE habits SET counted = true, folded_on = NULL")
    answer = ada.get(f"/habits/{habit}?day={day}")
    assert cells(answer.text)["2026-03-05"]["data-state"] == state
    if terms.get("unit"):
        assert "35 of 50" in page(answer).text("day")


def test_the_words_of_now(world: World, ada: FlaskClient):
    for back in (1, 3, 4):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    text = page(ada.get(f"/habits/{world.habit}")).text("facts")
    assert "3 of the last 30 days" in text
    assert "No shield now: 7 in a row win one. One held Sunday." in text
    assert "Kept on 3 days since 1 Jan 2026." in text
    assert "Strength" in text
    young = made(world, TUESDAY - 6 * DAY)
    text = page(ada.get(f"/habits/{young}")).text("facts")
    assert "A shield: it holds one day that goes by." in text
    assert "Strength" not in text
    weekly = made(world, date(2026, 1, 1), schedule="weekly", times="1")
    make.keep(world.ada, weekly, date(2026, 3, 3))
    text = page(ada.get(f"/habits/{weekly}")).text("facts")
    assert "1 of the last 10 weeks" in text
    assert "holds one week that goes by" in text


@pytest.mark.parametrize("name", ["day", "month", "note", "notes", "newest"])
@pytest.mark.parametrize(
    "asked",
    ["0001-01-01", "9999-12-31", "0001-01", "9999-12", "2026-13", "soon", "", "\0", "9" * 9000,
     "2026-02-30", "2025-12-31", "2026-03-11", "٢٠٢٦-٠٣", "<script>"],
)  # fmt: skip
def test_an_odd_address_is_answered_with_what_there_is(
    world: World, ada: FlaskClient, name: str, asked: str
):
    answer = ada.get(f"/habits/{world.habit}", query_string={name: asked})
    assert answer.status_code == 200
    assert page(answer)[f"habit-{world.habit}"]["data-due"] == "true"
    assert page(answer).text("calendar-month") in {"January 2026", "March 2026"}
    assert "Tuesday, 10 March" in page(answer).text("day-title")
    assert "<script>" not in answer.text


def test_an_address_of_the_list_that_was_leads_to_its_month(world: World, ada: FlaskClient):
    shown = page(ada.get(f"/habits/{world.habit}?newest=2026-02-10"))
    assert shown.text("calendar-month") == "February 2026"


def test_every_day_since_the_first_is_reached_month_by_month(world: World, ada: FlaskClient):
    seen: set[str] = set()
    url: str | None = f"/habits/{world.habit}"
    while url:
        answer = ada.get(url)
        days = {day for day, given in cells(answer.text).items() if "said" in given}
        assert not days & seen
        seen |= days
        before = page(answer).all("month-before")
        url = before[0]["href"] if before else None
    assert len(seen) == (TUESDAY - date(2026, 1, 1)).days + 1
    assert min(seen) == "2026-01-01"


def test_the_month_has_a_head_of_weekdays_in_the_users_order(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    heads = re.compile(r'<th scope="col"\s+abbr="(\w+)">')
    month = re.compile(r'<table class="month".*?</table>', re.DOTALL)
    assert heads.findall(month.findall(ada.get(url).text)[0])[0] == "Monday"
    execute("UPDATE users SET week_anchors = '{2000-01-02}'")
    assert heads.findall(month.findall(ada.get(url).text)[0])[0] == "Sunday"


def test_the_day_that_is_open_can_be_kept_taken_back_skipped_and_written_about(
    world: World, ada: FlaskClient
):
    url, day = f"/habits/{world.habit}", "2026-02-20"
    opened = f"{url}?day={day}"
    shown = page(ada.get(opened))
    assert shown[f"open-{day}"]["aria-expanded"] == "true"
    after = page(send(ada, shown.form(f"{url}/commit", day=day)))
    assert after[f"habit-{world.habit}-day-{day}"]["data-done"] == "true"
    assert not [form for form in after.forms if form.action == f"{url}/skip"]
    asked = ada.get(f"{url}/undo", query_string=after.form(f"{url}/undo").fields)
    after = page(send(ada, page(asked).form(f"{url}/undo")))
    assert after[f"habit-{world.habit}-day-{day}"]["data-done"] == "false"
    after = page(send(ada, after.form(f"{url}/note"), note="Slow."))
    assert after.form(f"{url}/note").fields["note"] == "Slow."
    assert after.form(f"{url}/note").fields["day"] == day
    after = page(send(ada, after.form(f"{url}/skip"), reason="ill"))
    assert "Skipped: ill" in after.text("day")


def test_with_htmx_a_press_on_the_open_day_stays_there(world: World, ada: FlaskClient):
    url, day = f"/habits/{world.habit}", "2026-02-20"
    form = page(ada.get(f"{url}?day={day}")).form(f"{url}/commit", day=day)
    answer = ada.post(form.action, data=form.fields, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#main"
    assert page(answer).text("calendar-month") == "February 2026"
    assert cells(answer.text)[day]["data-state"] == "kept"
    assert page(answer)[f"open-{day}"]["aria-expanded"] == "true"


def test_todays_tick_stands_once_until_today_is_opened(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    assert [form.action for form in page(ada.get(url)).forms].count(f"{url}/commit") == 1
    opened = page(ada.get(f"{url}?day={TUESDAY}"))
    assert [form.action for form in opened.forms].count(f"{url}/commit") == 2


def test_a_day_that_is_chosen_by_hand_is_opened(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    assert ada.get(f"{url}/day?day=2026-02-03").headers["Location"] == f"{url}?day=2026-02-03#day"
    assert ada.get(f"{url}/day?day=soon").headers["Location"] == url


def test_an_archived_habit_has_its_calendar_and_nothing_to_press(world: World, ada: FlaskClient):
    url = f"/habits/{world.habit}"
    make.keep(world.ada, world.habit, TUESDAY - DAY)
    ada.post(f"{url}/archive")
    answer = ada.get(f"{url}?day=2026-03-09")
    assert cells(answer.text)["2026-03-09"]["data-state"] == "kept"
    assert not [f for f in page(answer).forms if f.action.endswith(("/commit", "/undo", "/skip"))]


def test_a_stranger_finds_nothing_and_changes_nothing(world: World):
    bob, url, before = world.signed_in(world.bob), f"/habits/{world.habit}", contents()
    for path in ("?day=2026-03-01", "?month=2026-02", "/day?day=2026-03-01"):
        assert bob.get(url + path).status_code == 404
    assert bob.post(f"{url}/commit", data={"day": "2026-03-01", "from": "day"}).status_code == 404
    assert contents() == before


def test_the_strength_of_the_year_is_a_picture_with_a_sentence(world: World, ada: FlaskClient):
    for back in range(1, 12):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    text = ada.get(f"/habits/{world.habit}").text
    assert re.search(r"<desc id=\"course-desc\">Strength is \d+%\.", text)
    assert 'style="' not in text


@pytest.mark.parametrize("more", [0, 40])
def test_the_page_takes_five_statements(
    world: World, ada: FlaskClient, statements: Callable, more: int
):
    for number in range(more):
        make.habit(world.ada, world.pillar, f"Habit {number}")
    url = f"/habits/{world.habit}?day=2026-02-03"
    with statements() as seen:
        assert ada.get(url).status_code == 200
    assert len(seen) == 5
