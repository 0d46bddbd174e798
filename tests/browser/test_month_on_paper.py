"""The month of all habits: on a sheet of paper, on a phone, and where colours are forced."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.browser.conftest import Open
from tests.browser.person import Person

# A4 on its side at 96 pixels an inch, less the margins of the sheet.
_PAPER = {"width": 1047, "height": 718}


def _three_pillars(person: Person) -> None:
    start = clock.now().date() - timedelta(days=70)
    for name in ("Body", "Mind", "Home"):
        pillar = person.pillar(name)
        made = [person.habit(pillar, f"Walk after lunch {n}", starts_on=start) for n in range(8)]
        person.keep(made[0])


def _before(page: Page, mark: str, name: str) -> str:
    look = f"(one) => getComputedStyle(one, '::before').{name}"
    found: str = page.locator(f'.marks [data-mark="{mark}"]').evaluate(look)
    return found


def test_on_paper_it_is_as_wide_as_the_sheet_and_says_nothing_of_the_screen(
    person: Person, visit: Open
) -> None:
    _three_pillars(person)
    page = visit("/stats/month", person)
    page.set_viewport_size(_PAPER)
    page.emulate_media(media="print")
    table = page.locator(".of-month").bounding_box()
    assert table
    assert table["width"] <= _PAPER["width"]
    assert table["height"] <= _PAPER["height"]
    for hidden in (".nav", ".back", ".month-head a", ".month-sheet .hint"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_it_is_printed_on_one_sheet_on_its_side(person: Person, visit: Open) -> None:
    _three_pillars(person)
    page = visit("/stats/month", person)
    paper = page.pdf(prefer_css_page_size=True)
    wide, high = (float(n) for n in paper.split(b"/MediaBox [0 0 ")[1].split(b"]")[0].split())
    assert wide > high
    assert paper.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_days_scroll_in_a_region_of_their_own(
    person: Person, visit: Open, width: int
) -> None:
    _three_pillars(person)
    page = visit("/stats/month", person)
    page.set_viewport_size({"width": width, "height": 700})
    region = page.get_by_role("region")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    name = region.get_by_role("rowheader").nth(1)
    region.focus()
    before = name.bounding_box()
    region.evaluate("(one) => { one.scrollLeft = 300; }")
    assert region.evaluate("(one) => one.scrollLeft") == 300
    assert name.bounding_box() == before


def test_with_forced_colours_the_marks_differ_by_their_shape(person: Person, visit: Open) -> None:
    _three_pillars(person)
    page = visit("/stats/month", person, forced_colors="active")
    assert _before(page, "kept", "backgroundColor") != _before(page, "missed", "backgroundColor")
    assert _before(page, "missed", "borderTopStyle") == "solid"
    if page.locator('.marks [data-mark="open"]').count():
        assert _before(page, "open", "borderTopWidth") > _before(page, "missed", "borderTopWidth")


def test_the_ways_to_the_months_beside(person: Person, visit: Open) -> None:
    _three_pillars(person)
    page = visit("/stats", person)
    page.get_by_role("link", name="A month, to print").click()
    month = page.get_by_role("heading", level=1)
    now = month.inner_text()
    page.get_by_role("link", name="The month before").click()
    expect(month).not_to_have_text(now)
    page.get_by_role("link", name="The month after").click()
    expect(month).to_have_text(now)
