"""Folding a pillar up on Today, by pointer and keyboard, as a plain form too."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, tick

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@scripts
def test_a_pillar_is_folded_and_stays_folded(person: Person, visit: Open, scripts: bool) -> None:
    body, mind = person.pillar("Body"), person.pillar("Mind")
    walk, read = person.habit(body, "Walk"), person.habit(mind, "Read")
    page = visit("/", person, java_script_enabled=scripts)
    fold = page.get_by_role("button", name="Habits: Body")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.locator(f"#pillar-{body}")).to_contain_text("1 left")
    expect(row(page, walk)).to_have_count(0)
    expect(row(page, read)).to_be_visible()
    page.reload()
    expect(row(page, walk)).to_have_count(0)
    # The other pillar is as it was, and its head tells what becomes of it.
    tick(page, read).click()
    expect_settled(page, read, kept=True)
    expect(page.locator(f"#pillar-{mind}")).to_contain_text("all kept")
    fold.click()
    expect(row(page, walk)).to_be_visible()


def test_the_keyboard_folds_and_unfolds_and_stays_on_the_button(
    person: Person, visit: Open
) -> None:
    body = person.pillar("Body")
    walk = person.habit(body, "Walk")
    person.pillar("Mind")
    page = visit("/", person)
    fold = page.locator(f"#fold-{body}")
    fold.focus()
    for rows in (0, 1, 0):
        page.keyboard.press("Enter")
        expect(row(page, walk)).to_have_count(rows)
        expect(fold).to_be_focused()
    # The next stop is the next pillar: what is folded up is not on the way.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Mind")).to_be_focused()
