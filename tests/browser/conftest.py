"""Chromium, a live server, and people with accounts of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests import programs
from tests.browser.live import LiveServer, serve
from tests.browser.person import Person
from tests.browser.screen import STOPWATCH

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, so that `-m "not browser"` leaves it out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver of the browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser of all tests."""
    browser = playwright.chromium.launch(executable_path=programs.find("chromium"), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def live_server(make_app: Callable[..., Any]) -> Iterator[LiveServer]:
    """The app of all tests, on a database of its own, without a limit on pillars."""
    with serve(make_app(free_pillars=0)) as server:
        yield server


@pytest.fixture
def server(live_server: LiveServer) -> Iterator[LiveServer]:
    """The app in calm weather."""
    live_server.weather.clear()
    yield live_server
    live_server.weather.clear()


# As long as anything else may take on a busy machine.
_TIMEOUT = 10_000
expect.set_options(timeout=_TIMEOUT)


@pytest.fixture
def person(server: LiveServer) -> Person:
    """Someone who has an account and an egg, and nothing else yet."""
    return Person(server)


@pytest.fixture
def visit(chromium: Browser, server: LiveServer) -> Iterator[Open]:
    """A function that opens a page in a browser of its own, signed in as `who` if given."""
    contexts = []

    def opened(
        path: str | None = "/",
        who: Person | None = None,
        browser: Browser | None = None,
        **options: Any,
    ) -> Page:
        context = (browser or chromium).new_context(
            base_url=server.url, **({"viewport": PHONE} | options)
        )
        contexts.append(context)
        context.set_default_timeout(_TIMEOUT)
        context.add_init_script(path=STOPWATCH)
        if who:
            context.add_cookies([who.cookie()])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
