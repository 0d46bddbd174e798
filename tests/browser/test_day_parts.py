"""Today by parts of the day, by links and as plain forms."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, tick

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@scripts
def test_a_part_is_given_looked_at_and_kept_through_a_press(
    person: Person, visit: Open, scripts: bool
) -> None:
    pillar = person.pillar()
    walk, read = person.habit(pillar, "Walk"), person.habit(pillar, "Read")
    page = visit("/", person, java_script_enabled=scripts)
    parts = page.get_by_role("navigation", name="Part of the day")
    expect(parts).to_have_count(0)
    for habit, part in ((walk, "morning"), (read, "evening")):
        page.goto(f"/habits/{habit}")
        form = page.locator("form", has=page.locator("[name=day_part]"))
        page.get_by_text("Edit this habit").click()
        form.get_by_text(part, exact=True).click()
        form.get_by_role("button", name="Save").click()
        expect(page.locator("#toast")).to_contain_text("Saved.")
    page.goto("/")
    parts.get_by_role("link", name="Morning").click()
    expect(row(page, read)).to_have_count(0)
    expect(page.get_by_text("1 more is left today, at another time.")).to_be_visible()
    tick(page, walk).click()
    expect_settled(page, walk, kept=True)
    expect(row(page, read)).to_have_count(0)
    page.get_by_role("button", name="Habits: Body").click()
    expect(row(page, walk)).to_have_count(0)
    expect(parts.get_by_role("link", name="Morning")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Habits: Body").click()
    expect(row(page, walk)).to_have_count(1)
    expect(row(page, read)).to_have_count(0)
    assert page.url.endswith("/?part=morning")
    parts.get_by_role("link", name="All").click()
    expect(row(page, read)).to_be_visible()
