"""The question about a habit that was not kept in a long while, in the browser."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import sentence

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@pytest.fixture
def habits(person: Person) -> list[int]:
    """Three habits of a month: the first was kept yesterday, the others never."""
    today, pillar = datetime.now(UTC).date(), person.pillar()
    first = today - timedelta(days=40)
    made = [person.habit(pillar, name, starts_on=first) for name in ("Walk", "Sing", "Write")]
    person.age(60)
    person.keep(made[0], today - timedelta(days=1))
    return made


@scripts
def test_one_habit_after_the_other_is_let_go_or_kept(
    person: Person, habits: list[int], visit: Open, scripts: bool
) -> None:
    page = visit("/", person, java_script_enabled=scripts)
    page.get_by_role("button", name="Let it go: Sing").click()
    expect(sentence(page)).to_contain_text("Archived, and its days stay.")
    expect(page.locator(f"#habit-{habits[1]}")).to_have_count(0)
    page.get_by_role("button", name="Keep it as it is: Write").click()
    expect(sentence(page)).to_contain_text("It stays as it is.")
    expect(page.locator("#unkept")).to_have_count(0)
    expect(page.locator(f"#habit-{habits[2]}")).to_be_visible()


@scripts
def test_a_habit_is_made_smaller_on_its_page(
    person: Person, habits: list[int], visit: Open, scripts: bool
) -> None:
    page = visit("/", person, java_script_enabled=scripts)
    page.get_by_role("button", name="Make it smaller: Sing").click()
    page.wait_for_url(f"**/habits/{habits[1]}#edit-habit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sing")


def test_the_pet_hops_for_no_answer_and_a_keep_hides_the_question(
    person: Person, habits: list[int], visit: Open
) -> None:
    page = visit("/", person)
    expect(page.locator("#unkept")).to_be_visible()
    page.locator(f"#tick-{habits[1]}").click()
    expect(page.locator("#unkept")).to_be_hidden()
    page.goto("/")
    expect(page.locator("#unkept")).to_contain_text("Not kept for a while.")
    page.route("**/answer", lambda route: None)
    page.get_by_role("button", name="Keep it as it is: Write").click()
    expect(page.locator("#unkept")).to_have_class("notice htmx-request")
    expect(page.locator("#pet.htmx-request")).to_have_count(0)
