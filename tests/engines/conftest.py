"""Firefox and WebKit, a live server, and people with accounts of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.browser.conftest import live_server, person, server
from tests.browser.live import LiveServer
from tests.browser.person import Person
from tests.engines.browser import Browser
from tests.engines.launch import ENGINES

Open = Callable[..., Browser]


# The same app, weather and people as in Chromium.
__all__ = ["live_server", "person", "server"]


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
