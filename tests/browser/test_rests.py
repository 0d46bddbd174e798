"""Rests in the browser, as plain forms too."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import sentence

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


@scripts
def test_a_rest_is_begun_under_you_and_ended_on_today(
    person: Person, visit: Open, scripts: bool
) -> None:
    person.habit()
    page = visit("/settings", person, java_script_enabled=scripts)
    page.get_by_role("link", name="Rest Holidays").click()
    page.get_by_label("Why").fill("ill")
    page.get_by_role("button", name="Rest", exact=True).click()
    expect(sentence(page)).to_contain_text("Rest well.")
    expect(page.locator(".rest")).to_contain_text("Everything")
    expect(page.locator(".rest")).to_contain_text("ill")
    page.goto("/")
    expect(page.locator("[data-notice=rest]")).to_contain_text("Resting.")
    page.get_by_role("button", name="End the rest").click()
    expect(page.locator("[data-notice=rest]")).to_have_count(0)
    expect(sentence(page)).to_contain_text("The rest is over.")
    assert page.url.endswith("/")


@pytest.fixture
def back(person: Person) -> Person:
    """Someone who was away for the last four days."""
    today = datetime.now(UTC).date()
    person.age(30)
    habit = person.habit(starts_on=today - timedelta(days=30))
    person.keep(habit, today - timedelta(days=5))
    return person


@scripts
def test_days_away_are_counted_as_rest(back: Person, visit: Open, scripts: bool) -> None:
    page = visit("/", back, java_script_enabled=scripts)
    notice = page.locator("[data-notice=away]")
    expect(notice).to_contain_text("Away or unwell?")
    notice.get_by_role("button", name="Count").click()
    expect(sentence(page)).to_contain_text("Counted as rest.")
    expect(page.locator("[data-notice]:visible")).to_have_count(0)
    page.goto("/rests")
    expect(page.locator(".rest")).to_contain_text("Everything")


@scripts
def test_days_away_are_left_as_they_are(back: Person, visit: Open, scripts: bool) -> None:
    page = visit("/", back, java_script_enabled=scripts)
    page.get_by_role("button", name="No, leave").click()
    expect(sentence(page)).to_contain_text("These days stay as they are.")
    expect(page.locator("[data-notice=away]")).to_have_count(0)
    expect(page.locator("[data-notice=back]")).to_contain_text("Good to see you.")


@scripts
def test_a_rest_that_ends_before_it_begins_is_told_at_the_field(
    person: Person, visit: Open, scripts: bool
) -> None:
    page = visit("/rests", person, java_script_enabled=scripts)
    page.get_by_label("Until").fill("2020-01-01")
    page.get_by_label("Why").fill("at sea")
    page.get_by_role("button", name="Rest", exact=True).click()
    expect(page.locator("#rest-ends_on-error")).to_contain_text("cannot come before its first")
    expect(page.get_by_label("Why")).to_have_value("at sea")
    expect(page.get_by_label("Until")).to_have_value("2020-01-01")


@scripts
def test_a_rest_is_deleted_after_a_question(person: Person, visit: Open, scripts: bool) -> None:
    person.rest(person.pillar("Body"))
    page = visit("/rests", person, java_script_enabled=scripts)
    page.get_by_role("link", name="Change the rest: Body").click()
    page.get_by_role("link", name="Delete this rest").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(sentence(page)).to_have_text("Deleted.")
    expect(page.locator(".rest")).to_have_count(0)


@scripts
def test_a_habit_is_skipped_and_not_skipped(person: Person, visit: Open, scripts: bool) -> None:
    page = visit(f"/habits/{person.habit()}", person, java_script_enabled=scripts)
    page.get_by_text("With a reason").click()
    page.get_by_label("Why").fill("ill")
    page.get_by_role("button", name="Skip today").click()
    expect(page.locator("#day")).to_contain_text("Skipped: ill")
    page.get_by_role("button", name="Do not skip").click()
    expect(page.get_by_role("button", name="Skip today")).to_be_visible()
