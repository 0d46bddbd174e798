"""From the sign-up to the first commit with real presses: few, and few with a skip too."""

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.world import PASSWORD

MOST, MOST_WITH_SKIP = 5, 6
_numbers = itertools.count(1)

Press = Callable[[Locator], None]


@pytest.fixture
def presses() -> list[str]:
    """What was pressed since the sign-up was sent."""
    return []


@pytest.fixture
def press(presses: list[str]) -> Press:
    """Press, and count it."""

    def pressed(control: Locator) -> None:
        presses.append(control.inner_text())
        control.click()

    return pressed


def sign_up(page: Page) -> None:
    """Sign up with an address of one's own."""
    page.goto("/signup")
    page.get_by_label("Email").fill(f"new{next(_numbers)}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/welcome")


def link(page: Page, name: str) -> Locator:
    """Return the link that is shown under `name`."""
    return page.get_by_role("link", name=name, exact=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_three_presses_lead_to_today_and_one_more_is_a_commit(
    visit: Open, press: Press, presses: list[str], scripts: bool
) -> None:
    page = visit(None, java_script_enabled=scripts)
    sign_up(page)
    press(link(page, "Next"))
    press(link(page, "Next"))
    press(page.get_by_role("button", name="Begin"))
    expect(page.locator("#pet")).to_contain_text("Miso")
    expect(page.locator("li.habit")).to_have_count(3)
    press(page.get_by_role("button", name="Commit:").first)
    expect(page.locator("#pet")).to_have_attribute("data-xp", "5")
    assert len(presses) <= MOST, presses


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_skip_at_any_step_leaves_an_egg_and_a_way_to_the_first_commit(
    visit: Open, press: Press, presses: list[str], step: int
) -> None:
    page = visit(None)
    sign_up(page)
    page.get_by_label("owl").check()
    for _step in range(1, step):
        link(page, "Next").click()
    press(page.locator(".step").get_by_text("Skip").locator("visible=true"))
    expect(page.locator("#pet")).to_have_attribute("data-xp", "0")
    expect(page.locator(".pillar-header")).to_have_count(0)
    expect(page.locator("#pet")).to_contain_text("Miso")
    expect(page.locator("#pet")).to_have_attribute("data-species", "owl")
    press(page.locator("a", has_text="+ Pillar"))
    pillar = page.locator("form[action='/pillars']")
    pillar.get_by_label("Name").fill("Body")
    press(pillar.get_by_role("button"))
    habit = page.locator("form[action='/habits']")
    habit.get_by_label("Name").fill("Walk")
    press(habit.get_by_role("button"))
    press(page.get_by_role("button", name="Commit:"))
    expect(page.locator("#pet")).to_have_attribute("data-xp", "10")
    assert len(presses) <= MOST_WITH_SKIP, presses


def test_the_heading_has_the_focus_and_going_back_keeps_everything(visit: Open) -> None:
    page = visit(None)
    sign_up(page)
    page.get_by_label("owl").check(force=True)
    page.get_by_label("sky").check(force=True)
    page.get_by_label("Name", exact=True).fill("Kiwi")
    link(page, "Next").click()
    expect(page.get_by_role("heading", name="What do you want to grow?")).to_be_focused()
    page.locator("label", has_text="Mind").click()
    page.locator("label", has_text="Your own").click()
    link(page, "Next").click()
    expect(page.get_by_role("heading", name="One small thing for each")).to_be_focused()
    expect(page.locator(".start:visible")).to_have_count(3)
    page.locator("#own-pillar").fill("Garden")
    page.locator("#own-habit").fill("Water the fern")
    link(page, "Back").click()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="What do you want to grow?")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kiwi")
    link(page, "Next").click()
    link(page, "Next").click()
    expect(page.locator("#own-habit")).to_have_value("Water the fern")
    page.get_by_role("button", name="Begin").dblclick()
    expect(page.locator("#pet")).to_contain_text("Kiwi")
    expect(page.locator("#pet")).to_have_attribute("data-species", "owl")
    assert [name.strip() for name in page.locator(".pillar-header h2").all_inner_texts()] == [
        "Body", "Home", "Garden",
    ]  # fmt: skip
    page.goto("/welcome")
    expect(page.get_by_role("heading", name="You have begun already")).to_be_visible()


def test_enter_in_a_name_goes_on_and_sends_nothing_before_the_end(visit: Open) -> None:
    page = visit(None)
    sign_up(page)
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="What do you want to grow?")).to_be_focused()
    link(page, "Next").click()
    page.locator("#body-habit").fill("")
    page.locator("#body-habit").press("Enter")
    expect(page.locator("li.habit")).to_have_count(2)


def test_an_enter_that_ends_a_composition_goes_nowhere(visit: Open) -> None:
    page = visit(None)
    sign_up(page)
    link(page, "Next").click()
    link(page, "Next").click()
    page.locator("#body-habit").evaluate(
        """(field) => field.dispatchEvent(new KeyboardEvent('keydown',
          { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))"""
    )
    page.wait_for_timeout(200)
    expect(page.locator("#body-habit")).to_be_visible()


def test_without_scripts_enter_in_a_name_does_nothing(visit: Open) -> None:
    page = visit(None, java_script_enabled=False)
    sign_up(page)
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Choose your egg")).to_be_visible()
    assert page.url.endswith("/welcome")


def test_a_wrong_field_opens_its_step_with_the_cursor_in_it(visit: Open) -> None:
    page = visit(None)
    sign_up(page)
    link(page, "Next").click()
    link(page, "Next").click()
    page.locator("#mind-pillar").fill("")
    page.locator("#mind-habit").fill("Sit")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#mind-pillar-error")).to_be_visible()
    expect(page.locator("#mind-pillar")).to_be_focused()
    expect(page.locator("#mind-habit")).to_have_value("Sit")


def test_keyboard_alone_is_enough(visit: Open) -> None:
    page = visit(None)
    sign_up(page)
    page.locator("[name=species]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("owl")).to_be_checked()
    link(page, "Next").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#pick-body")).not_to_be_checked()
    link(page, "Next").press("Enter")
    expect(page.locator(".start:visible")).to_have_count(2)
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.locator("#pet")).to_have_attribute("data-species", "owl")
