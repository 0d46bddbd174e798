"""When a press does not come through, the screen goes back to the truth and says what happened."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.live import (
    LiveServer,
    Rule,
    cut_after,
    cut_before,
    held,
    proxy_error,
)
from tests.browser.person import Person
from tests.browser.screen import (
    IN_FLIGHT,
    expect_settled,
    expect_truth,
    look,
    row,
    sentence,
    tick,
    undo,
)

SECONDS_TO_TRUTH = 6
NOT_SAVED = re.compile("nothing was saved|not saved")
SAVED = re.compile("Checked: it was saved")


def _said(page: Page) -> list[str]:
    return page.evaluate("watch.said")


def _expect_sentence(page: Page, words: re.Pattern[str]) -> None:
    expect(sentence(page)).to_have_text(words, timeout=SECONDS_TO_TRUTH * 1000)
    expect(sentence(page)).to_be_visible()
    expect(page.locator("li #toast")).to_have_count(0)


def _press(page: Page, habit: int) -> object:
    """Press the tick; returns what the row looked like before, with the pointer on it."""
    tick(page, habit).hover()
    before = look(page, habit)
    tick(page, habit).click()
    return before


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway"])
def test_a_proxys_error_rolls_back_and_is_said(
    server: LiveServer, person: Person, visit: Open, status: str
) -> None:
    habit = person.habit()
    page = visit("/", person)
    server.weather.on_posts = proxy_error(status)
    before = _press(page, habit)
    _expect_sentence(page, NOT_SAVED)
    expect_settled(page, habit, kept=False)
    assert look(page, habit) == before
    expect(page.get_by_text(status)).to_have_count(0)
    expect(tick(page, habit)).to_be_focused()
    expect_truth(page, person.truth())
    server.weather.clear()
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)


def test_a_fault_of_the_app_rolls_back_and_is_said(
    server: LiveServer, person: Person, visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("on purpose")

    habit = person.habit()
    page = visit("/", person)
    monkeypatch.setattr("app.operations.commits.record", broken)
    before = _press(page, habit)
    _expect_sentence(page, re.compile("That was our fault; nothing was saved"))
    assert look(page, habit) == before
    expect_settled(page, habit, kept=False)
    expect(tick(page, habit)).to_be_focused()


@pytest.mark.parametrize(
    ("cut", "kept", "words"),
    [
        pytest.param(cut_before, False, NOT_SAVED, id="before the server heard of it"),
        pytest.param(cut_after, True, SAVED, id="after the server had committed"),
    ],
)
def test_after_a_cut_connection_the_truth_is_fetched_and_said(
    server: LiveServer, person: Person, visit: Open, cut: Rule, kept: bool, words: re.Pattern[str]
) -> None:
    habit = person.habit()
    page = visit("/", person)
    server.weather.on_posts = cut
    tick(page, habit).click()
    _expect_sentence(page, words)
    assert "We didn’t hear back" in _said(page)[0]
    expect_settled(page, habit, kept)
    expect(tick(page, habit)).to_be_focused()
    truth = person.truth()
    assert len(truth.amounts) == int(kept)
    expect_truth(page, truth)


def test_a_cut_undo_that_came_through_ends_in_the_truth(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    person.keep(habit)
    page = visit("/", person)
    server.weather.on_posts = cut_after
    undo(page, habit).click()
    _expect_sentence(page, SAVED)
    expect_settled(page, habit, kept=False)
    expect_truth(page, person.truth())


def test_after_a_timeout_the_truth_is_fetched_and_said(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    # The page waits eight seconds; the rule is the same for a shorter wait.
    page = visit("/", person)
    page.evaluate("htmx.config.defaultTimeout = 1500")
    with held(server.weather):
        tick(page, habit).click()
        expect(row(page, habit)).to_have_class(IN_FLIGHT)
        _expect_sentence(page, SAVED)
    assert "We didn’t hear back" in _said(page)[0]
    expect_settled(page, habit, kept=True)
    expect_truth(page, person.truth())


def test_a_failed_press_leaves_the_rows_beside_it_in_flight(
    server: LiveServer, person: Person, visit: Open
) -> None:
    pillar = person.pillar()
    lost, late = person.habit(pillar, "Lost"), person.habit(pillar, "Late")
    page = visit("/", person)
    with held(server.weather):
        tick(page, late).click()
        expect(row(page, late)).to_have_class(IN_FLIGHT)
        server.weather.await_post()
        server.weather.on_posts = cut_before
        tick(page, lost).click()
        _expect_sentence(page, NOT_SAVED)
        expect_settled(page, lost, kept=False)
    expect_settled(page, late, kept=True)
    expect_truth(page, person.truth())


def test_a_press_without_a_network_is_told_and_checked_when_the_network_is_back(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    page = visit("/", person)
    page.context.set_offline(True)
    tick(page, habit).click()
    _expect_sentence(page, re.compile("We didn’t hear back"))
    expect_settled(page, habit, kept=False)
    page.context.set_offline(False)
    _expect_sentence(page, NOT_SAVED)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect_truth(page, person.truth())
