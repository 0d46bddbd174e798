"""What comes once is told to its end: in a scene, one after the other, or in a list."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import expect_settled, pace, sentence, tick, undo
from tests.views.database import execute

LONGEST_SCENE = 2500  # Milliseconds.
ENDS = (
    "(scene) => Math.max(...scene.getAnimations().map((a) => a.effect.getComputedTiming().endTime))"
)
TODAY = datetime.now(UTC).date()


def kept(person: Person, names: list[str], days: int) -> list[int]:
    """Make habits that were kept on so many days up to yesterday, and return their ids."""
    pillar = person.pillar()
    habits = [person.habit(pillar, name, starts_on=TODAY - timedelta(days=days)) for name in names]
    for habit in habits:
        for back in range(days, 0, -1):
            person.keep(habit, TODAY - timedelta(days=back))
    return habits


def scene(page: Page) -> Locator:
    """Return the scene of a rare moment."""
    return page.locator("dialog.scene")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_rare_moment_gets_a_scene_that_goes_by_itself(
    person: Person, visit: Open, motion: str
) -> None:
    (habit,) = kept(person, ["Read"], 1)
    page = visit("/", person, reduced_motion=motion)
    pace(page, 0.1)
    tick(page, habit).click()
    expect(scene(page)).to_have_css("opacity", "1")
    assert scene(page).evaluate(ENDS) <= LONGEST_SCENE
    expect(scene(page)).to_contain_text("The egg opens.")
    box = scene(page).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 250
    expect(tick(page, habit)).to_be_focused()
    pace(page, 1)
    expect(scene(page)).to_be_hidden()


def test_a_scene_is_skipped_by_a_press_or_by_a_key(person: Person, visit: Open) -> None:
    (habit,) = kept(person, ["Read"], 1)
    page = visit("/", person)
    pace(page, 0.1)
    for skip in (lambda: scene(page).click(), lambda: page.keyboard.press("Escape")):
        person.server.run(forget)
        tick(page, habit).click()
        expect(scene(page)).to_be_visible()
        skip()
        expect(scene(page)).not_to_have_attribute("open", "")
        expect_settled(page, habit, kept=True)
        undo(page, habit).click()
        expect_settled(page, habit, kept=False)


def test_a_scene_is_shown_and_skipped_without_javascript(person: Person, visit: Open) -> None:
    (habit,) = kept(person, ["Read"], 1)
    page = visit("/", person, java_script_enabled=False)
    pace(page, 0.1)
    tick(page, habit).click()
    expect(scene(page)).to_be_visible()
    scene(page).get_by_role("button", name="Go on").click()
    expect(scene(page)).to_be_hidden()


def test_quick_presses_cut_nothing_short_and_what_gathers_is_listed(
    person: Person, visit: Open
) -> None:
    names = ["Read", "Walk", "Sing", "Draw", "Rest"]
    habits = kept(person, names, 6)
    last = person.habit(name="Not yet")
    page = visit("/", person)
    pace(page, 0.1)
    for habit in habits:
        tick(page, habit).click()
        expect_settled(page, habit, kept=True)
    told = page.locator("#toast > [data-once]")
    expect(told).to_have_count(4)
    expect(page.locator("#toast > ul > li")).to_have_count(2)
    said = " ".join(told.all_text_contents())
    assert [name for name in names if f"{name}: 7 in a row." in said] == names
    # What is said of another press comes first, and the moments after it.
    tick(page, last).click()
    expect_settled(page, last, kept=True)
    expect(page.locator("#toast > p").first).to_be_visible()
    expect(page.locator("#toast")).to_contain_text(f"{names[-1]}: 7 in a row.")


def test_who_sees_no_moment_fetches_nothing_for_one_and_who_sees_many_fetches_it_once(
    person: Person, visit: Open
) -> None:
    habits = kept(person, ["Read", "Walk"], 6)
    fetched: list[str] = []
    page = visit(None, person)
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "tell-in-turn" in url]
    for habit in habits:
        tick(page, habit).click()
        expect_settled(page, habit, kept=True)
    page.wait_for_function("window.untold")
    assert len([url for url in fetched if "tell-in-turn" in url]) == 1


def test_a_filled_ring_says_where_undo_is_and_a_double_click_does_not(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    person.habit(name="Later")
    page = visit("/", person)
    tick(page, habit).dblclick()
    expect_settled(page, habit, kept=True)
    expect(sentence(page)).to_contain_text("10 XP")
    expect(undo(page, habit)).to_have_css("pointer-events", "auto")
    tick(page, habit).click(force=True)
    expect(sentence(page)).to_have_text("Kept already. Press Undo beside it to take it back.")
    expect_settled(page, habit, kept=True)


def test_done_one_already_leaves_with_the_first_that_is_kept(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    notice = page.get_by_text("Done one already?")
    expect(notice).to_be_visible()
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect(notice).to_be_hidden()


def forget() -> None:
    """Let the egg be one that never opened."""
    execute("UPDATE pets SET best_stage = 0")
