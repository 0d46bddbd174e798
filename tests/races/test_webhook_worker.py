"""Real workers that tell a receiver, killed in the middle of it."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from app.config import ROOT
from app.infra import clock
from app.infra.sealed import Box
from app.web.webhooks import SECRET
from tests.conftest import MakeDatabase
from tests.races.test_launcher import until
from tests.webhooks.receiver import Receiver, is_signed, served
from tests.world import WEBHOOK_SECRET

KEY = "a key that only these tests know, of 32+"
MANY, WORKERS, KILLED_AT = 40, 2, 15
TOLD_WITHIN, ENDS_WITHIN = 90.0, 20.0
_USER = """
    INSERT INTO users (email, timezone, version, created_at)
    VALUES (%s || '@example.org', 'UTC', 0, now()) RETURNING id
"""
_WEBHOOK = """
    INSERT INTO webhooks (user_id, address, secret, events, seen_entry, listens_since, created_at)
    VALUES (%s, %s, %s, '{habit.kept}', 0, now() - interval '1 hour', now())
"""
_PRESS = """
    INSERT INTO ledger_entries
        (user_id, habit_id, pillar_id, pet_id, day, label, amount, created_at)
    SELECT %s, n, 1, 1, current_date, 'Habit ' || n, 10, now() FROM generate_series(1, %s) n
"""
# As if the leases of the dead had run out.
_LEASES_END = """
    WITH free AS (UPDATE webhooks SET busy_until = NULL)
    UPDATE webhook_deliveries SET due_at = least(due_at, now()) WHERE due_at IS NOT NULL
"""
_LEFT = "SELECT count(*) FROM webhook_deliveries WHERE taken_at IS NULL"


class Place:
    """A database with webhooks, and the workers that tell them."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.database_url, self.said, self.folder = database_url, folder / "said", folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": KEY,
            "LOG_FORMAT": "json",
            "WEBHOOK_NETWORKS": "127.0.0.0/8",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.signs: list[Path] = []

    def start(self, workers: int = WORKERS) -> None:
        self.signs = [self.folder / f"sign-{number}" for number in range(workers)]
        for sign in self.signs:
            sign.unlink(missing_ok=True)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "work", "--sign"]
        with self.said.open("ab") as said:
            self.workers = [
                subprocess.Popen(
                    [*command, str(sign)], cwd=ROOT, env=self.environment, stdout=said, stderr=said
                )
                for sign in self.signs
            ]

    def all_work(self) -> bool:
        return all(sign.exists() for sign in self.signs)

    def kill(self) -> None:
        for worker in self.workers:
            worker.kill()

    def query(self, statement: str, *values: object) -> list[tuple]:
        with closing(psycopg2.connect(self.database_url)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def listen(self, name: str, address: str) -> int:
        """Make somebody with one webhook, and return their id."""
        ((me,),) = self.query(_USER, name)
        secret = Box([KEY]).seal(SECRET, WEBHOOK_SECRET, clock.now())
        self.query(_WEBHOOK, me, address, secret)
        return me


@pytest.fixture
def place(tmp_path: Path, make_database: MakeDatabase) -> Iterator[Place]:
    place = Place(tmp_path, make_database())
    yield place
    place.kill()
    for worker in place.workers:
        worker.wait(ENDS_WITHIN)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with served() as receiver:
        yield receiver


def all_told(place: Place, receiver: Receiver, many: int) -> bool:
    return place.query(_LEFT) == [(0,)] and len(set(receiver.marks)) == many


def test_nothing_is_lost_however_workers_are_killed_and_one_message_a_webhook_is_repeated(
    place: Place, receiver: Receiver
):
    people = [place.listen(name, receiver.url) for name in ("ada", "bob")]
    for me in people:
        place.query(_PRESS, me, MANY // 2)
    # The receiver itself kills them, with a message of at least one in its hands.
    receiver.on_request = lambda number: place.kill() if number == KILLED_AT else None
    place.start()
    for worker in place.workers:
        assert worker.wait(TOLD_WITHIN) == -signal.SIGKILL, place.said.read_text()
    place.query(_LEASES_END)
    place.start()
    until(lambda: all_told(place, receiver, MANY), TOLD_WITHIN, place.said.read_text)
    until(place.all_work, TOLD_WITHIN, place.said.read_text)
    for worker in place.workers:
        worker.terminate()
    assert [worker.wait(ENDS_WITHIN) for worker in place.workers] == [0] * WORKERS
    copies = Counter(receiver.marks)
    assert len(copies) == MANY
    assert max(copies.values()) <= 2
    # One webhook is told one thing at a time.
    assert 1 <= len(receiver.marks) - MANY <= len(people)
    assert len({request.body for request in receiver.requests}) == MANY
    assert all(is_signed(request, WEBHOOK_SECRET) for request in receiver.requests)
    assert place.query("SELECT count(*) FROM webhook_deliveries") == [(MANY,)]
    assert "Traceback" not in place.said.read_text()


def test_two_workers_never_tell_one_thing_twice(place: Place, receiver: Receiver):
    for name in ("ada", "bob", "eve"):
        place.query(_PRESS, place.listen(name, receiver.url), 10)
    place.start()
    until(lambda: all_told(place, receiver, 30), TOLD_WITHIN, place.said.read_text)
    assert len(receiver.marks) == 30


def test_what_is_under_way_is_noted_before_a_worker_leaves(place: Place, receiver: Receiver):
    place.query(_PRESS, place.listen("ada", receiver.url), 10)
    receiver.on_request = lambda number: number == 1 and [w.terminate() for w in place.workers]
    place.start(workers=1)
    assert [worker.wait(TOLD_WITHIN) for worker in place.workers] == [0]
    told = place.query("SELECT count(*) FROM webhook_deliveries WHERE taken_at IS NOT NULL")
    assert told == [(len(receiver.requests),)]
    assert place.query("SELECT count(*) FROM webhook_deliveries WHERE tries > 0") == told
    assert len(receiver.requests) < 10


def test_a_receiver_that_hangs_does_not_hold_up_mail(place: Place, receiver: Receiver):
    receiver.answers = ["hang"] * 20
    place.query(_PRESS, place.listen("ada", receiver.url), 5)
    place.start(workers=1)
    until(lambda: receiver.connections > 0, TOLD_WITHIN, place.said.read_text)
    place.query(
        "INSERT INTO outbox (address, kind, facts, mark, tries, created_at, due_at)"
        " VALUES ('ada@example.org', 'trial', '{}', 'm', 0, now(), now())"
    )
    sent = "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL"
    # The receiver hangs for ten seconds.
    until(lambda: place.query(sent) == [(1,)], 8, place.said.read_text)
    assert place.query("SELECT count(*) FROM webhook_deliveries WHERE tries > 1") == [(0,)]
