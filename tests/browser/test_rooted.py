"""A habit takes root in the browser, as plain forms too, and returns."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests import world
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import sentence

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@pytest.fixture
def strong(person: Person) -> int:
    """A habit that was kept on each of the last 110 days."""
    first = datetime.now(UTC).date() - timedelta(days=110)
    habit = person.habit(name="Write", starts_on=first)
    person.server.run(world.bring, person.me, habit, first, 110)
    person.age(120)
    return habit


@scripts
def test_a_habit_takes_root_is_told_and_returns(
    person: Person, strong: int, visit: Open, scripts: bool
) -> None:
    page = visit(f"/habits/{strong}", person, java_script_enabled=scripts)
    page.get_by_role("button", name="Let it take root").click()
    expect(page.get_by_role("dialog")).to_contain_text("has taken root.")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#rooted")).to_contain_text("Rooted since")
    page.goto("/")
    expect(page.locator(f"#habit-{strong}")).to_have_count(0)
    page.goto("/pillars")
    page.get_by_role("link", name="Body").first.click()
    expect(page.locator("#rooted")).to_contain_text("Best: 110")
    page.get_by_role("button", name="Return to Today: Write").click()
    expect(sentence(page)).to_contain_text("It is back on Today.")
    expect(page.locator(f"#habit-{strong}")).to_have_attribute("data-streak", "110")


@scripts
def test_not_yet_is_an_answer_too(person: Person, strong: int, visit: Open, scripts: bool) -> None:
    page = visit(f"/habits/{strong}", person, java_script_enabled=scripts)
    page.get_by_role("button", name="Not yet").click()
    expect(sentence(page)).to_contain_text("We ask again in two months.")
    expect(page.locator("#rooted")).to_have_count(0)
