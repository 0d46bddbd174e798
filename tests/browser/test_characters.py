"""What is pasted stays whole; what is too long is said in characters as people count them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import LiveServer
from tests.browser.person import Person
from tests.browser.test_welcome import link, sign_up

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"
MOST = "W" * 79 + FAMILY
TOO_LONG = "This is too long. Characters to take away: {}."
COPY = """(text) => {
  const area = document.body.appendChild(document.createElement('textarea'));
  area.value = text;
  area.select();
  document.execCommand('copy');
  area.remove();
}"""


def paste(field: Locator, text: str) -> None:
    """Paste `text` at the end of `field` from the clipboard, as the keyboard does."""
    field.page.evaluate(COPY, text)
    field.press("End")
    field.press("ControlOrMeta+v")


def said_of(field: Locator) -> str:
    """Return what the browser itself says is wrong with `field`."""
    said: str = field.evaluate("(field) => field.validationMessage")
    return said


def make(page: Page) -> None:
    page.locator("form[action='/pillars']").get_by_role("button").click()


def test_what_is_pasted_stays_whole_and_what_is_too_long_is_said(
    server: LiveServer, person: Person, visit: Open
) -> None:
    page = visit("/pillars", person)
    name = page.get_by_label("Name")
    paste(name, f"  {MOST}  ")
    assert said_of(name) == ""
    paste(name, FAMILY * 2)
    expect(name).to_have_value(f"  {MOST}  {FAMILY * 2}")
    assert said_of(name) == TOO_LONG.format(3)
    make(page)
    expect(name).to_be_focused()
    assert server.weather.posts == []
    name.fill(MOST)
    make(page)
    expect(page.get_by_role("heading", name=MOST)).to_be_visible()


def test_without_javascript_the_server_says_it_and_nothing_typed_is_lost(
    person: Person, visit: Open
) -> None:
    page = visit("/pillars", person, java_script_enabled=False)
    name = page.get_by_label("Name")
    name.fill(MOST + FAMILY)
    make(page)
    expect(page.locator(".error")).to_have_text("At most 80 characters; these are 81.")
    expect(name).to_have_value(MOST + FAMILY)


@pytest.mark.parametrize("javascript", [True, False], ids=["", "without JavaScript"])
def test_a_name_that_is_too_long_holds_up_no_other_step_without_a_word(
    visit: Open, javascript: bool
) -> None:
    page = visit(None, java_script_enabled=javascript)
    sign_up(page)
    name = page.get_by_label("Name", exact=True)
    name.fill(FAMILY * 81)
    link(page, "Next").click()
    link(page, "Next").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".error").locator("visible=true")).to_contain_text("these are 81.")
    expect(name).to_have_value(FAMILY * 81)
    expect(name).to_be_visible()
