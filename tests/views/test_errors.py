"""Every refusal and every fault: a friendly page, or a sentence for HTMX, and a name to ask for."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.infra.db import doors
from app.rules.outcome import Act
from tests import world as make
from tests.conftest import MakeApp, browser, in_a_savepoint
from tests.views.database import execute
from tests.views.pages import page
from tests.world import NOON, PASSWORD, World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/nowhere", 404, "There is nothing here, or it is not yours."),
        ("GET", "/pillars/", 404, "There is nothing here"),
        ("GET", "/habits/999999", 404, "There is nothing here"),
        ("DELETE", "/pet", 405, "This address cannot be used like that."),
        ("PROPFIND", "/", 405, "This address cannot be used like that."),
        ("POST", "/nowhere", 404, "There is nothing here"),
    ],
)
def test_an_error_is_a_page_for_a_browser_and_a_sentence_for_htmx(
    ada: FlaskClient, method: str, path: str, status: int, said: str
):
    whole = ada.open(path, method=method)
    part = ada.open(path, method=method, headers=HTMX)
    assert (whole.status_code, part.status_code) == (status, status)
    assert whole.text.lstrip().startswith("<!doctype html>")
    assert said in whole.text
    assert f"ref. {whole.headers['X-Request-Id']}" in whole.text
    assert part.text.startswith('<hx-partial hx-target="#toast"')
    assert said in part.text
    assert "<html" not in part.text


def test_who_is_signed_in_keeps_the_navigation_on_an_error(ada: FlaskClient, client: FlaskClient):
    assert "<nav" in ada.get("/nowhere").text
    assert "<nav" in ada.get("/pillars/999999").text
    assert "<nav" not in client.get("/nowhere").text


def test_a_method_that_is_not_taken_names_those_that_are(ada: FlaskClient):
    assert set(ada.put("/pet").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_fault_of_ours_says_so_and_tells_nothing_else(ada: FlaskClient, headers: dict):
    """Line 43 of docs/security.md."""
    execute("ALTER TABLE pets RENAME TO gone")
    answer = ada.get("/pet", headers=headers)
    assert answer.status_code == 500
    assert "That was our fault; nothing was saved. Try again?" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    for secret in ("Traceback", "psycopg2", "SELECT", "UndefinedTable", "pets"):
        assert secret not in re.sub(r'href="[^"]*"', "", answer.text)


def test_the_reference_of_a_fault_is_in_the_log(ada: FlaskClient, caplog: pytest.LogCaptureFixture):
    execute("ALTER TABLE pets RENAME TO gone")
    answer = ada.post("/pet", data={"name": "a secret of mine"})
    assert answer.status_code == 500
    assert f"POST /pet failed ({answer.headers['X-Request-Id']})" in caplog.text


@pytest.fixture
def away(make_app: MakeApp, world: World) -> Flask:
    """An app whose database is away; it knows the same key, so the same cookies."""
    return make_app("postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/pillars"), ("GET", "/pet"), ("GET", "/ledger"),
        ("GET", "/habits/1"),
        ("POST", "/habits/1/commit"), ("POST", "/habits/1/undo"), ("POST", "/pillars"),
        ("POST", "/settings"), ("POST", "/logout"), ("POST", "/login"), ("POST", "/signup"),
    ],
)  # fmt: skip
def test_a_database_that_is_away_is_said_to_be_and_when_to_come_back(
    world: World, ada: FlaskClient, away: Flask, method: str, path: str
):
    cookie = ada.get_cookie("session")
    assert cookie is not None
    fields = {"name": "Walk", "email": "eva@example.org", "password": PASSWORD}
    for headers in ({}, HTMX):
        client = browser(away)
        client.set_cookie("session", cookie.value)
        answer = client.open(path, method=method, headers=headers, data=fields)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "The database is away for a moment; nothing was saved." in answer.text
        assert answer.text.lstrip().startswith("<hx-partial" if headers else "<!doctype html>")
        assert "Set-Cookie" not in answer.headers


def test_without_a_database_a_visitor_sees_what_needs_none(away: Flask):
    client = browser(away)
    for path in ("/", "/login", "/signup", "/healthz"):
        assert client.get(path).status_code == 200
    late = client.get("/readyz")
    assert (late.status_code, late.text) == (503, "the database is away\n")


def test_claims_that_must_be_read_again_wait_for_the_database(
    world: World, away: Flask, at: Callable
):
    cookie = world.signed_in(world.ada).get_cookie("session")
    assert cookie is not None
    client = browser(away)
    client.set_cookie("session", cookie.value)
    assert client.get("/nowhere").status_code == 404
    at(NOON + timedelta(minutes=6))
    late = client.get("/nowhere")
    assert late.status_code == 503
    # An outage signs nobody out.
    assert "Set-Cookie" not in late.headers


@contextmanager
def cut_off(connection: Connection, read_only: bool, one_state: bool) -> Iterator[None]:
    """A transaction that completes, after which the line is cut before anybody hears of it."""
    with in_a_savepoint(connection, read_only, one_state):
        yield
    if not read_only:
        raise OperationalError("COMMIT", {}, Exception("the line is cut"))


def test_what_may_be_saved_is_not_said_to_be_unsaved(world: World, monkeypatch: pytest.MonkeyPatch):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}/commit"
    with monkeypatch.context() as patched:
        patched.setattr(doors, "begun", cut_off)
        answer = ada.post(url, headers=HTMX)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "nothing was saved" not in answer.text
    assert "It may be saved or not" in answer.text
    assert 'data-tone="unknown"' in answer.text
    assert make.keep(world.ada, world.habit).act is Act.UNCHANGED


def test_an_error_page_leads_back(client: FlaskClient):
    shown = page(client.get("/nowhere"))
    assert [given for _tag, given in shown.elements if given.get("href") == "/"]
