"""What is on the screen: rows, ticks, sentences, and the numbers of a page."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Truth

STOPWATCH = Path(__file__).with_name("stopwatch.js")
IN_FLIGHT = re.compile(r"(^|\s)htmx-request(\s|$)")

# Everything that can be seen of a row: its elements with their attributes and every computed
# style, also of what CSS draws. The form's key is new in each drawing and cannot be seen.
_LOOK = """(row) => [row, ...row.querySelectorAll('*:not([name=key])')].map((item) => ({
  attributes: [...item.attributes]
    .filter(({name}) => !['data-version'].includes(name))
    .map(({name, value}) => `${name}=${value.trim()}`).sort(),
  styles: [null, '::before', '::after'].map((part) => {
    const style = getComputedStyle(item, part);
    return Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
  }),
  box: JSON.stringify(item.getBoundingClientRect()),
}))"""

_BOXES = """() => Object.fromEntries(
  [...document.querySelectorAll('li.habit, .tick, .pillar-header, .add, nav, main')]
    .map((item) => [item.id || item.tagName, item.getBoundingClientRect()])
    .map(([name, box]) => [name, [box.x, box.y, box.width, box.height].map(Math.round)]))"""


def row(page: Page, habit: int) -> Locator:
    """Return the row of a habit."""
    return page.locator(f"#habit-{habit}")


def tick(page: Page, habit: int) -> Locator:
    """Return the control that commits."""
    return page.locator(f"#tick-{habit}")


def undo(page: Page, habit: int) -> Locator:
    """Return the control that takes back."""
    return row(page, habit).get_by_role("button", name="Undo")


def sentence(page: Page) -> Locator:
    """Return the sentence that is shown, which stands outside of every row."""
    return page.locator("#toast[role=status] > p").last


def make_pillar(page: Page, name: str) -> None:
    """Make a pillar with the form that Today leads to; the browser is on its page then."""
    page.goto("/")
    page.locator("a", has_text="+ Pillar").click()
    form = page.locator("form[action='/pillars']")
    form.get_by_label("Name").fill(name)
    form.get_by_role("button").click()
    expect(page.locator(".pillar-header").filter(has_text=name)).to_have_count(1)


def make_habit(page: Page, name: str) -> int:
    """Make a habit with the form of the pillar on the page, and return its id."""
    form = page.locator("form[action='/habits']")
    form.get_by_label("Name").fill(name)
    form.get_by_role("button").click()
    made = page.locator("li.habit").filter(has_text=name)
    expect(made).to_have_attribute("data-done", "false")
    return int((made.get_attribute("id") or "").removeprefix("habit-"))


def expect_settled(page: Page, habit: int, kept: bool) -> None:
    """Wait until no request of the row is under way, and see what it shows then."""
    expect(row(page, habit)).not_to_have_class(IN_FLIGHT)
    expect(row(page, habit)).to_have_attribute("data-done", str(kept).lower())


def stop_clock(page: Page) -> None:
    """Let the page's timers, and the times of its events, go on with `page.clock.run_for` alone.

    So much time as a test says is between two presses then, however busy the machine is.
    """
    page.clock.install()
    # In so many seconds a busy machine has come from one line to the next.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 5)


def pace(page: Page, rate: float) -> None:
    """Let everything that moves or rests take its time: a busy machine is slower than any."""
    session = page.context.new_cdp_session(page)
    session.send("Animation.enable")
    session.send("Animation.setPlaybackRate", {"playbackRate": rate})


def look(page: Page, habit: int) -> Any:
    """Return everything that can be seen of a row."""
    return row(page, habit).evaluate(_LOOK)


def boxes(page: Page) -> dict[str, list[int]]:
    """Return where the rows and what is around them stand, in whole pixels."""
    return page.evaluate(_BOXES)


def expect_truth(page: Page, truth: Truth) -> None:
    """Compare every number of Today with what is stored."""
    assert _numbers(page, "li.habit[data-done=true]", "id") == {
        f"habit-{habit}": f"habit-{habit}" for habit, _day in truth.kept
    }
    assert _numbers(page, "#pet", "data-xp") == {"pet": str(truth.pet_xp)}
    assert _numbers(page, "#pet", "data-version") == {"pet": str(truth.version)}
    assert _numbers(page, ".pillar-header", "data-xp") == {
        f"pillar-{pillar}": str(xp) for pillar, xp in truth.pillar_xp.items()
    }


def _numbers(page: Page, selector: str, attribute: str) -> dict[str, str]:
    script = "(items, name) => Object.fromEntries(items.map((i) => [i.id, i.getAttribute(name)]))"
    return page.locator(selector).evaluate_all(script, attribute)
