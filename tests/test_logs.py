"""Logs: one JSON object a line for machines, named by its request, with nothing secret in it; text
for people, in which nothing from outside makes a line or moves a cursor."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db, task, tokens
from app.infra.logs import JsonLines, TextLines
from app.operations import links
from app.rules.links import Purpose
from app.rules.subscriptions import Subscription
from app.web.unsubscribing import Reader, token_for
from tests.conftest import MakeApp, browser
from tests.views.database import execute
from tests.world import PASSWORD, World

FORGED = '404\r\n{"level": "info", "message": "all is well"}\u2028\x00\x1b[2J'


class Book:
    """What the app has logged, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def of(self, logger: str) -> list[dict]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def book() -> Iterator[Book]:
    """The lines of this process, as LOG_FORMAT=json writes them."""
    book, logger = Book(), logging.getLogger("app")
    handler = logging.StreamHandler(book.stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield book
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(handler)


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def line_of(message: str, *arguments: object, exc_info: object = None) -> str:
    record = logging.LogRecord("app", logging.ERROR, "", 1, message, arguments, exc_info)  # type: ignore[arg-type]
    return JsonLines().format(record)


def test_nothing_from_outside_makes_a_second_line():
    """Line 42 of docs/security.md."""
    line = line_of("GET %s failed", FORGED)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == f"GET {FORGED} failed"


def test_a_line_has_its_time_in_utc_and_an_exception_in_one_field():
    try:
        raise LookupError(FORGED)
    except LookupError:
        line = line_of("failed", exc_info=sys.exc_info())
    assert len(line.splitlines()) == 1
    said = json.loads(line)
    assert datetime.fromisoformat(said["time"]).utcoffset() == timedelta(0)
    assert (said["level"], said["logger"]) == ("error", "app")
    assert said["exception"].startswith("Traceback")
    assert FORGED in said["exception"]


def test_a_line_names_its_request_and_its_user_where_they_are_known():
    task.begin()
    assert not {"request_id", "user_id"} & json.loads(line_of("outside")).keys()
    task.begin("1a2b3c4d").user_id = 7
    said = json.loads(line_of("inside"))
    assert (said["request_id"], said["user_id"]) == ("1a2b3c4d", 7)
    task.begin()


def test_each_request_has_one_line(
    world: World, ada: FlaskClient, book: Book, statements: Callable
):
    url = f"/habits/{world.habit}/commit"
    with statements() as seen:
        answer = ada.post(f"{url}?token=hush", data={"note": "hush"})
    (line,) = book.of("app.access")
    assert line.pop("duration_ms") > 0
    assert {name: line[name] for name in sorted(line) if name != "time"} == {
        "level": "info",
        "logger": "app.access",
        "message": "answered",
        "method": "POST",
        "path": url,
        "request_id": answer.headers["X-Request-Id"],
        "statements": len(seen),
        "status": 303,
        "user_id": world.ada.user_id,
    }
    assert len(seen) == 3


def test_a_request_counts_only_its_own_statements_and_user(
    ada: FlaskClient, client: FlaskClient, book: Book
):
    ada.get("/")
    client.get("/login")
    client.get("/healthz")
    today, *visits = book.of("app.access")
    assert today["statements"] > 0
    for visit in visits:
        assert visit["statements"] == 0
        assert "user_id" not in visit


@pytest.mark.parametrize("path", ["/no%0d%0awhere", "/static/%0a%7b%7d", "/%e2%80%a8", "/%ff%00"])
def test_a_path_cannot_forge_a_line(client: FlaskClient, book: Book, path: str):
    """Line 42 of docs/security.md."""
    answer = client.get(path, headers={"User-Agent": "x", "Referer": "/\x85"})
    (line,) = book.lines
    assert (line["status"], answer.status_code) == (404, 404)
    assert len(book.stream.getvalue().splitlines()) == 1


def test_a_fault_is_logged_under_the_name_of_its_request(ada: FlaskClient, book: Book):
    execute("ALTER TABLE pets RENAME TO gone")
    answer = ada.post("/pet", data={"name": "a secret of mine"})
    fault, access = book.lines
    assert (fault["level"], access["status"]) == ("error", 500)
    assert fault["request_id"] == access["request_id"] == answer.headers["X-Request-Id"]
    assert "UndefinedTable" in fault["exception"]
    assert "a secret of mine" not in book.stream.getvalue()


def test_a_sign_in_is_logged_whatever_becomes_of_it(world: World, book: Book):
    """Line 40 of docs/security.md."""
    me = world.ada.user_id
    for email, password, seen in (
        ("ada@example.org", PASSWORD, ("info", "signed in", me)),
        ("ada@example.org", "a wrong guess", ("warning", "sign-in failed", me)),
        ("eve@example.org", "a wrong guess", ("warning", "sign-in failed", 0)),
    ):
        browser(world.app).post(
            "/login",
            data={"email": email, "password": password},
            environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
        )
        level, what, user_id = seen
        line = book.of("app.operations.audit")[-1]
        assert (line["level"], line["user_id"], line["address"]) == (level, user_id, "192.0.2.7")
        assert line["message"] == f"{what}: user {user_id} from 192.0.2.7"
        assert line["time"].endswith("+00:00")


def test_no_secret_and_no_typed_address_is_logged(world: World, ada: FlaskClient, book: Book):
    """Line 41 of docs/security.md."""
    visitor, fresh = browser(world.app), "another horse battery staple"
    visitor.post("/signup", data={"email": "eva@example.org", "password": fresh, "timezone": "UTC"})
    visitor.post("/login?next=/pet", data={"email": "eva@example.org", "password": "a wrong guess"})
    ada.post("/settings/password", data={"current": PASSWORD, "password": fresh})
    ada.post("/pet", data={"name": "Miso", "password": fresh})
    cookies = [client.get_cookie("session") for client in (ada, visitor)]
    assert len(book.of("app.access")) == 4
    for secret in (fresh, PASSWORD, "a wrong guess", "eva@example.org", "next=", "argon2"):
        assert secret not in book.stream.getvalue()
    for cookie in cookies:
        assert cookie is not None
        assert cookie.value[:20] not in book.stream.getvalue()


@pytest.mark.parametrize("what", ["/invite/{}", "/first-admin/{}", "/invite/{}/x", "/nowhere/{}."])
def test_the_token_of_a_link_is_in_no_log(ada: FlaskClient, book: Book, what: str):
    """Line 41 of docs/security.md."""
    token = tokens.make()
    ada.get(what.format(token))
    (line,) = book.of("app.access")
    assert line["path"] == what.format("…")


def test_the_link_that_turns_a_letter_off_is_in_no_log(ada: FlaskClient, world: World, book: Book):
    """Line 41 of docs/security.md."""
    token = token_for(world.app, Reader(world.ada.user_id, Subscription.REMINDER))
    ada.get(f"/unsubscribe/{token}")
    (line,) = book.of("app.access")
    assert line["path"] == "/unsubscribe/…"


@pytest.mark.parametrize(("purpose", "path"), [("join", "/join"), ("reset", "/reset")])
def test_the_token_of_a_link_by_mail_is_in_no_log(
    world: World, client: FlaskClient, book: Book, purpose: str, path: str
):
    """Line 41 of docs/security.md."""
    me = world.ada.user_id if purpose == "reset" else 0
    with db.transaction() as session:
        token = links.make(session, Purpose(purpose), me, "ada@example.org")
    client.get(f"{path}?link={token}")
    client.post(path, data={"link": token, "password": PASSWORD})
    client.get(f"{path}?link={token}")
    assert len(book.of("app.access")) == 3
    assert token.partition(".")[2] not in book.stream.getvalue()


def test_what_a_statement_was_given_is_in_no_log(away: Flask, world: World, book: Book):
    """Line 41 of docs/security.md."""
    execute("ALTER TABLE users RENAME TO gone")
    sent = {"email": "eva@example.org", "password": PASSWORD, "timezone": "UTC"}
    assert browser(world.app).post("/signup", data=sent).status_code == 500
    assert browser(away).post("/signup", data=sent).status_code == 503
    assert len(book.of("app")) == 2
    assert "eva@example.org" not in book.stream.getvalue()
    assert "argon2" not in book.stream.getvalue()


@pytest.fixture
def away(make_app: MakeApp) -> Flask:
    """An app whose database is away."""
    return make_app("postgresql://nobody@127.0.0.1:1/none")


def in_text(message: str, *arguments: object, exc_info: object = None) -> str:
    record = logging.LogRecord("app", logging.ERROR, "", 1, message, arguments, exc_info)  # type: ignore[arg-type]
    record.exc_text = "as another formatter has written it\r"
    return TextLines("[%(levelname)s] %(message)s").format(record)


def test_in_text_what_cannot_be_printed_is_written_out():
    line = in_text("GET %s failed", "/a\r\n[ERROR] forged\u2028\x1b[2J\x9b\u202e\ud800é🦊")
    assert line == (
        "[ERROR] GET /a\\r\\n[ERROR] forged\\u2028\\x1b[2J\\x9b\\u202e\\ud800é🦊 failed"
    )


def test_in_text_no_line_of_a_traceback_looks_like_a_line_of_the_log():
    try:
        raise LookupError("one\n[ERROR] forged\r[ERROR] forged\x1b[2J")
    except LookupError:
        first, *others = in_text("failed", exc_info=sys.exc_info()).split("\n")
    assert first == "[ERROR] failed"
    assert others[0] == "    Traceback (most recent call last):"
    assert others[-1] == "    [ERROR] forged\\r[ERROR] forged\\x1b[2J"
    assert {line[:4] for line in others} == {"    "}


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What the app prints as text, by handlers that are there when the app is made."""
    stream, logger = io.StringIO(), logging.getLogger("app")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_a_fault_on_a_path_full_of_controls_is_one_line_and_its_traceback(
    printed: io.StringIO, make_app: MakeApp
):
    app = make_app("postgresql://nobody@127.0.0.1:1/none")
    app.add_url_rule("/<path:where>", "fault", fault := lambda where: [][1])
    fault.is_public = True
    assert browser(app).get("/a%0d%5b2026%5d%1b%5b2J").status_code == 500
    first, *others = printed.getvalue().rstrip("\n").split("\n")
    assert "GET /a\\r[2026]\\x1b[2J failed" in first
    assert {line[:4] for line in others} == {"    "}


def test_text_for_people_has_no_line_for_each_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
):
    client.get("/login")
    assert "answered" not in caplog.text
