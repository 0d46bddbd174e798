"""What the tests of the cache begin with."""

import pytest
from flask import Flask

from app.infra import cache
from tests.views.cached_pages import Home, furnish
from tests.views.letters import switch_mail_on
from tests.world import World


@pytest.fixture
def empty_cache(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with a cache of its own."""
    monkeypatch.setitem(app.extensions, "cache", cache.Own())


@pytest.fixture
def home(world: World) -> Home:
    return furnish(world)


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """This server sends mail."""
    switch_mail_on(app, monkeypatch)
