"""Requests as a browser sends them, straight into the WSGI app: no test client, no server."""

import io
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
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
# Seconds. What a cookie claims is read again when it is older than some minutes, which on a slow
# machine would be measured with the rest.
_FRESH = 60
_REASON = "A rest of the benchmark"
_SIGN_IN = text("""
    SELECT u.id, s.id FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.email = :email
""")
_HABITS = text("""
    SELECT h.id, c.day IS NOT NULL AS done FROM habits h
    LEFT JOIN commits c ON c.user_id = h.user_id AND c.habit_id = h.id AND c.day = current_date
    WHERE h.user_id = :me AND h.counted = :counted ORDER BY h.id
""")
_KEPT = text("SELECT habit_id FROM commits WHERE user_id = :me AND day = :day")
_RESTS = text("SELECT id FROM rests WHERE user_id = :me AND reason = :reason")


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
        self._sign_in()

    def page(self, path: str, query: str = "") -> Answer:
        """Look at a page."""
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
        return self._send(asked, b"")

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
        # As many of one as of the other, or the two acts would fall out of step.
        pairs = min(len(first), len(second))
        queue = itertools.cycle(first[:pairs] + second[:pairs])
        return lambda: self._press(next(queue), act)

    def amounts(self) -> tuple[Callable[[], Answer], Callable[[], Answer]]:
        """Return two functions: one adds an amount to a habit after another, one takes it back.

        Called in turns, in any order, they leave the data as they found it.
        """
        habits = [habit.id for habit in self._habits(counted=True)]
        added, taken = itertools.cycle(habits), itertools.cycle(habits)

        def add() -> Answer:
            return self._count(next(added), "amount", amount="1")

        def take() -> Answer:
            return self._count(next(taken), "undo")

        return add, take

    def late_presses(self, day: date) -> tuple[Callable[[], Answer], Callable[[], None]]:
        """Return two functions: one keeps habit after habit on a past `day`, or takes it back.

        The other makes sure, before each of these, that all so far has happened.
        """
        kept = self._kept_on(day)
        queue = itertools.cycle([habit.id for habit in self._habits() if habit.id in kept])

        def press() -> Answer:
            habit_id = next(queue)
            act = "undo" if habit_id in kept else "commit"
            kept.symmetric_difference_update({habit_id})
            return self._post(f"/habits/{habit_id}/{act}", day=day.isoformat(), **{"from": "today"})

        def check() -> None:
            if self._kept_on(day).symmetric_difference(kept):
                raise RuntimeError("a press on a past day did not happen")

        return press, check

    def rests(self, first: date, last: date) -> tuple[Callable[[], Answer], Callable[[], None]]:
        """Return two functions: one lets everything rest, the other takes that back."""

        def rest() -> Answer:
            return self._post(
                "/rests", starts_on=first.isoformat(), ends_on=last.isoformat(), reason=_REASON
            )

        def delete() -> None:
            with self._app.app_context(), db.reading() as reading:
                found = reading.scalars(_RESTS, {"me": self._me.user_id, "reason": _REASON}).all()
            for rest_id in found:
                self._post(f"/rests/{rest_id}/delete")

        return rest, delete

    def _kept_on(self, day: date) -> set[int]:
        with self._app.app_context(), db.reading() as reading:
            return set(reading.scalars(_KEPT, {"me": self._me.user_id, "day": day}))

    def _habits(self, *, counted: bool = False) -> Sequence[Any]:
        with db.reading() as reading:
            return reading.execute(_HABITS, {"me": self._me.user_id, "counted": counted}).all()

    def _press(self, habit_id: int, act: str) -> Answer:
        answer = self._post(f"/habits/{habit_id}/{act}", day="", **{"from": "today"})
        # What did nothing would be quick, and no measure of anything.
        done = b'data-done="true"' if act == "commit" else b'data-done="false"'
        if done not in answer.body:
            raise RuntimeError(f"{act} of habit {habit_id} did not happen")
        return answer

    def _count(self, habit_id: int, act: str, **form: str) -> Answer:
        answer = self._post(f"/habits/{habit_id}/{act}", day="", **{"from": "today"}, **form)
        if b"data-amount=" not in answer.body:
            raise RuntimeError(f"{act} of habit {habit_id} did not happen")
        return answer

    def _post(self, path: str, **form: str) -> Answer:
        return self._send(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": path,
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "HTTP_HX_REQUEST": "true",
            },
            urlencode({"key": f"bench-{time.monotonic_ns()}", **form}).encode(),
        )

    def _send(self, request: Environ, sent: bytes) -> Answer:
        if time.monotonic() - self._signed_at > _FRESH:
            with self._app.app_context():
                self._sign_in()
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
        if not heads[0].startswith(("2", "3")):
            raise RuntimeError(f"{request['PATH_INFO']} answered {heads[0]}")
        return Answer(heads[0], body, seconds)

    def _sign_in(self) -> None:
        self._cookie, self._signed_at = self._signed_in(), time.monotonic()

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
