"""Every page: nothing that the policy forbids, no other server, light, never sideways."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from app.web import compression
from tests import world
from tests.browser.conftest import Open
from tests.browser.live import LiveServer, edited
from tests.browser.person import Person
from tests.browser.screen import expect_settled, make_habit, make_pillar, tick, undo

MOST_REQUESTS, MOST_BYTES = 6, 28_000
HTMX = Path(__file__).parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
VISITORS = ["/", "/how", "/signup", "/login", "/nowhere"]
LONGEST = "W" * 80
# As wide, and seven code points each.
FAMILIES = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}" * 80


def _pages(pillar: int, habit: int) -> list[str]:
    """Return the pages of someone who is signed in and owns these."""
    places = [
        "/", "/pillars", "/pet", "/pet/moments", "/ledger", "/notes", "/settings", "/rests",
        "/order", "/nowhere",
    ]  # fmt: skip
    return [
        *places, f"/pillars/{pillar}", f"/pillars/{pillar}/delete", f"/habits/{habit}",
        f"/habits/{habit}/delete", f"/habits/{habit}/undo",
    ]  # fmt: skip


def _listen(page: Page) -> list[str]:
    """Return the list of everything that the browser complains about on `page` from now on."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A page that does not exist is told as an error of its own.
        is_status = "404" in message.text and "/nowhere" in message.location["url"]
        if message.type in {"error", "warning"} and not is_status:
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    return complaints


def test_the_listener_hears_a_broken_policy(server: LiveServer, visit: Open) -> None:
    page = visit(None)
    complaints = _listen(page)
    server.weather.on_pages = edited(b"<h1>", b'<h1 style="color: red">')
    page.goto("/login")
    expect(page.get_by_role("heading")).to_be_visible()
    assert "Content Security Policy" in "".join(complaints)


def test_no_page_of_a_visitor_makes_the_browser_complain(visit: Open) -> None:
    page = visit(None)
    complaints = _listen(page)
    for path in VISITORS:
        page.goto(path, wait_until="load")
    assert complaints == []


def test_no_page_and_no_press_makes_the_browser_complain(person: Person, visit: Open) -> None:
    page = visit(None, person)
    complaints = _listen(page)
    page.goto("/")
    make_pillar(page, "Body")
    habit = make_habit(page, "Read 10 pages")
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    tick(page, habit).click()
    expect_settled(page, habit, kept=True)
    for path in _pages(*person.truth().pillar_xp, habit):
        page.goto(path, wait_until="load")
    page.goto(f"/habits/{habit}")
    undo(page, habit).click()
    expect_settled(page, habit, kept=False)
    assert complaints == []


def test_htmx_is_at_work() -> None:
    """Without it the pages fall back to plain forms, and most of these tests would mean less."""
    assert HTMX.exists()


def test_the_first_load_of_a_full_day_is_light_and_private(
    server: LiveServer, person: Person, visit: Open, record_property
) -> None:
    for name in ("Body", "Mind", "Work", "People", "Home", "Play"):
        pillar = person.pillar(name)
        for number in range(8):
            person.habit(pillar, f"Something worth keeping, number {number}")
    page = visit(None, person)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto("/", wait_until="networkidle")
    expect(page.locator("li.habit")).to_have_count(48)
    responses = [response for response in responses if not response.url.startswith("data:")]
    assert all(response.url.startswith(server.url) for response in responses)
    sizes = {response.url.removeprefix(server.url): _received(response) for response in responses}
    record_property("bytes", sizes)
    assert len(responses) <= MOST_REQUESTS
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    # nginx, which has no brotli, packs the page itself with gzip.
    sizes["/"] = len(compression.page(responses[0].body(), "gzip"))
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def _received(response: Response) -> int:
    """Return the bytes of a body as they came over the wire."""
    return response.request.sizes()["responseBodySize"]


@pytest.fixture
def long_names(server: LiveServer, person: Person) -> Callable[[str], list[str]]:
    """A function that gives everything one long unbroken name, and returns the pages."""

    def named(name: str) -> list[str]:
        pillar = person.pillar(name)
        habits = [person.habit(pillar, name) for _ in range(2)]
        person.keep(habits[0])
        world_client = server.run(world.World(server.app).signed_in, person.me)
        world_client.post("/pet", data={"name": name, "species": "fox"})
        world_client.post(f"/habits/{person.habit(pillar, name)}/archive")
        world_client.post(f"/pillars/{person.pillar(name)}/archive")
        return _pages(pillar, habits[0])

    return named


# What can be read or pressed, and ends beyond the edge of the screen.
BEYOND = """() => {
  document.querySelectorAll('details').forEach((item) => { item.open = true; });
  const width = document.documentElement.clientWidth;
  const wide = document.scrollingElement.scrollWidth;
  const beyond = [...document.querySelectorAll('a, button, input, select, h1, h2, p, progress')]
    .filter((item) => item.checkVisibility() && !item.closest('.vh, .skip'))
    .filter((item) => item.getBoundingClientRect().right > width + 0.5
      || item.getBoundingClientRect().left < -0.5)
    .map((item) => item.outerHTML.slice(0, 80));
  return wide > width ? [`scrolls to ${wide}`, ...beyond] : beyond;
}"""


@pytest.mark.parametrize(
    ("width", "name"),
    [(320, LONGEST), (390, LONGEST), (390, FAMILIES)],
    ids=["320", "390", "emoji"],
)
def test_no_page_scrolls_sideways_with_the_longest_names(
    person: Person, visit: Open, long_names: Callable[[str], list[str]], width: int, name: str
) -> None:
    size = {"width": width, "height": 700}
    found = {}
    for page, paths in (
        (visit(None, viewport=size), VISITORS),
        (visit(None, person, viewport=size), long_names(name)),
    ):
        for path in paths:
            page.goto(path)
            found[path] = page.evaluate(BEYOND)
    assert {path: beyond for path, beyond in found.items() if beyond} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_sentences_about_the_longest_names_fit(person: Person, visit: Open, width: int) -> None:
    page = visit("/", person, viewport={"width": width, "height": 700})
    make_pillar(page, LONGEST)
    expect(page.locator("#toast")).to_contain_text(LONGEST)
    assert page.evaluate(BEYOND) == []
