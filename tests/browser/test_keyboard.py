"""Everything with the keyboard alone, and the focus never lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, tick, undo

MOST_STOPS = 20


def _tab_to(page: Page, name: str) -> None:
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"{MOST_STOPS} presses of Tab do not reach {name}")


def test_tab_reaches_the_tick_and_enter_commits_and_the_focus_stays(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    page = visit("/", person)
    _tab_to(page, f"tick-{habit}")
    page.keyboard.press("Enter")
    expect_settled(page, habit, kept=True)
    expect(tick(page, habit)).to_be_focused()
    expect(tick(page, habit)).to_have_attribute("aria-pressed", "true")
    expect(tick(page, habit)).to_have_accessible_name("Commit: Read 10 pages")
    assert len(person.truth().amounts) == 1


def test_undo_by_keyboard_leaves_the_focus_on_the_row(person: Person, visit: Open) -> None:
    habit = person.habit()
    person.keep(habit)
    page = visit("/", person)
    _tab_to(page, f"undo-{habit}")
    expect(undo(page, habit)).to_be_focused()
    page.keyboard.press("Enter")
    expect_settled(page, habit, kept=False)
    expect(tick(page, habit)).to_be_focused()


def test_a_click_leaves_the_focus_on_the_tick(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect(tick(page, habit)).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_content(person: Person, visit: Open) -> None:
    page = visit("/", person)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
