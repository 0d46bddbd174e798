"""Dragging with a mouse and a finger, arrows, and several habits at once, as plain forms too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer, cut_before, held
from tests.browser.person import Person
from tests.browser.screen import sentence

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["", "without JavaScript"])


class Home(NamedTuple):
    """Two pillars: Body with Walk, Run and Swim, Mind with Read."""

    body: int
    mind: int
    walk: int
    run: int
    swim: int
    read: int


@pytest.fixture
def home(person: Person) -> Home:
    body, mind = person.pillar("Body"), person.pillar("Mind")
    habits = [person.habit(body, name) for name in ("Walk", "Run", "Swim")]
    return Home(body, mind, *habits, person.habit(mind, "Read"))


def names(page: Page) -> list[str]:
    """Return what stands on the page, from the top down."""
    return page.locator(".order :is(h2, label span)").all_inner_texts()


def grip(page: Page, name: str) -> Locator:
    return page.locator(".ordered").filter(has_text=name).locator(".grip")


def centre(item: Locator) -> tuple[float, float]:
    box = item.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def expect_order(page: Page, *expected: str) -> None:
    """Wait until things stand in this order, here and after a reload."""
    rows = page.locator(".order :is(h2, label span)")
    expect(rows).to_have_text(list(expected))
    expect(page.locator("[data-lifted], .gap, .htmx-request")).to_have_count(0)
    page.reload()
    expect(rows).to_have_text(list(expected))


@contextmanager
def lifted(page: Page, name: str, past: str, below: bool = True) -> Iterator[None]:
    """Drag something by its grip to above or below another thing, and hold it inside the block."""
    x, y = centre(grip(page, name))
    _x, to = centre(grip(page, past))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + (6 if to > y else -6))
    page.mouse.move(x + 30, to + (4 if below else -4), steps=5)
    yield
    page.mouse.up()


def drag(page: Page, name: str, past: str, below: bool = True) -> None:
    with lifted(page, name, past, below):
        pass


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_mouse_drags_habits_and_pillars_and_the_page_says_where_they_went(
    person: Person, visit: Open, motion: str
) -> None:
    page = visit("/order", person, reduced_motion=motion)
    drag(page, "Walk", "Run")
    expect(sentence(page)).to_contain_text("is 2 of 3 in")
    expect_order(page, "Body", "Run", "Walk", "Swim", "Mind", "Read")
    drag(page, "Swim", "Read")
    expect(sentence(page)).to_contain_text("is 2 of 2 in")
    expect_order(page, "Body", "Run", "Walk", "Mind", "Read", "Swim")
    # Back again: nothing else undoes it.
    drag(page, "Swim", "Walk")
    expect_order(page, "Body", "Run", "Walk", "Swim", "Mind", "Read")
    drag(page, "Walk", "Run", below=False)
    expect_order(page, "Body", "Walk", "Run", "Swim", "Mind", "Read")


@pytest.mark.usefixtures("home")
def test_a_pillar_is_dragged_by_its_head_with_all_that_is_in_it(
    person: Person, visit: Open
) -> None:
    page = visit("/order", person)
    x, y = centre(grip(page, "Mind"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 6)
    # Only heads are left while one is dragged.
    expect(page.locator("[data-habits]:visible")).to_have_count(0)
    _x, top = centre(grip(page, "Body"))
    page.mouse.move(x, top - 4, steps=5)
    page.mouse.up()
    expect(sentence(page)).to_contain_text("is 1 of 2 now")
    expect_order(page, "Mind", "Read", "Body", "Walk", "Run", "Swim")


def test_a_pillar_without_habits_takes_the_first(person: Person, visit: Open, home: Home) -> None:
    person.pillar("Work")
    page = visit("/order", person)
    drag(page, "Walk", "Work")
    expect_order(page, "Body", "Run", "Swim", "Mind", "Read", "Work", "Walk")
    assert home.walk


@pytest.mark.usefixtures("home")
def test_escape_a_drop_at_home_and_a_mere_press_send_nothing(
    server: LiveServer, person: Person, visit: Open
) -> None:
    page = visit("/order", person)
    with lifted(page, "Walk", "Swim"):
        expect(page.locator(".gap")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("[data-lifted], .gap")).to_have_count(0)
    with lifted(page, "Walk", "Swim"):
        page.mouse.move(*centre(page.locator("h1")))
        page.mouse.move(*centre(page.locator("h2").first))
        expect(page.locator(".gap")).to_have_count(0)
    grip(page, "Run").click()
    page.locator(".ordered").filter(has_text="Run").locator("label span").drag_to(
        page.locator("h2").last
    )
    expect_order(page, "Body", "Walk", "Run", "Swim", "Mind", "Read")
    assert server.weather.posts == []


def _touch(cdp: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    places = [{"x": x, "y": y} for x, y in points]
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


@pytest.mark.usefixtures("home")
def test_a_finger_drags_by_the_grip_and_scrolls_elsewhere(person: Person, visit: Open) -> None:
    for number in range(12):
        person.habit(person.pillar(f"Pillar {number}"))
    page = visit("/order", person, has_touch=True, is_mobile=True)
    cdp = page.context.new_cdp_session(page)
    x, y = centre(grip(page, "Walk"))
    _x, to = centre(grip(page, "Swim"))
    _touch(cdp, "touchStart", (x, y))
    for step in range(1, 9):
        _touch(cdp, "touchMove", (x, y + (to + 4 - y) * step / 8))
    _touch(cdp, "touchEnd")
    expect(sentence(page)).to_contain_text("is 3 of 3 in")
    assert names(page)[:4] == ["Body", "Run", "Swim", "Walk"]
    assert page.evaluate("scrollY") == 0
    # The same on a name is no drag: the page scrolls.
    x, y = centre(page.locator("label span").nth(4))
    _touch(cdp, "touchStart", (x, y))
    for step in range(1, 9):
        _touch(cdp, "touchMove", (x, y - 25 * step))
    _touch(cdp, "touchEnd")
    page.wait_for_function("scrollY > 100")
    expect(page.locator("[data-lifted]")).to_have_count(0)


@pytest.mark.usefixtures("home")
def test_at_the_edge_of_the_window_the_page_scrolls_along(person: Person, visit: Open) -> None:
    for number in range(12):
        person.habit(person.pillar(f"Pillar {number}"), f"Habit {number}")
    page = visit("/order", person)
    x, y = centre(grip(page, "Walk"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10)
    page.mouse.move(x, 770)
    last = page.locator(".order > li").last
    expect(last).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(300)
    page.mouse.move(*centre(grip(page, "Habit 11")))
    page.mouse.move(x, centre(grip(page, "Habit 11"))[1] + 6)
    page.mouse.up()
    expect(sentence(page)).to_contain_text("is 2 of 2 in")
    assert names(page)[-2:] == ["Habit 11", "Walk"]


def test_a_drop_beside_what_another_tab_has_moved_shows_how_it_is(
    person: Person, visit: Open, home: Home
) -> None:
    page, other = visit("/order", person), visit("/order", person)
    drag(other, "Run", "Read")
    expect(sentence(other)).to_contain_text("is 2 of 2 in")
    drag(page, "Swim", "Run", below=False)
    expect(sentence(page)).to_contain_text("The order has changed in the meantime.")
    expect_order(page, "Body", "Walk", "Swim", "Mind", "Read", "Run")
    # What is deleted there is gone here.
    other.goto(f"/habits/{home.walk}/delete")
    other.get_by_role("button", name="Delete for good").click()
    expect(sentence(other)).to_contain_text("Deleted.")
    drag(page, "Swim", "Walk", below=False)
    expect_order(page, "Body", "Swim", "Mind", "Read", "Run")


@pytest.mark.usefixtures("home")
def test_a_drop_without_an_answer_is_taken_back(
    server: LiveServer, person: Person, visit: Open
) -> None:
    page = visit("/order", person)
    server.weather.on_posts = cut_before
    drag(page, "Walk", "Swim")
    expect(sentence(page)).to_contain_text("Checked")
    expect_order(page, "Body", "Walk", "Run", "Swim", "Mind", "Read")
    # While one is on its way nothing else is taken hold of.
    with held(server.weather):
        drag(page, "Walk", "Run")
        drag(page, "Swim", "Read")
    expect_order(page, "Body", "Run", "Walk", "Swim", "Mind", "Read")


@scripts
@pytest.mark.usefixtures("home")
def test_the_arrows_move_one_place_and_keep_the_keyboard(
    person: Person, visit: Open, scripts: bool
) -> None:
    page = visit("/order", person, java_script_enabled=scripts)
    expect(page.locator(".grip:visible")).to_have_count(6 if scripts else 0)
    up = page.get_by_role("button", name="Up: Swim")
    for place in (2, 1):
        up.focus()
        page.keyboard.press("Enter")
        expect(sentence(page)).to_contain_text(f"is {place} of 3 in")
        if scripts:
            expect(up).to_be_focused()
            page.wait_for_timeout(600)
    page.get_by_role("button", name="Down: Body").click()
    expect(sentence(page)).to_contain_text("is 2 of 2 now")
    expect_order(page, "Mind", "Read", "Body", "Swim", "Walk", "Run")


@scripts
@pytest.mark.usefixtures("home")
def test_several_are_chosen_and_moved_rested_and_archived(
    person: Person, visit: Open, scripts: bool
) -> None:
    page = visit("/order", person, java_script_enabled=scripts)
    form = page.locator("#several")

    def act(name: str, *habits: str) -> None:
        if not form.is_visible():
            page.get_by_text("With the chosen habits").click()
        for habit in habits:
            page.get_by_role("checkbox", name=habit).check()
        form.get_by_role("button", name=name, exact=True).click()

    act("Archive")
    expect(form.get_by_role("alert")).to_contain_text("Choose at least one habit.")
    act("Move", "Walk", "Swim")
    expect(form).to_contain_text("Choose a pillar.")
    expect(page.get_by_role("checkbox", name="Walk")).to_be_checked()
    form.get_by_label("Move to").select_option(label="Mind")
    act("Move")
    expect(sentence(page)).to_have_text("Moved: 2 habits.")
    expect_order(page, "Body", "Run", "Mind", "Read", "Walk", "Swim")
    expect(page.locator(":checked[name=habit]")).to_have_count(0)
    act("Rest", "Walk")
    expect(sentence(page)).to_contain_text("1 habit rests now.")
    act("Archive", "Run", "Swim")
    expect(sentence(page)).to_contain_text("Archived: 2 habits, and their days stay.")
    expect_order(page, "Body", "Mind", "Read", "Walk")
