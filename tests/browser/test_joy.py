"""What a press feels like: nothing shifts, the gain rises, the bar shows it, moments come once."""

from base64 import b64encode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer, held, slow
from tests.browser.person import Person
from tests.browser.screen import IN_FLIGHT, expect_settled, row, sentence, stop_clock, tick, undo

_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""
_WHOLE_ROWS = """() => {
  const bottom = document.querySelector('.nav').getBoundingClientRect().top;
  return [...document.querySelectorAll('li.habit')]
    .filter((row) => row.getBoundingClientRect().bottom <= bottom).length;
}"""

_FILLED = """async (url) => {
  const picture = Object.assign(new Image(), { src: url });
  await picture.decode();
  const { width, height } = picture;
  const paper = new OffscreenCanvas(width, height).getContext('2d');
  paper.drawImage(picture, 0, 0);
  const line = paper.getImageData(4, height / 2, width - 8, 1).data;
  const differs = (i) => [0, 1, 2].some((c) => Math.abs(line[i + c] - line.at(c - 8)) > 12);
  return [...line.keys()].filter((i) => i % 4 === 0 && differs(i)).length;
}"""


def a_day(person: Person, pillars: int = 3, habits: int = 4) -> list[int]:
    """Make pillars with habits and return the habits' ids."""
    return [
        person.habit(pillar, f"A small thing, number {number}")
        for pillar in [person.pillar(f"Pillar {number}") for number in range(pillars)]
        for number in range(habits)
    ]


def test_eight_whole_rows_show_on_a_phone(person: Person, visit: Open) -> None:
    for habit in a_day(person)[:5]:
        person.keep(habit)
    page = visit("/", person, viewport={"width": 390, "height": 740})
    assert page.evaluate(_WHOLE_ROWS) == 8


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts_around_a_press_and_its_undo(
    server: LiveServer, person: Person, visit: Open, width: int
) -> None:
    habit = a_day(person)[1]
    page = visit(None, person, viewport={"width": width, "height": 844})
    page.add_init_script(_SHIFTS)
    page.goto("/")
    server.weather.on_posts = slow(0.2)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    page.wait_for_timeout(800)
    assert page.evaluate("window.shifts") == []


def test_the_gain_rises_and_the_bar_and_the_pet_go_along(
    server: LiveServer, person: Person, visit: Open
) -> None:
    pillar = person.pillar()
    easy, hard = (person.habit(pillar, effort, effort=effort) for effort in ("easy", "hard"))
    page = visit("/", person)
    stop_clock(page)
    with held(server.weather):
        tick(page, easy).click()
        tick(page, hard).click()
        expect(row(page, hard)).to_have_attribute("data-gained", "+20")
        expect(page.locator("#pet")).to_have_attribute("data-hop", "")
        assert page.locator("#pet .gain").evaluate("(bar) => bar.value") == 25
    expect_settled(page, hard, kept=True)
    expect(page.locator("#pet")).to_have_attribute("data-xp", "25")
    expect(page.locator("#pet progress").first).to_have_attribute("value", "25")
    page.clock.run_for(1000)
    for item in (page.locator("#pet"), row(page, hard)):
        expect(item).not_to_have_attribute("data-hop", "")
        expect(item).not_to_have_attribute("data-gained", "+20")


def test_the_bar_never_falls_on_the_way_to_the_new_xp(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit(effort="hard")
    page = visit("/", person)
    bars = page.locator("#pet .pet-bars")
    session = page.context.new_cdp_session(page)
    session.send("Animation.enable")
    with held(server.weather):
        tick(page, habit).click()
        expect(row(page, habit)).to_have_class(IN_FLIGHT)
        page.wait_for_timeout(600)
        coming = _filled(bars)
        # As good as stopped: what moves from here on is seen where it begins.
        session.send("Animation.setPlaybackRate", {"playbackRate": 0.001})
    expect_settled(page, habit, kept=True)
    assert _filled(bars) == pytest.approx(coming, abs=3)
    assert coming > 10


def _filled(bars: Locator) -> int:
    """Return how many pixels of the bar are not its track, which its far end shows."""
    picture = b64encode(bars.screenshot(animations="allow")).decode()
    return bars.page.evaluate(_FILLED, f"data:image/png;base64,{picture}")


def test_the_joy_outlives_a_quick_answer(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    stop_clock(page)
    seen = page.evaluate_handle(
        """() => {
          const seen = [];
          document.addEventListener('htmx:after:swap', () => requestAnimationFrame(() => {
            seen.push(document.querySelectorAll('#pet[data-hop], li[data-gained]').length);
          }), { once: true });
          return seen;
        }"""
    )
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    page.clock.run_for(50)
    assert seen.json_value() == [2]


def hopped(page: Page) -> str | None:
    """Return what moves the pet at the moment."""
    return page.locator("#pet").get_attribute("data-moment")


def test_a_moment_is_told_once_and_an_undo_plays_nothing(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    assert hopped(page) == "all-kept"
    expect(sentence(page)).to_contain_text("Your egg found")
    expect(page.locator("#toast .find")).to_be_visible()
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    assert hopped(page) is None
    expect(sentence(page)).to_have_text("Taken back, 10 XP with it. Ready when you are.")


def test_with_reduced_motion_the_words_are_there_and_nothing_moves(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    page = visit("/", person, reduced_motion="reduce")
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    running = "document.getAnimations().map((motion) => motion.animationName)"
    # That Undo rests, and a sentence comes and goes, are times and no motions.
    assert set(page.evaluate(running)) <= {"rest", "come", "gone"}


def test_the_word_on_the_tick_goes_after_five_commits_on_a_phone(
    person: Person, visit: Open
) -> None:
    habits = a_day(person, pillars=2)
    page = visit("/", person)
    expect(tick(page, habits[-1]).locator("span")).to_be_visible()
    for habit in habits[:5]:
        person.keep(habit)
    page.reload()
    expect(tick(page, habits[-1]).locator("span")).to_be_hidden()
    expect(tick(page, habits[-1])).to_have_accessible_name("Commit: A small thing, number 3")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(tick(page, habits[-1]).locator("span")).to_be_visible()
