"""In a language that is longer and goes from right to left every page fits a phone, mirrored."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.web import formats
from tests import pseudo
from tests.browser.conftest import Open
from tests.browser.live import Answer, Forward, LiveServer, Rule, proxy_error
from tests.browser.person import Person
from tests.browser.screen import expect_settled, row, sentence, tick
from tests.browser.test_pages import BEYOND, VISITORS

# How far the words of a row's name stand from its beginning, and its tick from its end, in pixels.
FROM_EDGES = """(row) => {
  const words = document.createRange();
  words.selectNodeContents(row.querySelector('a'));
  const edges = row.getBoundingClientRect();
  const tick = row.querySelector('.tick').getBoundingClientRect();
  return [edges.right - words.getBoundingClientRect().right, tick.left - edges.left];
}"""


@pytest.fixture
def speaking(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """The server, in the language that nobody speaks."""
    monkeypatch.setitem(formats.PATTERNS, pseudo.TAG, pseudo.PATTERNS)
    monkeypatch.setitem(server.app.extensions, "language", pseudo.language())
    return server


def named_error(status: str, name: str) -> Rule:
    """Answer like a proxy that has a page of its own, and hands on what the request is called."""
    rule = proxy_error(status)

    def named(forward: Forward) -> Answer:
        answer = rule(forward)
        return answer._replace(headers=[*answer.headers, ("X-Request-Id", name)])

    return named


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.usefixtures("speaking")
def test_no_page_scrolls_sideways(person: Person, visit: Open, width: int) -> None:
    pillar = person.pillar("身体")
    habits = [person.habit(pillar, name) for name in ("散歩", "読書")]
    person.keep(habits[0])
    size = {"width": width, "height": 700}
    pages = [
        *("/", "/pillars", "/pet", "/pet/finds", "/ledger", "/settings", "/stats", "/welcome"),
        "/stats/month",
        f"/pillars/{pillar}", f"/pillars/{pillar}/delete", f"/habits/{habits[0]}",
        f"/habits/{habits[0]}/delete", "/order", "/nowhere",
    ]  # fmt: skip
    found = {}
    for page, paths in (
        (visit(None, viewport=size), VISITORS),
        (visit(None, person, viewport=size), pages),
        (visit(None, Person(person.server), viewport=size), ["/welcome"]),
    ):
        for path in paths:
            page.goto(path)
            found[path] = page.evaluate(BEYOND)
    assert {path: beyond for path, beyond in found.items() if beyond} == {}


@pytest.mark.parametrize("name", ["散歩", "Walk", "مشي"])
def test_a_row_is_mirrored_whatever_its_name_is_written_in(
    speaking: LiveServer, person: Person, visit: Open, name: str
) -> None:
    habit = person.habit(name=name)
    page = visit("/", person)
    from_beginning, from_end = row(page, habit).evaluate(FROM_EDGES)
    assert 0 < from_beginning < 20
    assert 0 < from_end < 20


@pytest.mark.usefixtures("speaking")
def test_a_press_is_answered_in_the_language(person: Person, visit: Open) -> None:
    habit = person.habit(name="散歩")
    page = visit("/", person)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    expect(sentence(page)).to_have_text(re.compile("^⟦.*⟧$"))


def test_what_the_script_says_is_one_sentence(
    speaking: LiveServer, person: Person, visit: Open
) -> None:
    habit = person.habit(name="散歩")
    page = visit("/", person)
    speaking.weather.on_posts = named_error("413 Too Large", "a1b2c3d4")
    tick(page, habit).click()
    expect(sentence(page)).to_have_text(re.compile(r"^⟦⟦[^⟦⟧]+⟧ \([^⟦⟧]+ a1b2c3d4\)⟧$"))
