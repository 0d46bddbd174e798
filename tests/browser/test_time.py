"""Pages that are older than the day, or than what was done since."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Playwright, expect

from app.infra import clock
from tests import programs
from tests.browser.conftest import FLAGS, Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, expect_truth, row, sentence, tick

NOW = datetime.now(UTC).replace(hour=12)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def turn_to_tomorrow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Stops the server's clock at noon; the function turns it on by a day.

    Forwards, so that the browser's own clock does not already show the page as old.
    """
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return lambda: monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_drawn_yesterday_keeps_yesterday_and_shows_today(
    person: Person, visit: Open, turn_to_tomorrow: Callable[[], None], javascript: bool
) -> None:
    habit = person.habit()
    page = visit("/", person, java_script_enabled=javascript)
    turn_to_tomorrow()
    tick(page, habit).click()
    expect(sentence(page)).to_have_text(f"Saved for {TODAY:%A}. It is {TOMORROW:%A} now.")
    expect_settled(page, habit, kept=False)
    expect(page.locator(".pet-date")).to_contain_text(f"{TOMORROW:%A}, {TOMORROW.day} ")
    assert row(page, habit).locator("[name=day]").input_value() == TOMORROW.isoformat()
    assert person.truth().kept == {(habit, TODAY)}
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    assert person.truth().kept == {(habit, TODAY), (habit, TOMORROW)}


def test_a_page_that_becomes_visible_after_its_day_has_ended_shows_the_new_one(
    person: Person, visit: Open, turn_to_tomorrow: Callable[[], None]
) -> None:
    habit = person.habit()
    person.keep(habit)
    page = visit("/", person)
    expect(row(page, habit)).to_have_attribute("data-done", "true")
    turn_to_tomorrow()
    page.clock.set_fixed_time(NOW + timedelta(days=1))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".pet-date")).to_contain_text(f"{TOMORROW:%A}, {TOMORROW.day} ")
    expect(row(page, habit)).to_have_attribute("data-done", "false")


@pytest.fixture
def keeping_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that keeps whole pages for Back, as those of people do and Playwright's do not."""
    browser = playwright.chromium.launch(
        executable_path=programs.find("chromium"),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.mark.parametrize("keeps_pages", [False, True])
def test_back_and_forward_show_the_truth(
    request: pytest.FixtureRequest, person: Person, visit: Open, keeps_pages: bool
) -> None:
    browser = request.getfixturevalue("keeping_browser") if keeps_pages else None
    habit = person.habit()
    page = visit("/", person, browser)
    page.get_by_role("link", name="Read 10 pages").click()
    page.wait_for_url(f"**/habits/{habit}")
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    page.go_back(wait_until="commit")
    expect_settled(page, habit, kept=True)
    expect_truth(page, person.truth())
    page.go_forward(wait_until="commit")
    expect_settled(page, habit, kept=True)
    assert len(person.truth().amounts) == 1


@pytest.mark.parametrize("keeps_pages", [False, True])
def test_back_to_the_page_of_the_commit_itself_shows_it_kept(
    request: pytest.FixtureRequest, person: Person, visit: Open, keeps_pages: bool
) -> None:
    browser = request.getfixturevalue("keeping_browser") if keeps_pages else None
    habit = person.habit()
    page = visit("/", person, browser)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    page.get_by_role("link", name="Pillars").click()
    page.wait_for_url("**/pillars")
    page.go_back(wait_until="commit")
    expect_settled(page, habit, kept=True)
    expect_truth(page, person.truth())
