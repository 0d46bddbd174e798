"""Single keys: j, k, c, u and ? where they are switched on, and nothing at all elsewhere."""

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from app.infra import db
from tests.browser.conftest import Open
from tests.browser.live import held
from tests.browser.person import Person
from tests.browser.screen import expect_settled, pace, row, tick


def _switch_off(person: Person) -> None:
    def write() -> None:
        with db.transaction() as session:
            session.execute(
                text("UPDATE users SET shortcuts = false WHERE id = :me"),
                {"me": person.me.user_id},
            )

    person.server.run(write)


def _expect_rested(page: Page, habit: int) -> None:
    form = row(page, habit).locator("form.undo")
    form.evaluate("(form) => Promise.all(form.getAnimations().map((rest) => rest.finished))")
    expect(form).to_have_css("pointer-events", "auto")


def _keys(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keys")


def test_j_and_k_go_from_row_to_row_and_stay_at_the_ends(person: Person, visit: Open) -> None:
    pillar = person.pillar()
    first, second = person.habit(pillar, "Walk"), person.habit(pillar, "Stretch")
    third = person.habit(person.pillar("Mind"), "Read")
    page = visit("/", person)
    visited = [first, second, third, third, second, first, first]
    for key, habit in zip("jjjjkkk", visited, strict=True):
        page.keyboard.press(key)
        expect(tick(page, habit)).to_be_focused()
    page.goto(f"/pillars/{pillar}")
    page.keyboard.press("k")
    expect(tick(page, second)).to_be_focused()


def test_c_commits_the_row_and_u_takes_it_back_once_undo_has_rested(
    person: Person, visit: Open
) -> None:
    pillar = person.pillar()
    other, habit = person.habit(pillar, "Walk"), person.habit(pillar, "Read")
    page = visit("/", person)
    pace(page, 0.02)
    page.keyboard.press("c")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect_settled(page, habit, kept=True)
    expect(tick(page, habit)).to_be_focused()
    # A second press, and an Undo that comes too early to be meant.
    page.keyboard.press("c")
    page.keyboard.press("u")
    expect_settled(page, habit, kept=True)
    assert person.truth().amounts == [10]
    pace(page, 1)
    _expect_rested(page, habit)
    page.keyboard.press("u")
    expect_settled(page, habit, kept=False)
    expect(tick(page, habit)).to_be_focused()
    assert person.truth().amounts == [10, -10]
    page.keyboard.press("u")
    page.keyboard.press("c")
    expect_settled(page, habit, kept=True)
    expect(row(page, other)).to_have_attribute("data-done", "false")
    assert person.truth().amounts == [10, -10, 10]


def test_a_key_held_down_presses_once(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/", person)
    # Before HTMX is there the press would be a plain form's, and the page a new one.
    expect(page.locator("form.commit")).to_have_attribute("data-htmx-powered", "true")
    page.keyboard.press("j")
    with held(person.server.weather):
        for _repeat in range(4):
            page.keyboard.down("c")
    expect_settled(page, habit, kept=True)
    page.keyboard.up("c")
    _expect_rested(page, habit)
    page.keyboard.down("u")
    expect_settled(page, habit, kept=False)
    page.keyboard.down("u")
    page.keyboard.up("u")
    assert person.server.weather.posts == [f"/habits/{habit}/commit", f"/habits/{habit}/undo"]


@pytest.mark.parametrize(
    ("pressed", "is_c"),
    [
        pytest.param({"key": "C", "code": "KeyC"}, True, id="with Caps Lock"),
        pytest.param({"key": "с", "code": "KeyC"}, True, id="in Cyrillic"),
        pytest.param({"key": "c", "code": "KeyI"}, True, id="where c is elsewhere"),
        pytest.param({"key": "j", "code": "KeyC"}, False, id="where j is in the place of c"),
        pytest.param({"key": "C", "code": "KeyC", "shiftKey": True}, False, id="with Shift"),
        pytest.param({"key": "с", "code": "KeyC", "ctrlKey": True}, False, id="with Control"),
    ],
)
def test_a_key_is_its_letter_and_elsewhere_its_place(
    person: Person, visit: Open, pressed: dict[str, object], is_c: bool
) -> None:
    habit = person.habit()
    page = visit("/", person)
    expect(page.locator("form.commit")).to_have_attribute("data-htmx-powered", "true")
    page.keyboard.press("j")
    page.evaluate(
        """(more) => document.activeElement.dispatchEvent(
          new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...more }))""",
        pressed,
    )
    if is_c:
        expect_settled(page, habit, kept=True)
    else:
        page.wait_for_timeout(100)
        assert not person.server.weather.posts


def test_the_page_of_a_habit_takes_the_keys_too(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit(f"/habits/{habit}", person)
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("li.habit[data-done=true]")).to_have_count(1)
    assert person.truth().amounts == [10]


def test_the_question_mark_shows_the_keys_and_the_focus_comes_back(
    person: Person, visit: Open
) -> None:
    habit = person.habit()
    page = visit("/", person)
    expect(_keys(page)).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(_keys(page)).to_be_visible()
    # Behind the dialog nothing is pressed.
    for key in "cj?":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(_keys(page)).to_be_hidden()
    expect(tick(page, habit)).to_be_focused()
    page.keyboard.press("?")
    _keys(page).get_by_role("button", name="Close").click()
    expect(_keys(page)).to_be_hidden()
    expect(tick(page, habit)).to_be_focused()
    assert person.truth().amounts == []


def test_keys_that_are_switched_off_do_nothing(person: Person, visit: Open) -> None:
    habit = person.habit()
    _switch_off(person)
    page = visit("/", person)
    for key in "jk?":
        page.keyboard.press(key)
    expect(page.locator("body")).to_be_focused()
    tick(page, habit).focus()
    page.keyboard.press("c")
    page.keyboard.press("j")
    expect_settled(page, habit, kept=False)
    assert person.truth().amounts == []
    expect(page.locator("dialog")).to_have_count(0)


def test_a_visitor_has_no_keys(visit: Open) -> None:
    page = visit("/")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(0)


def test_the_list_of_the_keys_that_did_not_come_is_asked_for_again(
    person: Person, visit: Open
) -> None:
    page = visit("/", person)
    page.keyboard.press("j")
    page.route("**/settings/keys", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.keyboard.press("?")
    page.unroute("**/settings/keys")
    page.keyboard.press("?")
    page.keyboard.press("?")
    expect(_keys(page)).to_be_visible()
    expect(page.locator("dialog")).to_have_count(1)


def test_what_is_typed_into_a_field_is_text(person: Person, visit: Open) -> None:
    habit = person.habit()
    page = visit("/settings", person)
    field = page.get_by_label("Your name")
    field.fill("")
    field.press_sequentially("jack?cu")
    expect(field).to_have_value("jack?cu")
    expect(_keys(page)).to_be_hidden()
    page.get_by_label("Time zone").focus()
    page.keyboard.press("?")
    expect(_keys(page)).to_be_hidden()
    assert not person.truth().kept
    assert habit


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_ctrl_alt_or_meta_are_the_browsers(
    person: Person, visit: Open, modifier: str
) -> None:
    habit = person.habit()
    page = visit("/", person)
    tick(page, habit).focus()
    for key in ("c", "u", "k"):
        page.keyboard.press(f"{modifier}+{key}")
    expect_settled(page, habit, kept=False)
    assert person.truth().amounts == []


def test_a_press_beside_the_keys_closes_them_where_the_browser_does_not(
    person: Person, visit: Open
) -> None:
    person.habit()
    page = visit("/", person)
    page.keyboard.press("?")
    expect(_keys(page)).to_be_visible()
    _keys(page).evaluate("(keys) => keys.removeAttribute('closedby')")
    box = _keys(page).bounding_box()
    assert box
    page.mouse.click(box["x"] + 60, box["y"] + 6)
    expect(_keys(page)).to_be_visible()
    page.mouse.click(box["x"] + 6, box["y"] - 6)
    expect(_keys(page)).to_be_hidden()
