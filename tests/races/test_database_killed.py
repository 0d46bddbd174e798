"""The database is killed or frozen under a running app: nothing acknowledged is missing.

A real run as `make run` starts it, always on the embedded PostgreSQL: that one is the subject.
"""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from urllib.parse import urlencode

import psutil
import psycopg2
import pytest

from app.config import ROOT
from tests.races.standstill import standing_still
from tests.races.test_launcher import Run, folder_of_runs, until
from tests.world import PASSWORD

CLIENTS, KILLS, MORE = 8, 3, 10
FIRST_DAY = date(2000, 1, 1)
# Seconds until the app answers again, and until everyone has committed on a busy machine.
BACK_WITHIN, ON_WITHIN = 10.0, 30.0
# What a person may see while the database is away; 0 is a connection that was cut.
ALLOWED = {0, 200, 303, 503}


@dataclass
class Browser:
    """A browser without JavaScript: follows nothing by itself, keeps its cookie, sends Origin."""

    port: int
    cookie: str = ""
    seen: list[tuple[int, str | None]] = field(default_factory=list)

    def get(self, path: str) -> tuple[int, str]:
        return self._send("GET", path, None)

    def post(self, path: str, **form: str) -> int:
        return self._send("POST", path, urlencode(form))[0]

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        """The status and the text of the answer, 0 when there was none."""
        headers = {
            "Cookie": self.cookie,
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.seen.append((0, None))
            return 0, ""
        finally:
            connection.close()
        self.cookie = (answer.headers["Set-Cookie"] or self.cookie).split(";")[0]
        self.seen.append((answer.status, answer.headers["Retry-After"]))
        return answer.status, text

    def begin(self) -> int:
        """Sign up, make a pillar and a habit that began long ago; the habit's id."""
        address = f"{secrets.token_hex(6)}@example.org"
        assert self.post("/signup", email=address, password=PASSWORD, timezone="UTC") == 303
        assert self.post("/pillars", name="Body") == 303
        pillar_id = self._first("pillar")
        form = {"pillar_id": pillar_id, "name": "Read", "starts_on": FIRST_DAY.isoformat()}
        assert self.post("/habits", **form) == 303
        return int(self._first("habit"))

    def _first(self, kind: str) -> str:
        found = re.search(rf'id="{kind}-(\d+)"', self.get("/")[1])
        assert found
        return found[1]


@dataclass
class Committer:
    """A person who keeps one habit day after day, and sends again what was not acknowledged."""

    browser: Browser
    habit: int
    acknowledged: list[date] = field(default_factory=list)

    def work(self, stop: Event) -> None:
        today = datetime.now(UTC).date()
        while not stop.is_set():
            day = today - timedelta(days=len(self.acknowledged))
            key = secrets.token_urlsafe(12)
            while self.browser.post(self.path, day=day.isoformat(), key=key) not in {200, 303}:
                if stop.wait(0.05):
                    return
            self.acknowledged.append(day)

    @property
    def path(self) -> str:
        return f"/habits/{self.habit}/commit"


@pytest.fixture(scope="module")
def running() -> Iterator[Run]:
    """A run without limits by address: all clients come from the same one."""
    with pytest.MonkeyPatch.context() as environment, folder_of_runs() as make:
        environment.setenv("RATE_LIMITS", "off")
        run = make()
        run.start()
        yield run


@contextmanager
def working(people: list[Committer]) -> Iterator[None]:
    """All of them commit, each in a thread, until the end of the block."""
    stop = Event()
    threads = [Thread(target=person.work, args=[stop]) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_no_acknowledged_commit_is_missing_after_kills_of_the_database(running: Run):
    browsers = [Browser(running.port) for _ in range(CLIENTS)]
    people = [Committer(browser, browser.begin()) for browser in browsers]
    workers = gunicorn(running)
    with working(people):
        all_go_on(running, people)
        for _ in range(KILLS):
            kill_database(running)
            all_go_on(running, people)
    kept = commits(running)
    for person in people:
        assert set(person.acknowledged) <= kept[person.habit]
        # The last one may have been sent and not been answered.
        assert len(kept[person.habit]) - len(person.acknowledged) in {0, 1}
    assert_only_allowed(browsers)
    assert gunicorn(running) == workers, "the app was restarted"
    assert verify(running).startswith("All balances agree")


def test_a_frozen_database_is_told_in_time_and_thaws_by_itself(running: Run):
    browser = Browser(running.port)
    browser.begin()
    # Every worker has connections by now, which will freeze as well.
    assert [browser.get("/")[0] for _ in range(20)] == [200] * 20
    with standing_still(running.postmaster()):
        assert timed(browser, "/healthz") < (200, 1)
        assert (503, 0) < timed(browser, "/readyz") < (503, 2)
        assert (503, 0) < timed(browser, "/") < (503, 6)
        assert browser.seen[-1] == (503, "5")
        assert timed(browser, "/healthz") < (200, 1)
    # Each worker finds out by itself, within a second.
    until(lambda: {browser.get("/")[0] for _ in range(20)} == {200}, BACK_WITHIN, running.said)
    until(running.is_ready, BACK_WITHIN, running.said)


def test_a_frozen_database_under_load_frees_every_thread(running: Run):
    browsers = [Browser(running.port) for _ in range(CLIENTS)]
    people = [Committer(browser, browser.begin()) for browser in browsers]
    with working(people):
        all_go_on(running, people)
        with standing_still(running.postmaster()):
            until(lambda: all(who.seen[-1][0] == 503 for who in browsers), 8, running.said)
        all_go_on(running, people)
    kept = commits(running)
    assert all(set(person.acknowledged) <= kept[person.habit] for person in people)
    assert_only_allowed(browsers)
    assert verify(running).startswith("All balances agree")


def kill_database(run: Run) -> None:
    """Kill the postmaster, and wait until the app answers on the next one."""
    first = run.postmaster()
    os.kill(first, signal.SIGKILL)
    until(
        lambda: run.postmaster() not in {0, first} and run.is_ready(),
        BACK_WITHIN,
        run.said,
    )


def all_go_on(run: Run, people: list[Committer]) -> None:
    """Wait until everyone has MORE commits acknowledged."""
    goals = [len(person.acknowledged) + MORE for person in people]
    until(
        lambda: all(len(p.acknowledged) >= goal for p, goal in zip(people, goals, strict=True)),
        ON_WITHIN,
        run.said,
    )


def assert_only_allowed(browsers: list[Browser]) -> None:
    seen = [answer for browser in browsers for answer in browser.seen]
    assert {status for status, _ in seen} <= ALLOWED
    assert all(retry_after for status, retry_after in seen if status == 503)


def timed(browser: Browser, path: str) -> tuple[int, float]:
    """The status of a GET, and the seconds that it took."""
    started = time.monotonic()
    return browser.get(path)[0], time.monotonic() - started


def gunicorn(run: Run) -> set[int]:
    """The process numbers of master and workers."""
    found = set()
    for process in run.processes():
        # A backend of the database may end between being listed and being asked.
        with suppress(psutil.NoSuchProcess):
            if "gunicorn" in " ".join(process.cmdline()):
                found.add(process.pid)
    return found


def commits(run: Run) -> dict[int, set[date]]:
    """The days in the database by habit."""
    folder = str(run.data_dir / "postgres")
    connection = psycopg2.connect(host=folder, port=5432, user="postgres", dbname="postgres")
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute("SELECT habit_id, array_agg(day) FROM commits GROUP BY habit_id")
        return {habit: set(days) for habit, days in cursor}


def verify(run: Run) -> str:
    """What `flask ledger verify` says; it must end with 0."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ledger", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=run.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
