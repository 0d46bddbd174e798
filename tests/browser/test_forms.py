"""Forms in the browser: pressed twice they act once, refused they leave no entry in the history."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer, held
from tests.browser.person import Person
from tests.browser.screen import sentence, stop_clock
from tests.world import PASSWORD

WRONG = "not the one that I have"
GAPS = [0, 350]  # Milliseconds between two clicks.


def click_twice(button: Locator, gap: int, scripts: bool = True) -> None:
    """Click twice on the spot where the button stands, whatever stands there the second time.

    For the page's scripts the gap is as long as it says, however busy the machine is.
    """
    page = button.page
    if scripts:
        stop_clock(page)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*place)
    if gap:
        page.wait_for_timeout(gap)
    if scripts:
        page.clock.run_for(gap)
    page.mouse.click(*place)


def order(page: Page) -> list[str]:
    """Return the names of the pillars from above."""
    return page.locator("main .lines h2").all_inner_texts()


@pytest.mark.parametrize(
    ("gap", "javascript"), [(0, True), (90, False)], ids=["", "without JavaScript"]
)
def test_sign_up_clicked_twice_leads_to_the_egg(
    person: Person, visit: Open, gap: int, javascript: bool
) -> None:
    page = visit("/signup", java_script_enabled=javascript)
    page.get_by_label("Email").fill("new." + person.email)
    page.get_by_label("Password").fill(PASSWORD)
    click_twice(page.get_by_role("button", name="Sign up"), gap, javascript)
    expect(page.get_by_role("heading", name="Choose your egg")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("gap", GAPS)
def test_down_clicked_twice_moves_once(person: Person, visit: Open, gap: int) -> None:
    for name in ("One", "Two", "Three"):
        person.pillar(name)
    page = visit("/pillars", person)
    click_twice(page.get_by_role("button", name="Down: One"), gap)
    expect(page.locator("main .lines h2").first).to_have_text("Two")
    page.wait_for_load_state("networkidle")
    assert order(page) == ["Two", "One", "Three"]
    page.get_by_role("button", name="Down: One").click()
    expect(page.locator("main .lines h2").nth(1)).to_have_text("Three")


def test_archive_clicked_twice_stays_archived(person: Person, visit: Open) -> None:
    pillar = person.pillar("Body")
    page = visit(f"/pillars/{pillar}", person)
    click_twice(page.get_by_role("button", name="Archive"), 200)
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Restore")).to_be_visible()


def test_make_the_pillar_by_enter_twice_makes_one(
    server: LiveServer, person: Person, visit: Open
) -> None:
    page = visit("/pillars", person)
    page.get_by_label("Name").fill("Mind")
    with held(server.weather):
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mind")).to_be_visible()
    expect(sentence(page)).to_contain_text("Added: Mind.")
    assert server.weather.posts == ["/pillars"]
    assert len(person.truth().pillar_xp) == 1


def test_a_form_that_stays_makes_one_more_each_time(person: Person, visit: Open) -> None:
    page = visit(f"/pillars/{person.pillar()}", person)
    for name in ("Run", "Swim"):
        form = page.locator("form[action='/habits']")
        form.get_by_label("Name").fill(name)
        form.get_by_role("button").click()
        expect(page.locator("li.habit").filter(has_text=name)).to_have_count(1)
    expect(page.locator("li.habit")).to_have_count(2)


@pytest.mark.parametrize("javascript", [True, False], ids=["", "without JavaScript"])
def test_another_password_sent_twice_stays_signed_in(
    person: Person, visit: Open, javascript: bool
) -> None:
    page = visit("/settings", person, java_script_enabled=javascript)
    page.get_by_label("The password you have").fill(PASSWORD)
    page.get_by_label("The new one").fill("quite another pass phrase")
    click_twice(page.get_by_role("button", name="Change the password"), 90, javascript)
    expect(sentence(page)).to_contain_text("The password is changed.")
    page.goto("/pillars")
    expect(page.get_by_role("heading", name="Pillars")).to_be_visible()


def test_a_refused_sign_in_leaves_no_entry_in_the_history(person: Person, visit: Open) -> None:
    page = visit("/", None)
    page.get_by_role("link", name="Sign in").click()
    for _ in range(2):
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password").fill(WRONG)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text(re.compile("do not match"))
    expect(page.get_by_label("Email")).to_have_value(person.email)
    page.go_back()
    expect(page.get_by_role("link", name="Start with an egg")).to_be_visible()
    page.go_forward()
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#pet")).to_be_visible()


def test_a_refused_setting_is_told_beside_its_field_and_reloads_as_a_page(
    person: Person, visit: Open
) -> None:
    page = visit("/settings", person)
    page.get_by_label("The password you have").fill(WRONG)
    page.get_by_label("The new one").fill("quite another pass phrase")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("This is not the password you have.")).to_be_visible()
    expect(page.get_by_label("The password you have")).to_be_focused()
    assert page.url.endswith("/settings")
    page.reload()
    expect(page.get_by_text("This is not the password you have.")).to_have_count(0)


def test_another_theme_is_on_the_page_at_once(person: Person, visit: Open) -> None:
    page = visit("/settings", person)
    page.get_by_text("dark", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(sentence(page)).to_have_text("Saved.")


def test_a_refused_first_step_opens_the_step_to_mend(person: Person, visit: Open) -> None:
    page = visit("/welcome", person)
    page.get_by_role("link", name="Next").click()
    page.locator("label[for=pick-own]").click()
    page.locator("#step-2").locator("xpath=ancestor::section").get_by_text("Next").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("This needs a few letters.")).to_be_visible()
    expect(page.locator("[name=own-pillar]")).to_be_focused()
    page.locator("[name=own-pillar]").fill("Garden")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Garden")).to_be_visible()
