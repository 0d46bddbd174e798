"""Other days in the browser: from day to day, and everything that was forgotten of yesterday."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, sentence, tick, undo

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(hour=9)
TODAY = NOW.date()
YESTERDAY = TODAY - DAY
scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def way(page: Page, rel: str) -> Any:
    """The link beside the date."""
    return page.locator(f".pet-date [rel={rel}]")


@scripts
def test_the_date_leads_from_day_to_day_and_back(
    person: Person, visit: Open, scripts: bool
) -> None:
    habit = person.habit(starts_on=TODAY - 2 * DAY)
    page = visit("/", person, java_script_enabled=scripts)
    expect(way(page, "next")).to_have_count(0)
    for back in (1, 2):
        way(page, "prev").click()
        day = TODAY - back * DAY
        expect(page).to_have_title(f"{day:%A}, {day.day} {day:%B} · Commit Life")
        expect(page.locator("h1")).to_have_text(f"{day:%A}, {day.day} {day:%B}")
        assert page.url.endswith(f"/?day={day}")
        expect(row(page, habit)).to_have_attribute("data-due", "true")
    expect(way(page, "prev")).to_have_count(0)
    way(page, "next").click()
    expect(page.locator("h1")).to_have_text(f"{YESTERDAY:%A}, {YESTERDAY.day} {YESTERDAY:%B}")
    way(page, "next").click()
    expect(page.locator("h1")).to_have_text("Today")
    page.go_back()
    page.locator(".notice").get_by_role("link", name="Today").click()
    expect(page.locator("h1")).to_have_text("Today")


@scripts
def test_a_press_on_another_day_keeps_that_day_and_stays_there(
    person: Person, visit: Open, scripts: bool
) -> None:
    habit = person.habit(starts_on=TODAY - 9 * DAY)
    page = visit(f"/?day={TODAY - 3 * DAY}", person, java_script_enabled=scripts)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    assert page.url.endswith(f"/?day={TODAY - 3 * DAY}")
    expect(page.locator(".pet-state b")).to_have_text("1 of 1 kept")
    expect(way(page, "prev")).to_be_visible()
    assert person.truth().kept == {(habit, TODAY - 3 * DAY)}
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    assert not person.truth().kept


@scripts
def test_a_day_long_ago_is_taken_back_after_a_question_that_leads_back_to_it(
    person: Person, visit: Open, scripts: bool
) -> None:
    long_ago = TODAY - 20 * DAY
    habit = person.habit(starts_on=long_ago)
    page = visit(f"/?day={long_ago}", person, java_script_enabled=scripts)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    undo(page, habit).click()
    page.get_by_role("link", name="Leave it kept").click()
    expect(row(page, habit)).to_have_attribute("data-done", "true")
    undo(page, habit).click()
    page.get_by_role("button", name="Take it back").click()
    expect(row(page, habit)).to_have_attribute("data-done", "false")
    assert page.url.endswith(f"/?day={long_ago}")


# All rows at once: what is scrolled under the pointer in half a second looks like a double click.
TALL = {"width": 390, "height": 4200}


def forgotten(person: Person, many: int = 30) -> list[int]:
    """Make so many habits in three pillars, none of them kept yesterday."""
    pillars = [person.pillar(name) for name in ("Body", "Mind", "Work")]
    return [
        person.habit(pillars[number % 3], f"Habit {number}", starts_on=YESTERDAY)
        for number in range(many)
    ]


def expect_all_kept(person: Person, habits: list[int]) -> None:
    """Every habit is kept on yesterday alone, each with its full reward."""
    truth = person.truth()
    assert truth.kept == {(habit, YESTERDAY) for habit in habits}
    assert truth.amounts == [10] * len(habits)


def test_thirty_forgotten_habits_take_thirty_taps_on_the_board_of_yesterday(
    person: Person, visit: Open
) -> None:
    habits = forgotten(person)
    page = visit(f"/?day={YESTERDAY}", person, viewport=TALL)
    for habit in habits:
        tick(page, habit).click()
    for habit in habits:
        expect_settled(page, habit, kept=True)
    expect(page.locator(".pet-state b")).to_have_text("30 of 30 kept")
    assert page.url.endswith(f"/?day={YESTERDAY}")
    expect_all_kept(person, habits)


def test_thirty_forgotten_habits_take_thirty_taps_on_today(person: Person, visit: Open) -> None:
    habits = forgotten(person)
    page = visit("/", person, viewport=TALL)
    page.get_by_text("Yesterday: 30 still open").click()
    strip = page.locator("#yesterday")
    for habit in habits:
        strip.locator(f"#tick-{habit}-yesterday").click()
    expect(strip.locator("li[data-done=true]")).to_have_count(30)
    expect(strip.locator("#yesterday-open")).to_have_text("Yesterday: nothing open")
    expect_all_kept(person, habits)
    # Today's own rows stand as they stood, with the run of a day.
    expect(page.locator(".pillar li[data-done=false]")).to_have_count(30)
    expect(page.locator(".pillar li[data-streak='1']")).to_have_count(30)
    page.reload()
    expect(row(page, habits[0])).to_be_visible()
    expect(page.locator("#yesterday")).to_have_count(0)


def test_yesterday_unfolds_in_place_and_stays_unfolded(person: Person, visit: Open) -> None:
    habit = person.habit(starts_on=YESTERDAY)
    page = visit("/", person)
    link, late = page.locator("#unfold-yesterday"), page.locator(f"#habit-{habit}-yesterday")
    page.get_by_text("+ Habit").click()
    typed = page.locator("form[action='/habits']").get_by_label("Name")
    typed.fill("Half typed")
    link.click()
    expect(late).to_be_visible()
    expect(link).to_be_focused()
    expect(typed).to_have_value("Half typed")
    page.reload()
    expect(late).to_be_visible()
    link.click()
    expect(late).to_have_count(0)
    expect(link).to_have_attribute("aria-expanded", "false")


def test_a_second_tap_and_the_undo_beside_it(person: Person, visit: Open) -> None:
    habit = person.habit(starts_on=YESTERDAY)
    page = visit("/", person)
    page.get_by_text("Yesterday: 1 still open").click()
    late = page.locator(f"#habit-{habit}-yesterday")
    late.locator(".tick").click()
    expect(late).to_have_attribute("data-done", "true")
    expect(late.locator(".tick")).to_be_focused()
    late.get_by_role("button", name="Undo").click()
    expect(late).to_have_attribute("data-done", "false")
    expect(page.locator("#yesterday-open")).to_have_text("Yesterday: 1 still open")
    assert not person.truth().kept


def test_yesterday_is_kept_without_javascript(person: Person, visit: Open) -> None:
    habit = person.habit(starts_on=YESTERDAY)
    page = visit("/", person, java_script_enabled=False)
    page.get_by_text("Yesterday: 1 still open").click()
    page.locator(f"#tick-{habit}-yesterday").click()
    expect(sentence(page)).to_be_visible()
    expect(page.locator("#yesterday")).to_have_count(0)
    assert person.truth().kept == {(habit, YESTERDAY)}


def test_the_screen_tells_the_truth_when_the_answer_is_lost(person: Person, visit: Open) -> None:
    from tests.browser.live import cut_after

    habit = person.habit(starts_on=YESTERDAY)
    page = visit(f"/?day={YESTERDAY}", person)
    person.server.weather.on_posts = cut_after
    tick(page, habit).click()
    expect(sentence(page)).to_contain_text("saved")
    expect_settled(page, habit, kept=True)
    assert page.url.endswith(f"/?day={YESTERDAY}")
