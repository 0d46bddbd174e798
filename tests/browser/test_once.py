"""A second press never takes back the first; only Undo does."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer, held
from tests.browser.person import Person
from tests.browser.screen import expect_settled, expect_truth, pace, row, sentence, tick, undo
from tests.world import PASSWORD

GAPS = [0, 80, 300, 600]  # Milliseconds between two presses.
SPOTS = {"word": 0.15, "ring": 0.85}  # Share of the button's width.


def _expect_kept_once(page: Page, person: Person, habit: int) -> None:
    expect_settled(page, habit, kept=True)
    truth = person.truth()
    assert truth.amounts == [10]
    expect_truth(page, truth)


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("spot", SPOTS)
def test_two_clicks_keep_once(person: Person, visit: Open, spot: str, gap: int) -> None:
    habit = person.habit()
    page = visit("/", person)
    pace(page, 0.1)
    box = tick(page, habit).bounding_box()
    place = box["x"] + box["width"] * SPOTS[spot], box["y"] + box["height"] / 2
    page.mouse.click(*place)
    if gap:
        page.wait_for_timeout(gap)
    page.mouse.click(*place)
    _expect_kept_once(page, person, habit)


@pytest.mark.parametrize("spot", SPOTS)
def test_a_double_click_keeps_once(person: Person, visit: Open, spot: str) -> None:
    habit = person.habit()
    page = visit("/", person)
    box = tick(page, habit).bounding_box()
    page.mouse.dblclick(
        box["x"] + box["width"] * SPOTS[spot], box["y"] + box["height"] / 2, delay=10
    )
    _expect_kept_once(page, person, habit)


@pytest.mark.parametrize("gap", GAPS)
def test_enter_enter_keeps_once(person: Person, visit: Open, gap: int) -> None:
    habit = person.habit()
    page = visit("/", person)
    tick(page, habit).focus()
    page.keyboard.press("Enter")
    if gap:
        page.wait_for_timeout(gap)
    page.keyboard.press("Enter")
    _expect_kept_once(page, person, habit)
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    _expect_kept_once(page, person, habit)


def test_clicks_while_the_answer_is_on_its_way_send_nothing_more(
    server: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit()
    page = visit("/", person)
    box = tick(page, habit).bounding_box()
    with held(server.weather):
        for _press in range(5):
            page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 20)
    _expect_kept_once(page, person, habit)
    assert server.weather.posts == [f"/habits/{habit}/commit"]


def test_undo_takes_back_exactly_what_was_given(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    # The click waits until the button takes the pointer, as a person would.
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    expect(sentence(page)).to_have_text("Taken back, 10 XP with it. Ready when you are.")
    truth = person.truth()
    assert (truth.kept, truth.pet_xp, truth.amounts) == (set(), 0, [10, -10])
    expect_truth(page, truth)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    assert person.truth().amounts == [10, -10, 10]


def test_undo_takes_no_pointer_for_700_ms_and_takes_one_then(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    pace(page, 0.1)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    takes = """(form, at) => {
      const [rest] = form.getAnimations();
      rest.pause();
      rest.currentTime = at;
      return getComputedStyle(form).pointerEvents;
    }"""
    form = page.locator("form.undo")
    assert [form.evaluate(takes, at) for at in (0, 699)] == ["none", "none"]
    assert (
        form.evaluate("(form) => form.getAnimations()[0].effect.getComputedTiming().endTime") == 700
    )
    form.evaluate("(form) => form.getAnimations()[0].finish()")
    expect(form).to_have_css("pointer-events", "auto")


def test_a_habit_kept_in_one_tab_and_pressed_in_another_is_kept_once(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    first = visit("/", person)
    second = first.context.new_page()
    second.goto("/")
    tick(first, habit).click()
    expect_settled(first, habit, kept=True)
    expect(row(second, habit)).to_have_attribute("data-done", "false")
    tick(second, habit).click()
    _expect_kept_once(second, person, habit)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_press_on_an_ended_sign_in_writes_nothing_and_waits_until_somebody_is_back(
    person: Person, visit: Open, javascript: bool
) -> None:
    habit = person.habit()
    page = visit("/", person, java_script_enabled=javascript)
    person.end_sign_ins()
    tick(page, habit).click()
    page.wait_for_url("**/login")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="That was not saved")).to_be_visible()
    assert person.truth().amounts == []
    page.get_by_role("button", name="Commit").click()
    page.wait_for_url("**/")
    _expect_kept_once(page, person, habit)
