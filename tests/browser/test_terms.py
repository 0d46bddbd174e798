"""The form of a rhythm in the browser: choices unfold what they ask for, also without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.person import Person

both = pytest.mark.parametrize("javascript", [True, False], ids=["", "without JavaScript"])
ASKED = ("On which days", "Days from one time to the next", "How many times", "Amount", "Unit")


def asked(page: Page) -> list[str]:
    """Return which of the fields below the choices are to be seen."""
    return [
        label
        for label in ASKED
        if page.get_by_text(label, exact=True).locator("visible=true").count()
    ]


def choose(page: Page, label: str) -> None:
    page.locator(".terms").get_by_text(label, exact=True).click()


@both
def test_what_a_rhythm_asks_for_unfolds_when_it_is_chosen(
    person: Person, visit: Open, javascript: bool
) -> None:
    pillar = person.pillar()
    page = visit(f"/habits/new?pillar_id={pillar}", person, java_script_enabled=javascript)
    assert asked(page) == []
    for label, fields in (
        ("some weekdays", ["On which days"]),
        ("every few days", ["Days from one time to the next"]),
        ("weekly", ["How many times"]),
        ("at least an amount", ["Amount", "Unit"]),
        ("every few days", ["Days from one time to the next", "Amount", "Unit"]),
        ("monthly", ["Amount", "Unit"]),
        ("doing it", ["How many times"]),
        ("every day", []),
    ):
        choose(page, label)
        assert asked(page) == fields, label


@both
def test_a_habit_is_made_and_changed_by_its_rhythm(
    person: Person, visit: Open, javascript: bool
) -> None:
    person.pillar("Body")
    page = visit("/", person, java_script_enabled=javascript)
    page.get_by_role("link", name="More choices").click()
    page.get_by_label("Name").fill("Gym")
    choose(page, "some weekdays")
    page.get_by_role("button", name="Add the habit").click()
    expect(page.get_by_text("Choose at least one day.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Gym")
    choose(page, "Mon")
    choose(page, "Thu")
    page.get_by_role("button", name="Add the habit").click()
    expect(page.locator("li.habit")).to_have_count(1)
    # On five days of the week it is folded away.
    for summary in page.locator("#folded-idle summary").all():
        summary.click()
    page.get_by_role("link", name="Gym").click()
    expect(page.locator("#rhythms")).to_contain_text("Mondays and Thursdays")
    page.locator("summary", has_text="Edit this habit").click()
    page.get_by_text("Rhythm and amount", exact=True).click()
    choose(page, "weekly")
    page.get_by_label("How many times").fill("8")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Write a whole number from 1 to 7.")).to_be_visible()
    page.get_by_label("How many times").fill("3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#rhythms")).to_contain_text("Three times a week")


@both
def test_the_quick_form_is_one_field_and_enter(
    person: Person, visit: Open, javascript: bool
) -> None:
    person.pillar("Body")
    page = visit("/", person, java_script_enabled=javascript)
    page.get_by_label("Name").fill("Walk")
    page.keyboard.press("Enter")
    expect(page.locator("li.habit")).to_have_count(1)
