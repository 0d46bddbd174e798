"""The notice of a device that lives by another zone than the account."""

import pytest
from playwright.sync_api import expect

from app.infra import db
from app.operations import accounts
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, sentence, tick

NOTICE = "[data-notice=zone]"


def live_in(person: Person, zone: str) -> None:
    """Set the zone of the account."""
    with person.server.app.app_context(), db.transaction() as writing:
        accounts.set_preferences(writing, person.me, timezone=zone)


def test_one_tap_follows_the_device(person: Person, visit: Open) -> None:
    habit = person.habit()
    person.keep(habit)
    kept = person.truth().kept
    page = visit("/", person, timezone_id="America/New_York")
    notice = page.locator(NOTICE)
    expect(notice).to_have_text(
        "Your device lives by America/New York, your days by UTC. Follow the device Not now"
    )
    notice.get_by_role("button", name="Follow the device").click()
    expect(sentence(page)).to_have_text("Saved.")
    expect(page.locator(NOTICE)).to_be_hidden()
    assert page.url.endswith("/")
    assert person.truth().kept == kept
    page.goto("/settings")
    expect(page.get_by_label("Time zone")).to_have_value("America/New York")


def test_not_now_is_remembered_for_that_zone(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person, timezone_id="Asia/Tokyo")
    page.locator(NOTICE).get_by_role("button", name="Not now").click()
    expect(page.locator(NOTICE)).to_be_hidden()
    page.reload()
    expect(row(page, habit)).to_be_visible()
    expect(page.locator(NOTICE)).to_be_hidden()
    page.evaluate("localStorage.zone = 'Asia/Seoul'")
    page.reload()
    expect(page.locator(NOTICE)).to_be_visible()


@pytest.mark.parametrize(
    ("account", "device"),
    [("UTC", "UTC"), ("Europe/Berlin", "Europe/Berlin"), ("Asia/Kolkata", "Asia/Calcutta")],
)
def test_where_both_are_one_nothing_is_said(
    person: Person, visit: Open, account: str, device: str
) -> None:
    habit = person.habit()
    live_in(person, account)
    page = visit("/", person, timezone_id=device)
    expect(row(page, habit)).to_be_visible()
    expect(page.locator(NOTICE)).to_be_hidden()


def test_without_javascript_it_is_not_there(person: Person, visit: Open) -> None:
    person.habit()
    page = visit("/", person, timezone_id="Asia/Tokyo", java_script_enabled=False)
    expect(page.locator(NOTICE)).to_be_hidden()


def test_it_comes_alone_and_stays_while_rows_are_pressed(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person, timezone_id="Asia/Tokyo")
    # An account without a commit is told how to begin.
    expect(page.locator("[data-notice=first]")).to_be_hidden()
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect(page.locator(NOTICE)).to_be_visible()
    page.evaluate("askTruth()")
    expect(page.locator(NOTICE)).to_be_visible()
