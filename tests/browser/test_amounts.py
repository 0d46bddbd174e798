"""Amounts in the browser: a press a step, a field for any amount, and never one too many."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import cut_after, held
from tests.browser.person import Person
from tests.browser.screen import sentence, stop_clock

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])
PAGES = {"kind": "at_least", "target": "50", "step": "10", "unit": "pages"}
# The ring of a row rests so long after a press.
REST = 750


def opened(visit: Open, person: Person, scripts: bool = True) -> Page:
    """Open Today with a clock that `let_rest` alone turns on."""
    page = visit("/", person, java_script_enabled=scripts)
    if scripts:
        stop_clock(page)
    return page


def let_rest(page: Page, scripts: bool = True) -> None:
    """Let the rest of a ring pass; without scripts there is none."""
    if scripts:
        page.clock.run_for(REST)


def row_of(page: Page, habit: int) -> Locator:
    return page.locator(f"#habit-{habit}")


@scripts
def test_a_day_is_counted_up_to_its_target_and_back(
    person: Person, visit: Open, scripts: bool
) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = opened(visit, person, scripts)
    row = row_of(page, habit)
    row.get_by_role("button", name="Commit: Read").click()
    expect(row).to_contain_text("10 of 50 pages")
    expect(row).to_have_attribute("data-state", "partial")
    row.locator("summary").click()
    row.get_by_label("Amount: Read").fill("39,5")
    row.get_by_label("Amount: Read").press("Enter")
    expect(row).to_contain_text("49.5 of 50 pages")
    let_rest(page, scripts)
    row.get_by_role("button", name="Commit: Read").click()
    expect(row).to_have_attribute("data-done", "true")
    expect(row).to_contain_text("59.5 of 50 pages")
    expect(page.locator("#pet")).to_have_attribute("data-xp", "10")
    let_rest(page, scripts)
    row.get_by_role("button", name="Undo: Read").click()
    expect(row).to_have_attribute("data-done", "false")
    expect(row).to_contain_text("49.5 of 50 pages")
    expect(page.locator("#pet")).to_have_attribute("data-xp", "0")


@scripts
def test_what_is_no_amount_is_told_at_the_field(person: Person, visit: Open, scripts: bool) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = visit("/", person, java_script_enabled=scripts)
    row_of(page, habit).locator("summary").click()
    field = row_of(page, habit).get_by_label("Amount: Read")
    field.fill("1.2345")
    row_of(page, habit).get_by_role("button", name="Add").click()
    expect(page.locator(".error")).to_contain_text("at most three decimals")
    field = field if scripts else page.get_by_label("Amount")
    expect(field).to_have_value("1.2345")
    field.fill("1.25")
    page.get_by_role("button", name="Add", exact=True).last.click()
    expect(row_of(page, habit)).to_contain_text("1.25 of 50 pages")


def test_the_field_stays_open_keeps_the_focus_and_is_empty_again(
    person: Person, visit: Open
) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = visit("/", person)
    row_of(page, habit).locator("summary").click()
    field = row_of(page, habit).get_by_label("Amount: Read")
    for typed, there in (("5", "5 of 50"), ("6", "11 of 50")):
        field.fill(typed)
        field.press("Enter")
        expect(row_of(page, habit)).to_contain_text(there)
        expect(field).to_have_value("")
        expect(field).to_be_focused()


@pytest.mark.parametrize("pause", [0, 80, 300])
@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_second_press_within_a_moment_adds_nothing(
    person: Person, visit: Open, pause: int, by: str
) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = opened(visit, person)
    tick = page.locator(f"#tick-{habit}")
    for _ in range(2):
        if by == "pointer":
            tick.click()
        else:
            tick.press("Enter")
        page.clock.run_for(pause)
    expect(row_of(page, habit)).to_contain_text("10 of 50 pages")
    let_rest(page)
    tick.click()
    expect(row_of(page, habit)).to_contain_text("20 of 50 pages")


def test_while_a_step_is_on_its_way_the_ring_shows_where_it_leads(
    person: Person, visit: Open
) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = visit("/", person)
    row = row_of(page, habit)
    with held(person.server.weather):
        page.locator(f"#tick-{habit}").click()
        expect(row.locator(".ring circle").last).to_have_css("opacity", "1")
        # It is not kept by that, and does not look so.
        mark = "getComputedStyle(document.querySelector('li .tick'), '::after').display"
        assert page.evaluate(mark) == "none"
    expect(row).to_contain_text("10 of 50 pages")


def test_a_press_whose_answer_is_lost_is_looked_up(person: Person, visit: Open) -> None:
    habit = person.habit(name="Read", **PAGES)
    page = visit("/", person)
    person.server.weather.on_posts = cut_after
    page.locator(f"#tick-{habit}").click()
    expect(sentence(page)).to_contain_text("Checked: it was saved.")
    expect(row_of(page, habit)).to_contain_text("10 of 50 pages")


@scripts
def test_what_is_limited_counts_up_and_is_never_done(
    person: Person, visit: Open, scripts: bool
) -> None:
    terms = {"kind": "at_most", "target": "2", "unit": "coffees"}
    habit = person.habit(name="Coffee", **terms)
    page = opened(visit, person, scripts)
    for number in (1, 2, 3):
        row_of(page, habit).get_by_role("button", name="Commit: Coffee").click()
        expect(row_of(page, habit)).to_contain_text(f"{number} of 2 coffees")
        let_rest(page, scripts)
    expect(row_of(page, habit)).to_have_attribute("data-done", "false")
    row_of(page, habit).get_by_role("button", name="Undo: Coffee").click()
    expect(row_of(page, habit)).to_contain_text("2 of 2 coffees")


@scripts
def test_quiet_days_are_collected(person: Person, visit: Open, scripts: bool) -> None:
    terms = {"kind": "at_most", "target": "2", "unit": "coffees"}
    began = datetime.now(UTC).date() - timedelta(days=3)
    habit = person.habit(name="Coffee", starts_on=began, **terms)
    page = visit("/", person, java_script_enabled=scripts)
    row_of(page, habit).get_by_role("button", name="3 quiet days to collect").click()
    expect(page.locator("#pet")).to_have_attribute("data-xp", "31")
    expect(row_of(page, habit)).not_to_contain_text("quiet")
    expect(row_of(page, habit)).to_contain_text("0 of 2 coffees")
