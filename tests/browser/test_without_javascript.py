"""Everything is a real form: the whole flow passes without JavaScript."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.screen import (
    expect_settled,
    make_habit,
    make_pillar,
    sentence,
    tick,
    undo,
)
from tests.world import PASSWORD


def test_the_whole_flow_passes_with_javascript_off(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Start with an egg").click()
    page.get_by_label("Email").fill("plain@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("button", name="Skip the first steps").click()
    expect(page.locator("#pet")).to_have_attribute("data-xp", "0")
    make_pillar(page, "Body")
    expect(sentence(page)).to_have_text("Added: Body. What is one small thing for it?")
    habit = make_habit(page, "Read 10 pages")

    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect(sentence(page)).to_contain_text("Your one habit for today is kept.")
    expect(page.locator("#pet")).to_have_attribute("data-xp", "10")
    expect(page.locator(".pillar-header")).to_have_attribute("data-xp", "10")

    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    expect(sentence(page)).to_have_text("Taken back, 10 XP with it. Ready when you are.")
    expect(page.locator("#pet")).to_have_attribute("data-xp", "0")
    assert "/pillars/" in page.url
