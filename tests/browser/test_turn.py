"""The turn of the day in a page that stays open, by the server's clock."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.browser.conftest import Open
from tests.browser.live import LiveServer, Rule, calm, proxy_error
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, sentence, tick

EVENING = datetime.now(UTC).replace(hour=23, minute=59, second=0, microsecond=0)
TODAY, TOMORROW = EVENING.date(), EVENING.date() + timedelta(days=1)
LEFT, SPREAD = 60, 3
NO_ANSWER = re.compile("This page is out of date, and no answer comes yet")

Pass = Callable[..., None]


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """A function that lets seconds pass, on the server and, where one is given, on a page.

    The server begins a minute before midnight. With `asleep` the page's timers rest meanwhile.
    """
    shown = [EVENING]
    monkeypatch.setattr(clock, "now", lambda: shown[0])

    def passed(seconds: float, page: Page | None = None, asleep: bool = False) -> None:
        shown[0] += timedelta(seconds=seconds)
        if page and asleep:
            page.clock.set_system_time(page.evaluate("Date.now()") / 1000 + seconds)
        elif page:
            page.clock.run_for(int(seconds * 1000))

    return passed


def opened(visit: Open, path: str, who: Person, ahead: timedelta = timedelta()) -> Page:
    """Open a page on a device whose clock is ahead of the server's, and runs only when told."""
    page = visit(None, who)
    page.clock.install(time=EVENING + ahead)
    page.goto(path)
    # Less than a busy machine needs from one line to the next would lie in its past.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 5)
    return page


def wake(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('focus'))")


def expect_day(page: Page, day: datetime) -> None:
    expect(page.locator(".pet-date")).to_contain_text(f"{day:%A}, {day.day} ")


@pytest.mark.parametrize(
    "ahead",
    [timedelta(), timedelta(hours=1), timedelta(hours=-1), timedelta(days=400)],
    ids=["right", "an hour ahead", "an hour behind", "a year ahead"],
)
def test_a_page_in_view_turns_at_midnight_whatever_the_devices_clock_shows(
    person: Person, visit: Open, let_pass: Pass, ahead: timedelta
) -> None:
    habit = person.habit()
    page = opened(visit, "/", person, ahead)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    let_pass(LEFT - 10, page)
    wake(page)
    expect_day(page, TODAY)
    assert not asked
    let_pass(10 + SPREAD, page)
    expect_day(page, TOMORROW)
    assert len(asked) == 1
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    assert person.truth().kept == {(habit, TOMORROW)}


def test_what_is_typed_or_chosen_stays(person: Person, visit: Open, let_pass: Pass) -> None:
    body, mind = person.pillar(), person.pillar("Mind")
    habit = person.habit(body)
    page = opened(visit, f"/habits/{habit}", person)
    edit = page.locator(f"form[action='/habits/{habit}']")
    page.get_by_text("Edit this habit").click()
    page.get_by_text("Move to another pillar").click()
    edit.get_by_label("hard").check()
    edit.get_by_label("First day").fill("2020-01-01")
    page.get_by_label("Pillar").select_option(str(mind))
    edit.get_by_label("Name").fill("Swim")
    let_pass(LEFT + SPREAD, page)
    expect_day(page, TOMORROW)
    expect(edit.get_by_label("Name")).to_have_value("Swim")
    expect(edit.get_by_label("Name")).to_be_focused()
    expect(edit.get_by_label("hard")).to_be_checked()
    expect(edit.get_by_label("First day")).to_have_value("2020-01-01")
    expect(page.get_by_label("Pillar")).to_have_value(str(mind))


@pytest.mark.parametrize("choose", ["radio", "text"])
def test_what_is_chosen_on_today_stays(
    person: Person, visit: Open, let_pass: Pass, choose: str
) -> None:
    person.habit()
    page = opened(visit, "/", person)
    page.locator("details.add summary").click()
    form = page.locator("form[action='/habits']")
    if choose == "radio":
        form.get_by_label("easy").check()
    else:
        form.get_by_label("Name").fill("Swim")
    let_pass(LEFT + SPREAD, page)
    expect_day(page, TOMORROW)
    if choose == "radio":
        expect(form.get_by_label("easy")).to_be_checked()
    expect(form.get_by_label("Name")).to_have_value("Swim" if choose == "text" else "")


@pytest.mark.parametrize("network", [None, proxy_error("502 Bad Gateway")], ids=["none", "a proxy"])
def test_a_page_that_wakes_without_an_answer_says_so_and_looks_again(
    server: LiveServer, person: Person, visit: Open, let_pass: Pass, network: Rule | None
) -> None:
    habit = person.habit()
    page = opened(visit, "/", person)
    page.context.set_offline(network is None)
    server.weather.on_pages = network or calm
    let_pass(9 * 3600, page, asleep=True)
    wake(page)
    expect(sentence(page)).to_have_text(NO_ANSWER)
    expect_day(page, TODAY)
    expect(row(page, habit)).to_be_visible()
    server.weather.clear()
    page.context.set_offline(False)
    if network:
        let_pass(15, page)
    expect_day(page, TOMORROW)
    expect(sentence(page)).to_have_count(0)


def test_a_page_out_of_sight_turns_when_it_is_seen(
    person: Person, visit: Open, let_pass: Pass
) -> None:
    person.habit()
    page = opened(visit, "/", person)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    let_pass(LEFT + SPREAD, page)
    expect_day(page, TODAY)
    page.evaluate("delete document.hidden, document.dispatchEvent(new Event('visibilitychange'))")
    expect_day(page, TOMORROW)


def test_a_page_that_is_gone_meanwhile_is_shown_as_gone(
    person: Person, visit: Open, let_pass: Pass
) -> None:
    habit = person.habit()
    page = opened(visit, f"/habits/{habit}", person)
    other = visit(f"/habits/{habit}/delete", person)
    other.get_by_role("button", name="Delete for good").click()
    other.wait_for_url("**/")
    let_pass(LEFT + SPREAD, page)
    expect(page.locator("h1")).not_to_have_text("Read 10 pages")
    expect(page.locator("#pet")).to_have_count(0)
