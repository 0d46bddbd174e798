"""The app starts without its database: alive, not ready, and friendly about it."""

import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import clock
from app.infra.db import orm
from app.rules.identity import Claims
from tests.conftest import MakeApp, browser
from tests.world import PASSWORD


@pytest.fixture(params=["refuses", "says nothing"])
def absent(request: pytest.FixtureRequest, make_app: MakeApp) -> Iterator[Flask]:
    """An app whose database refuses connections, or takes them and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "says nothing":
            server.listen()
        app = make_app(f"postgresql://nobody@127.0.0.1:{server.getsockname()[1]}/nothing")
        yield app
        with app.app_context():
            orm.engine.dispose()


@pytest.fixture
def signed_in(absent: Flask) -> FlaskClient:
    """A browser with a cookie from better days."""
    client = browser(absent)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["claims"] = Claims(user_id=1, session_id=1, issued_at=clock.now()).to_cookie()
    return client


def test_the_process_is_alive_and_not_ready(absent: Flask):
    client = browser(absent)
    assert client.get("/healthz").status_code == 200
    started = time.monotonic()
    assert client.get("/readyz").status_code == 503
    assert time.monotonic() - started < 2


def test_pages_that_need_no_database_are_there(absent: Flask):
    client = browser(absent)
    assert [client.get(path).status_code for path in ("/", "/login", "/signup")] == [200] * 3


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "HTMX"])
@pytest.mark.parametrize("path", ["/", "/pillars", "/ledger"])
def test_a_page_says_that_the_database_is_away_for_a_moment(signed_in, path, headers):
    started = time.monotonic()
    answer = signed_in.get(path, headers=headers)
    assert time.monotonic() - started < 6
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database is away for a moment; nothing was saved." in answer.text
    assert "psycopg2" not in answer.text


def test_a_press_and_a_sign_in_say_it_too_and_sign_nobody_out(signed_in):
    assert signed_in.post("/habits/1/commit").status_code == 503
    login = {"email": "ada@example.org", "password": PASSWORD}
    assert signed_in.post("/login", data=login).status_code == 503
    assert signed_in.get_cookie("session") is not None


def test_whoever_comes_after_a_long_wait_is_told_at_once(signed_in):
    assert signed_in.get("/pillars").status_code == 503
    started = time.monotonic()
    assert [signed_in.get("/pillars").status_code for _ in range(5)] == [503] * 5
    assert time.monotonic() - started < 1
