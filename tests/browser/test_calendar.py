"""The calendar of a habit in the browser: by mouse, by keys, with and without JavaScript."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from app.infra import clock
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import sentence

both = pytest.mark.parametrize("javascript", [True, False], ids=["", "without JavaScript"])
DAY = timedelta(days=1)


@pytest.fixture
def today(person: Person) -> date:
    """The day under way on the server that all tests share."""
    return person.server.run(lambda: clock.now().date())


@pytest.fixture
def habit(person: Person, today: date) -> int:
    """A habit of sixty days, kept yesterday and the day before."""
    habit = person.habit(starts_on=today - 60 * DAY)
    for back in (1, 2):
        person.keep(habit, today - back * DAY)
    return habit


def cell(page: Page, day: date) -> Locator:
    return page.locator(f"[data-day='{day}']")


def link(page: Page, day: date) -> Locator:
    return page.locator(f"#open-{day}")


@both
def test_a_day_of_another_month_is_opened_kept_and_taken_back(
    person: Person, visit: Open, habit: int, today: date, javascript: bool
) -> None:
    day = today.replace(day=1) - 3 * DAY
    page = visit(f"/habits/{habit}", person, java_script_enabled=javascript)
    page.get_by_role("link", name="The month before").click()
    expect(cell(page, day)).to_have_attribute("data-state", "missed")
    expect(page.get_by_role("link", name="The month after")).to_be_visible()
    link(page, day).click()
    expect(page.locator("#day-title")).to_contain_text(str(day.day))
    expect(page).to_have_url(re.compile(f"day={day}#day$"))
    page.locator("#day .tick").click()
    expect(cell(page, day)).to_have_attribute("data-state", "kept")
    expect(link(page, day)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(f"#habit-{habit}-day-{day}")).to_have_attribute("data-done", "true")
    assert (habit, day) in person.truth().kept
    page.reload()
    page.locator("#day .undo button").click()
    if (today - day).days > 7:
        page.get_by_role("button", name="Take it back").click()
    expect(cell(page, day)).to_have_attribute("data-state", "missed")
    expect(page.locator("#day-title")).to_contain_text(str(day.day))


@both
def test_a_day_is_skipped_and_written_about_where_it_is_open(
    person: Person, visit: Open, habit: int, today: date, javascript: bool
) -> None:
    day = today - 5 * DAY
    page = visit(f"/habits/{habit}?day={day}", person, java_script_enabled=javascript)
    page.get_by_role("button", name="Skip this day").click()
    expect(cell(page, day)).to_have_attribute("data-state", "skipped")
    page.get_by_label("Note", exact=True).fill("A cold.")
    page.get_by_role("button", name="Save the note").click()
    expect(cell(page, day)).to_have_attribute("data-noted", "")
    expect(page.locator("#notes .note-text")).to_have_text("A cold.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("A cold.")
    page.get_by_role("button", name="Do not skip").click()
    expect(cell(page, day)).to_have_attribute("data-state", "missed")


def test_todays_row_changes_the_calendar_and_what_matters_now(
    person: Person, visit: Open, habit: int, today: date
) -> None:
    page = visit(f"/habits/{habit}", person)
    expect(page.locator("#facts dd").first).to_have_text("2")
    page.locator(f"#tick-{habit}").click()
    expect(cell(page, today)).to_have_attribute("data-state", "kept")
    expect(page.locator("#facts dd").first).to_have_text("3")
    expect(page.locator(f"#tick-{habit}")).to_be_focused()
    page.locator(f"#habit-{habit} .undo button").click()
    expect(page.locator("#facts dd").first).to_have_text("2")


def test_the_arrow_keys_go_from_day_to_day_and_enter_opens(
    person: Person, visit: Open, habit: int, today: date
) -> None:
    month = (today.replace(day=1) - DAY).replace(day=1)
    page = visit(f"/habits/{habit}?month={month.isoformat()[:7]}", person)
    start = month + 9 * DAY
    link(page, start).focus()
    for key, step in (("ArrowRight", 1), ("ArrowDown", 7), ("ArrowLeft", -1), ("ArrowUp", -7)):
        page.keyboard.press(key)
        start += step * DAY
        expect(link(page, start)).to_be_focused()
    page.keyboard.press("Enter")
    expect(link(page, start)).to_have_attribute("aria-expanded", "true")
    expect(link(page, start)).to_be_focused()
    expect(page.locator("#day")).to_be_in_viewport()


def test_turning_the_month_keeps_the_focus_and_the_address_says_where(
    person: Person, visit: Open, habit: int, today: date
) -> None:
    page = visit(f"/habits/{habit}", person)
    page.locator("#month-before").focus()
    page.keyboard.press("Enter")
    month = (today.replace(day=1) - DAY).isoformat()[:7]
    expect(page).to_have_url(re.compile(f"month={month}#calendar$"))
    expect(page.locator("#month-before")).to_be_focused()
    shown = page.locator("#calendar-month").inner_text()
    page.reload()
    expect(page.locator("#calendar-month")).to_have_text(shown)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_day_is_as_large_as_a_finger_and_nothing_is_wider_than_the_page(
    person: Person, visit: Open, habit: int, width: int
) -> None:
    page = visit(f"/habits/{habit}", person, viewport={"width": width, "height": 844})
    sizes = page.locator(".month a").evaluate_all(
        "(days) => days.map((day) => day.getBoundingClientRect()).map((b) => [b.width, b.height])"
    )
    least = 40 if width < 390 else 44
    assert all(min(wide, high) >= least for wide, high in sizes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_press_that_fails_leaves_the_day_as_it_was(
    person: Person, visit: Open, habit: int, today: date
) -> None:
    day = today - 3 * DAY
    page = visit(f"/habits/{habit}?day={day}", person)
    page.route("**/commit", lambda route: route.abort())
    page.locator("#day .tick").click()
    expect(sentence(page)).to_contain_text("not saved", timeout=20_000)
    expect(cell(page, day)).to_have_attribute("data-state", "missed")
    expect(page.locator("#day-title")).to_contain_text(str(day.day))
