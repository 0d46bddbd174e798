"""gunicorn without a proxy in front of it: slow and idle clients hold up nobody."""

import socket
import time
from contextlib import ExitStack
from http import client

import pytest

from app.infra import web_worker
from app.web import security
from tests.races.place import Place

# More than the threads of both workers.
MANY = 12
# Seconds in which somebody else is answered.
QUICK = 3.0


@pytest.fixture
def served(place: Place) -> Place:
    """A gunicorn with two workers of four threads."""
    place.start()
    return place


def begun(place: Place, stack: ExitStack, beginning: bytes) -> list[socket.socket]:
    """Connections on which only this was sent."""
    opened = []
    for _ in range(MANY):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", place.port)))
        connection.sendall(beginning)
        opened.append(connection)
    return opened


def test_connections_on_which_nothing_comes_hold_no_thread(served: Place):
    with ExitStack() as stack:
        begun(served, stack, b"")
        time.sleep(0.3)
        started = time.monotonic()
        for _ in range(4):
            assert served.get("/healthz")[0] == 200
        assert time.monotonic() - started < QUICK


def test_requests_that_never_end_are_given_up(served: Place):
    header = b"GET /healthz HTTP/1.1\r\nHost: local"
    form = (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nemail="
    )
    with ExitStack() as stack:
        started = time.monotonic()
        opened = begun(served, stack, header) + begun(served, stack, form)
        # A byte now and then keeps no connection alive either.
        while time.monotonic() - started < web_worker.READ_WITHIN - 1:
            time.sleep(1)
            for connection in opened:
                connection.sendall(b"a")
        assert served.get("/healthz")[0] == 200
    assert "Traceback" not in served.said()


def test_what_gunicorn_itself_answers_has_the_headers_of_the_app(served: Place):
    wrong = {b"BAD": 400, b"GET / HTTP/9.9": 400, b"GET /" + b"a" * 5000 + b" HTTP/1.1": 414}
    for request_line, status in wrong.items():
        with socket.create_connection(("127.0.0.1", served.port), timeout=QUICK) as connection:
            connection.sendall(request_line + b"\r\nHost: localhost\r\n\r\n")
            answer = client.HTTPResponse(connection)
            answer.begin()
            answer.read()
        assert answer.status == status
        for name, value in security.HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Cache-Control"] == "no-store"
