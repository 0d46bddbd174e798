"""Somebody with a browser without JavaScript, and a crowd of them who press Commit."""

import http.client
import re
import secrets
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlencode

from tests.stack.engine import DOMAIN, Stack, eventually, trusting

HTMX = {"HX-Request": "true"}
_COOKIE = re.compile(r"([^=;]+)=([^;]*)")
_HABIT = re.compile(r'id="habit-(\d+)"')
_PILLAR = re.compile(r'id="pillar-(\d+)"')
# The connection ended before an answer: what was asked for may have been done.
NO_ANSWER = (OSError, http.client.HTTPException)
# Seconds between two presses of one visitor of a crowd.
_REST = 0.02


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    seconds: float


class Visitor:
    """A browser with its cookies and one connection."""

    def __init__(self, stack: Stack) -> None:
        self.port = stack.port
        self.origin = f"https://{DOMAIN}:{stack.port}"
        self._connection: http.client.HTTPSConnection | None = None
        self._trusting = trusting()
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        """Look at a page."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, object] | None = None, **headers: str) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(fields or {}), headers)

    def sign_up(self) -> str:
        """Make an account and return its address."""
        email = f"{secrets.token_hex(6)}@example.org"
        form = {"email": email, "password": "a-long-enough-phrase", "timezone": "UTC"}
        answer = self.post("/signup", form)
        assert answer.status == 303, f"{answer.status}: {answer.text[:400]}"
        return email

    def habits(self, many: int = 1) -> list[int]:
        """Make a pillar with `many` habits and return their ids."""
        assert (
            self.post("/pillars", {"name": "Body", "color": "clay", "icon": "heart"}).status == 303
        )
        pillar = _PILLAR.findall(self.get("/").text)[-1]
        for number in range(many):
            form = {"pillar_id": pillar, "name": f"Habit {number}", "effort": "normal"}
            assert self.post("/habits", form).status == 303
        return [int(found) for found in _HABIT.findall(self.get("/").text)][-many:]

    def press(self, habit: int, act: str = "commit", key: str | None = None) -> Answer:
        """Commit or undo, as HTMX sends it."""
        form = {"key": key or secrets.token_hex(12)}
        return self.post(f"/habits/{habit}/{act}", form, **HTMX)

    def hang_up(self) -> None:
        """Close the connection; the next request makes a new one."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if method == "GET" and self._connection:
            # What a browser does when a connection that it held was closed meanwhile.
            with suppress(*NO_ANSWER):
                return self._ask(method, path, body, headers)
        return self._ask(method, path, body, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        begun = time.monotonic()
        connection = self._connection or http.client.HTTPSConnection(
            DOMAIN, self.port, timeout=30, context=self._trusting
        )
        self._connection = connection
        sent = {"Origin": self.origin, "Accept-Encoding": "identity", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except NO_ANSWER:
            self.hang_up()
            raise
        for line in answer.headers.get_all("Set-Cookie") or ():
            if pair := _COOKIE.match(line):
                self.cookies[pair[1]] = pair[2]
        return Answer(answer.status, answer.headers, text, time.monotonic() - begun)


@dataclass
class Tally:
    """What a crowd met: statuses (0: no answer), acknowledged keys, and how long it took."""

    statuses: Counter[int] = field(default_factory=Counter)
    # Refusals that do not say when to come again.
    curt: int = 0
    acknowledged: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        """The 99th percentile of the accepted, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0.0

    def __str__(self) -> str:
        return f"{dict(self.statuses)}, 99 % of the accepted within {self.slowest:.2f} s"


class Crowd:
    """Visitors who commit and undo without a break while the block runs; `tally` tells afterwards.

    A press without an answer is pressed again with the same key, as the page would. Without
    `keeps` each press has a connection of its own.
    """

    def __init__(self, stack: Stack, many: int, *, keeps: bool = True) -> None:
        self._keeps = keeps
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.tally = Tally()
        self._people = [prepared(stack) for _ in range(many)]
        self._threads = [threading.Thread(target=self._live, args=who) for who in self._people]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def gets_on(self, presses: int = 50, within: float = 30) -> float:
        """Wait until so many more presses are acknowledged; return the seconds that it took."""
        goal = len(self.tally.acknowledged) + presses
        return eventually(lambda: len(self.tally.acknowledged) >= goal, within)

    def _live(self, visitor: Visitor, habit: int) -> None:
        act = "commit"
        while not self._over.is_set():
            key = secrets.token_hex(12)
            if self._settled(visitor, habit, act, key):
                act = "undo" if act == "commit" else "commit"
            self._over.wait(_REST)

    def _settled(self, visitor: Visitor, habit: int, act: str, key: str) -> bool:
        while not self._over.is_set():
            try:
                answer = visitor.press(habit, act, key)
            except NO_ANSWER:
                self._note(0)
                self._over.wait(0.1)
                continue
            self._note(answer.status, answer)
            if not self._keeps:
                visitor.hang_up()
            if answer.status == 200:
                with self._lock:
                    self.tally.acknowledged.append(key)
                return True
            self._over.wait(0.1)
        return False

    def _note(self, status: int, answer: Answer | None = None) -> None:
        with self._lock:
            self.tally.statuses[status] += 1
            if answer and status == 200:
                self.tally.seconds.append(answer.seconds)
            elif answer and "Retry-After" not in answer.headers:
                self.tally.curt += 1


def prepared(stack: Stack) -> tuple[Visitor, int]:
    """Somebody who has signed up, and their one habit."""
    visitor = Visitor(stack)
    visitor.sign_up()
    return visitor, visitor.habits()[0]


def lost(stack: Stack, acknowledged: list[str], *databases: str) -> set[str]:
    """The keys that were acknowledged and are in the ledger of none of the databases."""
    asked = "SELECT key FROM ledger_entries WHERE key IS NOT NULL"
    kept = (stack.sql(asked, database=name).split() for name in databases or ("commit_life",))
    return set(acknowledged).difference(*kept)
