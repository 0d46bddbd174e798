"""Whatever the keyboard reaches can be seen: nothing that has the focus stays under a bar."""

import pytest

from tests.browser.conftest import Open
from tests.browser.person import Person

_STOPS = 40
# What has the focus stands below the pet's strip and above the bottom bar, as far as it fits.
COVERED = """() => {
  const item = document.activeElement;
  if (item === document.body || item.closest('.nav, .pet, .skip')) return '';
  const box = (item.closest('label') ?? item).getBoundingClientRect();
  const nav = document.querySelector('.nav').getBoundingClientRect();
  const strip = document.querySelector('.pet')?.getBoundingClientRect();
  const isCovered = box.bottom > nav.top + 0.5 || (strip && box.top < strip.bottom - 0.5);
  return isCovered ? `${item.tagName} ${item.id || item.name} ${box.top} ${box.bottom}` : '';
}"""


@pytest.mark.parametrize("way", ["Tab", "Shift+Tab"])
def test_nothing_that_has_the_focus_is_under_a_bar(person: Person, visit: Open, way: str) -> None:
    pillar = person.pillar()
    for number in range(12):
        person.habit(pillar, f"A small thing, number {number}")
    page = visit(None, person, viewport={"width": 390, "height": 600})
    covered, stops = {}, set()
    for path in ("/", "/settings"):
        page.goto(path)
        page.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")
        for _stop in range(_STOPS):
            page.keyboard.press(way)
            if said := page.evaluate(COVERED):
                covered.setdefault(path, []).append(said)
            stops.add(page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert covered == {}
    assert len(stops) > 15
