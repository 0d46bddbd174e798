"""Firefox and WebKit, a live server, and people with accounts of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from flask import Flask

from tests.browser.live import LiveServer, serve
from tests.browser.person import Person
from tests.engines.browser import Browser
from tests.engines.launch import ENGINES

Open = Callable[..., Browser]


@pytest.fixture(scope="package")
def live_server(make_app: Callable[..., Flask]) -> Iterator[LiveServer]:
    """The app of all tests, on a database of its own, without a limit on pillars."""
    with serve(make_app(free_pillars=0)) as server:
        yield server


@pytest.fixture
def server(live_server: LiveServer) -> Iterator[LiveServer]:
    """The app in calm weather."""
    live_server.weather.clear()
    yield live_server
    live_server.weather.clear()


@pytest.fixture
def person(server: LiveServer) -> Person:
    """Someone who has an account and an egg, and nothing else yet."""
    return Person(server)


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Browser]]:
    """A function that starts a browser where none of its kind runs; all of them end together."""
    with ExitStack() as running:

        @cache
        def start(engine: str, dark: bool, scripts: bool) -> Browser:
            folder = tmp_path_factory.mktemp(engine)
            return running.enter_context(ENGINES[engine](folder, dark, scripts))

        yield start


@pytest.fixture(params=sorted(ENGINES))
def visit(request: pytest.FixtureRequest, server: LiveServer, started: Callable) -> Open:
    """A function that opens a page, signed in as `who` if given, in each engine."""

    def opened(
        path: str, who: Person | None = None, dark: bool = False, scripts: bool = True
    ) -> Browser:
        browser = started(request.param, dark, scripts)
        browser.begin(server.url, who.cookie() if who else None)
        browser.go(path)
        return browser

    return opened
