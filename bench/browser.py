"""Requests as a browser sends them, straight into the WSGI app: no test client, no server."""

import io
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text

from app.infra import clock, db
from app.queries import accounts
from app.rules.identity import Actor
from app.web import access

Environ = dict[str, Any]

_BROWSER = {
    "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
    "SCRIPT_NAME": "", "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
    "HTTP_ORIGIN": "http://localhost", "HTTP_SEC_FETCH_SITE": "same-origin",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate", "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5",
    "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(),
    "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
}  # fmt: skip
_SIGN_IN = text("""
    SELECT u.id, s.id FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.email = :email
""")
_HABITS = text("""
    SELECT h.id, c.day IS NOT NULL AS done FROM habits h
    LEFT JOIN commits c ON c.user_id = h.user_id AND c.habit_id = h.id AND c.day = current_date
    WHERE h.user_id = :me ORDER BY h.id
""")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the CPU seconds that this process spent on it."""

    status: str
    body: bytes
    seconds: float


class Browser:
    """A signed-in browser that knows its user's habits; made within an app context."""

    def __init__(self, app: Flask, email: str) -> None:
        self._app = app
        with db.reading() as reading:
            self._me = Actor(*reading.execute(_SIGN_IN, {"email": email}).one())
        self._cookie = self._signed_in()

    def page(self, path: str) -> Answer:
        """Look at a page."""
        return self._send({"REQUEST_METHOD": "GET", "PATH_INFO": path}, b"")

    def habit_page(self) -> str:
        """Return the path of the first habit's page."""
        return f"/habits/{self._habits()[0].id}"

    def presses(self, act: str) -> Callable[[], Answer]:
        """Return a function that commits or undoes the next habit each time, through HTMX.

        Acts `commit` and `undo` called in turns, in any order, leave the data as they found it:
        they begin with the habits that are open and kept, and then each with the other's.
        """
        found = self._habits()
        first = [habit.id for habit in found if habit.done == (act == "undo")]
        second = [habit.id for habit in found if habit.done != (act == "undo")]
        if len(first) != len(second):
            raise RuntimeError("as many habits must be open as are kept")
        queue = itertools.cycle(first + second)
        return lambda: self._press(next(queue), act)

    def _habits(self) -> Sequence[Any]:
        with db.reading() as reading:
            return reading.execute(_HABITS, {"me": self._me.user_id}).all()

    def _press(self, habit_id: int, act: str) -> Answer:
        form = {"key": f"bench-{time.monotonic_ns()}", "from": "today", "day": ""}
        answer = self._send(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": f"/habits/{habit_id}/{act}",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "HTTP_HX_REQUEST": "true",
            },
            urlencode(form).encode(),
        )
        # What did nothing would be quick, and no measure of anything.
        done = b'data-done="true"' if act == "commit" else b'data-done="false"'
        if done not in answer.body:
            raise RuntimeError(f"{act} of habit {habit_id} did not happen")
        return answer

    def _send(self, request: Environ, sent: bytes) -> Answer:
        environ = {
            **_BROWSER, **request, "HTTP_COOKIE": self._cookie,
            "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent),
        }  # fmt: skip
        heads: list[str] = []

        def start_response(status: str, *_rest: object) -> Callable[[bytes], object]:
            heads.append(status)
            return lambda _chunk: None

        begun = time.process_time()
        chunks = self._app.wsgi_app(environ, start_response)
        body = b"".join(chunks)
        chunks.close()  # type: ignore[attr-defined]
        seconds = time.process_time() - begun
        if not heads[0].startswith("200"):
            raise RuntimeError(f"{request['PATH_INFO']} answered {heads[0]}")
        return Answer(heads[0], body, seconds)

    def _signed_in(self) -> str:
        with db.reading() as reading:
            who = accounts.claims(reading, self._me, clock.now())
        if who is None:
            raise RuntimeError("the sign-in of the benchmark's user is not there")
        signer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        if signer is None:
            raise RuntimeError("the app has no key to sign with")
        with self._app.test_request_context():
            access.sign_in(who)
            return f"{self._app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
