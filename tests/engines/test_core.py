"""What everybody does, in Firefox and WebKit: first steps, commits in any weather, keys, Back."""

import itertools
from contextlib import suppress

import pytest

from app.web import formats
from tests import pseudo
from tests.browser.live import LiveServer, cut_before, held, slow
from tests.browser.person import Person
from tests.browser.test_covered import COVERED
from tests.browser.test_right_to_left import FROM_EDGES
from tests.engines.browser import ENTER, SHIFT, TAB, Browser
from tests.engines.conftest import Open
from tests.engines.wire import Refused
from tests.world import PASSWORD

# Whether the tick of a row is drawn.
_TICKED = """const tick = document.querySelector(arguments[0]).querySelector('.tick');
return getComputedStyle(tick, '::after').opacity === '1'"""
# Whether a row of the day can be seen.
_SEEN = """return !!document.querySelector(arguments[0])
  ?.checkVisibility({ visibilityProperty: true })"""
_numbers = itertools.count(1)


def row(habit: int) -> str:
    return f"#habit-{habit}"


def expect_row(browser: Browser, habit: int, kept: bool) -> None:
    """Wait until no request of the row is under way, and see what it shows then."""
    settled = f"{row(habit)}[data-done={str(kept).lower()}]:not(.htmx-request)"
    browser.until(lambda: browser.all(settled), f"no {settled}")


def expect_ready(browser: Browser) -> None:
    """Wait until HTMX takes the presses."""
    browser.one("form.commit[data-htmx-powered]")


