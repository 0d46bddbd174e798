"""What is told by colour alone is told where colours are forced, on paper, and at 400 % zoom."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.infra import clock
from tests.browser.conftest import Open
from tests.browser.person import Person
from tests.browser.screen import tick

_STYLE = """(item, [part, names]) => {
  const style = getComputedStyle(item, part);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
}"""


def _style(item: Locator, *names: str, part: str | None = None) -> dict[str, str]:
    return item.evaluate(_STYLE, [part, names])


def _full_day(person: Person) -> tuple[int, int]:
    """Make six pillars with eight habits each; return a habit that is kept and one that is open."""
    start = clock.now().date() - timedelta(days=9)
    for name in ("Body", "Mind", "Work", "Friends", "Home", "Music"):
        pillar = person.pillar(name)
        habits = [person.habit(pillar, f"Walk after lunch {n}", starts_on=start) for n in range(8)]
        person.keep(habits[0])
    return habits[0], habits[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_forced_colours_every_state_shows(person: Person, visit: Open, theme: str) -> None:
    kept, open_ = _full_day(person)
    page = visit("/", person, forced_colors="active", color_scheme=theme)
    looks = [_style(tick(page, it), "background-color", part="::before") for it in (kept, open_)]
    assert looks[0] != looks[1]
    bar = page.locator("#pet progress").first
    assert bar.evaluate("(bar) => getComputedStyle(bar).outlineStyle") == "solid"
    filled = "(bar) => [getComputedStyle(bar).color, getComputedStyle(bar).backgroundColor]"
    assert len(set(bar.evaluate(filled))) == 2
    place = page.locator(".nav a")
    assert {_style(it, "border-top-style")["border-top-style"] for it in place.all()} == {
        "none",
        "solid",
    }
    for edged in ("#pet", ".nav", ".card"):
        assert _style(page.locator(edged).first, "border-top-style") == {
            "border-top-style": "solid"
        }


def test_with_forced_colours_what_is_chosen_and_what_is_pressed_show(
    person: Person, visit: Open
) -> None:
    _full_day(person)
    page = visit("/style", person, forced_colors="active")
    for group in (".icons .choice", ".chips .choice"):
        widths = {
            _style(choice, "border-top-width")["border-top-width"]
            for choice in page.locator(group).all()
        }
        assert widths == {"1px", "3px"}, group
    main, quiet = (
        page.locator(f"button.button{kind}").first for kind in (":not(.quiet)", ".quiet")
    )
    assert _style(main, "background-color") != _style(quiet, "background-color")
    assert _style(quiet, "border-top-style") == {"border-top-style": "solid"}
    # What a sentence is written in is never what it is written on.
    sentence = _style(page.locator("p.toast").first, "color", "background-color")
    assert sentence["color"] != sentence["background-color"]
    page.goto("/stats")
    marked = page.locator(".week b").first
    assert _style(marked, "forced-color-adjust") == {"forced-color-adjust": "none"}
    page.goto("/pet/finds")
    expect(page.locator(".album")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_nothing_lies_on_the_text_and_kept_is_told_from_open(
    person: Person, visit: Open, theme: str
) -> None:
    kept, open_ = _full_day(person)
    page = visit("/", person, color_scheme=theme)
    page.emulate_media(media="print")
    for gone in (".nav", ".skip", ".undo", ".add"):
        expect(page.locator(gone).first).to_be_hidden()
    assert _style(page.locator("#pet"), "position") == {"position": "relative"}
    looks = [
        _style(tick(page, it), "background-color", "print-color-adjust", part="::before")
        for it in (kept, open_)
    ]
    assert looks[0]["background-color"] != looks[1]["background-color"]
    assert looks[0]["print-color-adjust"] == "exact"
    # Ink is dark on paper, whatever the screen is.
    assert _lightness(page.locator("#pet .pet-date")) < 0.5


def _lightness(item: Locator) -> float:
    found = re.match(r"oklch\(([\d.]+)", _style(item, "color")["color"])
    assert found
    return float(found[1])


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_full_day_and_a_look_back_take_one_sheet_each(
    person: Person, visit: Open, tmp_path: Path, paper: str
) -> None:
    _full_day(person)
    page = visit("/", person)
    assert _sheets(page, paper) == 1
    page.goto("/stats")
    assert _sheets(page, paper) == 1
    page.goto("/pet/finds")
    assert _sheets(page, paper) == 1


def _sheets(page: Page, paper: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


def test_on_a_screen_of_a_few_lines_pet_and_bar_scroll_away(person: Person, visit: Open) -> None:
    """320 x 256 is what 400 % of zoom leaves of 1280 x 1024."""
    _full_day(person)
    page = visit("/", person, viewport={"width": 320, "height": 256})
    page.evaluate("scrollTo(0, 600)")
    covers = """() => [...document.querySelectorAll('.nav, #pet')]
      .map((item) => item.getBoundingClientRect())
      .filter(({top, bottom}) => bottom > 0 && top < innerHeight).length"""
    assert page.evaluate(covers) == 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(covers) == 2
