"""Notes in the browser: offered after a commit, written, found again, nothing lost on the way."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import boxes, expect_settled, sentence, tick

each = pytest.mark.parametrize("javascript", [True, False], ids=["", "without JavaScript"])


def note_field(page: Page) -> Locator:
    return page.get_by_label("Note", exact=True)


@each
def test_a_commit_offers_a_note_which_is_written_and_found(
    person: Person, visit: Open, javascript: bool
) -> None:
    pillar = person.pillar()
    habit = person.habit(pillar)
    person.habit(pillar, "Another one")
    page = visit("/", person, java_script_enabled=javascript)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    sentence(page).get_by_role("link", name="Add a note").click()
    expect(note_field(page)).to_be_focused()
    page.keyboard.type("Slow.")
    page.keyboard.press("Enter")
    page.keyboard.type("And fun.")
    page.get_by_role("button", name="Save the note").click()
    expect(sentence(page)).to_have_text("Saved.")
    expect(page.locator("#notes .note-text")).to_have_text("Slow. And fun.")
    assert page.locator("#notes .note-text").inner_text() == "Slow.\nAnd fun."
    page.goto("/settings")
    page.get_by_role("link", name="Notes").click()
    page.get_by_label("Look for").fill("FUN")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="change the note").click()
    expect(note_field(page)).to_have_value("Slow.\nAnd fun.")


def test_the_offer_keeps_the_focus_and_moves_nothing(person: Person, visit: Open) -> None:
    pillar = person.pillar()
    habit = person.habit(pillar)
    person.habit(pillar, "Another one")
    page = visit("/", person)
    before = boxes(page)
    tick(page, habit).focus()
    page.keyboard.press("Enter")
    expect(sentence(page).get_by_role("link", name="Add a note")).to_be_visible()
    expect(tick(page, habit)).to_be_focused()
    assert boxes(page) == before


@each
def test_too_long_is_said_at_the_field_and_nothing_is_lost(
    person: Person, visit: Open, javascript: bool
) -> None:
    page = visit(f"/habits/{person.habit()}", person, java_script_enabled=javascript)
    typed = "one\n" * 500 + "x"
    note_field(page).fill(typed)
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("#day-note-error")).to_have_text("At most 2000 characters; these are 2001.")
    expect(note_field(page)).to_have_value(typed)


@each
def test_another_day_is_opened_and_its_note_is_taken_away(
    person: Person, visit: Open, javascript: bool
) -> None:
    habit = person.habit(starts_on=date(2026, 1, 1))
    person.note(habit, "The first day.", date(2026, 1, 1))
    page = visit(f"/habits/{habit}", person, java_script_enabled=javascript)
    page.locator("summary", has_text="Another day").click()
    page.get_by_label("Day", exact=True).fill("2026-01-01")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("#day-title")).to_contain_text("Thursday, 1 January")
    field = note_field(page)
    expect(field).to_have_value("The first day.")
    field.fill("")
    page.get_by_role("button", name="Save the note").click()
    expect(sentence(page)).to_have_text("There is no note about this day now.")
    expect(page.locator("#notes .note-text")).to_have_count(0)
    expect(note_field(page)).to_have_value("")