def sign_up(browser: Browser) -> None:
    browser.go("/signup")
    browser.fill("#email", f"engine{next(_numbers)}@example.org")
    browser.fill("#password", PASSWORD)
    browser.click("main form [type=submit]")
    browser.until(lambda: browser.path.startswith("/welcome"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_first_steps_lead_to_a_commit_and_an_undo(visit: Open, scripts: bool) -> None:
    browser = visit("/login", scripts=scripts)
    sign_up(browser)
    browser.fill("#name", "Kiwi")
    browser.click("a[href='#step-2']")
    browser.click("a[href='#step-3']")
    browser.click("button.onward")
    browser.until(lambda: browser.path == "/")
    assert ">Kiwi<" in browser.source
    assert len(browser.all("li.habit")) == 3
    browser.click("li.habit .tick")
    browser.until(lambda: browser.attribute("#pet", "data-xp") == "5")
    browser.until(lambda: len(browser.all("li.habit[data-done=true]")) == 1)
    # After a press Undo rests for a moment.
    browser.until(lambda: _take_back(browser))
    browser.until(lambda: browser.attribute("#pet", "data-xp") == "0")


def _take_back(browser: Browser) -> bool:
    for button in browser.all(".undo button"):
        with suppress(Refused):
            browser.press(button)
    return not browser.all("li.habit[data-done=true]")


def test_enter_in_a_name_goes_on(visit: Open) -> None:
    browser = visit("/login")
    sign_up(browser)
    browser.fill("#name", "Kiwi")
    browser.keys(ENTER)
    browser.until(lambda: browser.js("return document.activeElement.id") == "step-2")


def test_a_commit_shows_at_once_however_late_the_answer(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    browser = visit("/", person)
    expect_ready(browser)
    with held(server.weather):
        browser.click(f"{row(habit)} .tick")
        browser.until(lambda: browser.js(_TICKED, f"{row(habit)}[data-done=false].htmx-request"))
    expect_row(browser, habit, kept=True)
    assert person.truth().amounts == [10]


def test_a_commit_that_is_cut_goes_back_and_says_so(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    browser = visit("/", person)
    expect_ready(browser)
    server.weather.on_posts = cut_before
    browser.click(f"{row(habit)} .tick")
    browser.until(lambda: "it was not saved" in browser.text("#toast"))
    expect_row(browser, habit, kept=False)
    server.weather.clear()
    browser.click(f"{row(habit)} .tick")
    expect_row(browser, habit, kept=True)


def test_the_keys_act_and_the_focus_is_seen(person: Person, visit: Open) -> None:
    pillar = person.pillar()
    first, second = person.habit(pillar, "Walk"), person.habit(pillar, "Read")
    browser = visit("/", person)
    expect_ready(browser)
    browser.click(f"{row(first)} .tick")
    expect_row(browser, first, kept=True)
    # After the mouse, too.
    browser.keys("j")
    focus = "return document.activeElement.id + document.activeElement.matches(':focus-visible')"
    browser.until(lambda: browser.js(focus) == f"tick-{second}true")
    browser.keys("c")
    expect_row(browser, second, kept=True)
    browser.until(lambda: _press_u(browser, second))
    browser.keys("?")
    browser.one("#keys[open]")
    browser.click_at(10, 10)
    browser.until(lambda: not browser.all("#keys[open]"), "the keys stay open")


def _press_u(browser: Browser, habit: int) -> bool:
    browser.keys("u")
    return bool(browser.all(f"{row(habit)}[data-done=false]"))


def test_back_after_a_sign_out_shows_nothing_of_the_day(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    browser = visit("/", person)
    expect_ready(browser)
    assert browser.js(_SEEN, row(habit))
    browser.click(".nav a[href='/settings']")
    browser.click("form[action='/logout'] button")
    browser.until(lambda: not browser.all(".nav"))
    server.weather.on_pages = slow(2)
    browser.js("setTimeout(() => history.go(-2))")
    while not browser.path.startswith("/login"):
        with suppress(Refused):
            assert not browser.js(_SEEN, row(habit))


@pytest.mark.parametrize("name", ["散歩", "Walk", "مشي"])
def test_a_row_is_mirrored_whatever_its_name_is_written_in(
    server: LiveServer, person: Person, visit: Open, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(formats.PATTERNS, pseudo.TAG, pseudo.PATTERNS)
    monkeypatch.setitem(server.app.extensions, "language", pseudo.language())
    habit = person.habit(name=name)
    browser = visit("/", person)
    edges = f"return ({FROM_EDGES})(document.querySelector(arguments[0]))"
    from_beginning, from_end = browser.js(edges, row(habit))
    assert 0 < from_beginning < 20
    assert 0 < from_end < 20


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_the_page_and_its_fields_are_as_dark_as_the_device(
    person: Person, visit: Open, dark: bool
) -> None:
    browser = visit("/settings", person, dark)
    luminance = """
      const paper = new OffscreenCanvas(1, 1).getContext('2d');
      paper.fillStyle = getComputedStyle(document.querySelector(arguments[0]))[arguments[1]];
      paper.fillRect(0, 0, 1, 1);
      return Math.max(...paper.getImageData(0, 0, 1, 1).data.slice(0, 3)) / 255"""
    page, ink = (browser.js(luminance, "html", name) for name in ("backgroundColor", "color"))
    field = browser.js(luminance, "select", "backgroundColor")
    assert (page < 0.4, field < 0.4, ink > 0.7) == (dark, dark, dark)
    for drawn in ("select", ".choice input"):
        assert browser.style(drawn, "appearance") == "none"


@pytest.mark.parametrize("path", ["/", "/settings"])
def test_nothing_that_has_the_focus_is_under_a_bar(person: Person, visit: Open, path: str) -> None:
    pillar = person.pillar()
    for number in range(12):
        person.habit(pillar, f"A small thing, number {number}")
    browser = visit(path, person)
    covered, stops = [], set()
    # Not past the last stop: a Firefox without a screen comes back from its own bars as a window in
    # the background, to which no focus is told.
    for press in [lambda: browser.keys(TAB)] * 30 + [lambda: browser.chord(SHIFT, TAB)] * 30:
        press()
        covered += filter(None, [browser.js(f"return ({COVERED})()")])
        stops.add(browser.js("return document.activeElement.id || document.activeElement.name"))
    assert covered == []
    assert len(stops) > 7
