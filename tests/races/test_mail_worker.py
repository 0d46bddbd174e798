"""Real workers on one outbox, killed in the middle of their letters."""

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
from tests.conftest import MakeDatabase
from tests.mail.mailbox import Mailbox, served
from tests.races.test_launcher import free_port, until

MANY, WORKERS = 50, 2
# When so many letters were accepted, all workers are killed at once, wherever they are.
KILLED_AT = 20
SENT_WITHIN, ENDS_WITHIN = 60.0, 15.0
_POST = """
    INSERT INTO outbox (address, kind, facts, mark, tries, created_at, due_at)
    SELECT n || '@example.org', 'trial', '{}', md5(n::text), 0, now(), now()
    FROM generate_series(1, %s) n
"""
# As if the leases of the dead had run out.
_LEASES_END = "UPDATE outbox SET due_at = least(due_at, now()) WHERE due_at IS NOT NULL"


class Place:
    """A database with an outbox, and the workers that empty it."""

    def __init__(self, folder: Path, database_url: str, mail_port: int) -> None:
        self.database_url = database_url
        self.said = folder / "said"
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "a key that only these tests know, of 32+",
            "LOG_FORMAT": "json",
            "MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        self.signs: list[Path] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, workers: int = WORKERS) -> None:
        self.signs = [self.said.with_name(f"sign-{number}") for number in range(workers)]
        for sign in self.signs:
            sign.unlink(missing_ok=True)
        with self.said.open("ab") as said:
            self.workers = [
                subprocess.Popen(
                    [sys.executable, "-m", "flask", "--app", "wsgi", "work", "--sign", str(sign)],
                    cwd=ROOT, env=self.environment, stdout=said, stderr=said,
                )
                for sign in self.signs
            ]  # fmt: skip

    def all_work(self) -> bool:
        """Tell whether each of them has come as far as to understand a signal."""
        return all(sign.exists() for sign in self.signs)

    def kill(self) -> None:
        for worker in self.workers:
            worker.kill()

    def query(self, statement: str, *values: object) -> list[tuple]:
        with closing(psycopg2.connect(self.database_url)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with served(free_port()) as box:
        yield box


@pytest.fixture
def place(tmp_path: Path, make_database: MakeDatabase, box: Mailbox) -> Iterator[Place]:
    place = Place(tmp_path, make_database(), box.port)
    yield place
    place.kill()
    for worker in place.workers:
        worker.wait(ENDS_WITHIN)


def test_no_letter_is_lost_however_workers_are_killed_and_few_come_twice(
    place: Place, box: Mailbox
):
    place.query(_POST, MANY)
    # The server itself kills them, with a letter of at least one in its hands.
    box.when_accepted[KILLED_AT] = place.kill
    place.start()
    for worker in place.workers:
        assert worker.wait(SENT_WITHIN) == -signal.SIGKILL, place.said.read_text()
    place.query(_LEASES_END)
    place.start()
    until(place.all_work, SENT_WITHIN, place.said.read_text)
    unsent = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
    until(lambda: place.query(unsent) == [(0,)], SENT_WITHIN, place.said.read_text)
    for worker in place.workers:
        worker.terminate()
    assert [worker.wait(ENDS_WITHIN) for worker in place.workers] == [0] * WORKERS
    copies = Counter(box.recipients)
    assert len(copies) == MANY
    # What was accepted and not noted comes again, known by its Message-ID; each of those who were
    # killed had one in hand at most.
    assert 1 <= len(box.recipients) - MANY <= WORKERS
    assert max(copies.values()) == 2
    assert len(set(box.marks)) == MANY
    assert "Traceback" not in place.said.read_text()


def test_a_letter_under_way_is_ended_before_a_worker_leaves(place: Place, box: Mailbox):
    place.query(_POST, MANY)
    box.when_accepted[1] = lambda: [worker.terminate() for worker in place.workers]
    place.start(workers=1)
    assert [worker.wait(SENT_WITHIN) for worker in place.workers] == [0]
    sent = place.query("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL")
    assert sent == [(len(box.letters),)]
    assert place.query("SELECT count(*) FROM outbox WHERE tries > 0") == sent
    assert len(box.letters) < MANY
