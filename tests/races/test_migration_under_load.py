"""The schema changes under a running app: workers of the version before meet no fault.

A lock that is not to be had is given up before anybody who waits behind it gives up.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import psycopg2
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from app.config import ROOT
from app.infra.db import orm
from tests.conftest import MakeApp, browser
from tests.races.crowd import counted, differences, scalar
from tests.races.test_launcher import until
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

WITHIN, MORE = 60.0, 5
# What a request may wait for a lock (infra/db/engines.py), and then some for a busy machine.
LONGEST_REQUEST = 2.0 + 1.0

_WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE datname = current_database()
        AND mode IN ('AccessExclusiveLock', 'ShareRowExclusiveLock') AND NOT granted
"""


@contextmanager
def version_before() -> Iterator[None]:
    """The app inside the block is the version before the newest migration.

    Whoever adds a migration puts here what the code did otherwise before it.
    """
    # The newest one adds tables of which the version before knows nothing.
    yield


@dataclass
class Visitor:
    """Somebody who does one thing over and over; the status and the seconds of every answer."""

    act: Callable[[int], TestResponse]
    answers: list[tuple[int, float]] = field(default_factory=list)

    def visit(self, app: Flask, stop: Event) -> None:
        with app.app_context():
            for number in itertools.takewhile(lambda _: not stop.is_set(), itertools.count()):
                started = time.monotonic()
                status = self.act(number).status_code
                self.answers.append((status, time.monotonic() - started))


@dataclass
class Traffic:
    """A few people at once: one commits, one looks at Today, one signs in, one signs up."""

    world: World

    def __post_init__(self) -> None:
        self.app = self.world.app
        path = f"/habits/{self.world.habit}"
        self.known = [self.world.signed_in(self.world.ada) for _ in range(2)]
        presses, page = self.known
        known = {"email": "ada@example.org", "password": PASSWORD}
        self.newcomer = Visitor(
            lambda n: browser(self.app).post("/signup", data=known | {"email": address(n)})
        )
        self.visitors = [
            Visitor(lambda n: presses.post(f"{path}/{('commit', 'undo')[n % 2]}")),
            Visitor(lambda _: page.get("/")),
            Visitor(lambda _: browser(self.app).post("/login", data=known)),
            self.newcomer,
        ]

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """They come and go in the version before until the end of the block."""
        stop = Event()
        with version_before(), ThreadPoolExecutor(len(self.visitors)) as threads:
            visits = [threads.submit(who.visit, self.app, stop) for who in self.visitors]
            try:
                yield
            finally:
                stop.set()
            for visit in visits:
                visit.result()

    def go_on(self) -> None:
        """Wait until everyone has MORE answers."""
        goals = [len(who.answers) + MORE for who in self.visitors]
        until(
            lambda: all(
                len(who.answers) >= goal for who, goal in zip(self.visitors, goals, strict=True)
            ),
            WITHIN,
            lambda: str(self.statuses()),
        )

    def statuses(self) -> list[set[int]]:
        """What each of them was answered."""
        return [{status for status, _ in who.answers} for who in self.visitors]

    def longest(self) -> float:
        """The seconds of the slowest answer."""
        return max(seconds for who in self.visitors for _, seconds in who.answers)

    def welcomed(self) -> list[str]:
        """The addresses that were told that they have an account now."""
        return [address(n) for n, (status, _) in enumerate(self.newcomer.answers) if status == 303]


def address(number: int) -> str:
    return f"new-{number}@example.org"


@pytest.fixture
def migrator(world: World, make_app: MakeApp) -> Iterator[Flask]:
    """An app that migrates the database of the racing one, on connections of its own.

    The schema is one step back when the test begins, and the newest again when it ends.
    """
    app = make_app(database_of(world))
    # Made before: the models of this version name columns that the version before has not.
    assert world.habit
    with app.app_context():
        downgrade()
        yield app
        upgrade()
        orm.engine.dispose()


@pytest.fixture
def traffic(world: World, migrator: Flask) -> Traffic:
    """People who have come to know the version before the newest migration."""
    with version_before():
        return Traffic(world)


@pytest.fixture
def idler(traffic: Traffic) -> Iterator[Any]:
    """A connection that has written to users and sign-ins and does not end its transaction."""
    with closing(psycopg2.connect(database_of(traffic.world))) as connection:
        connection.cursor().execute("UPDATE users SET name = name WHERE false")
        connection.cursor().execute("UPDATE sessions SET label = label WHERE false")
        yield connection


def database_of(world: World) -> str:
    url: str = world.app.extensions["settings"].database_url
    return url


def schema() -> tuple[str, list[str]]:
    """The revision, and the tables that are there."""
    return scalar("SELECT version_num FROM alembic_version"), inspect(orm.engine).get_table_names()


@contextmanager
def migrating(database_url: str) -> Iterator[subprocess.Popen[str]]:
    """The command that a deployment runs, started; it does not outlive the block."""
    migration = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key that only the tests know, of 32+",
            # Else the command has something to say about a .env of the containers.
            "FLASK_SKIP_DOTENV": "1",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield migration
    finally:
        migration.kill()
        migration.wait()


def test_workers_of_the_version_before_meet_no_fault_while_the_schema_changes(
    traffic: Traffic, migrator: Flask
):
    with traffic.flowing():
        traffic.go_on()
        for change in (upgrade, downgrade, upgrade):
            with migrator.app_context():
                change()
            traffic.go_on()
    assert traffic.statuses() == [{303}, {200}, {303}, {303}]
    assert traffic.longest() < LONGEST_REQUEST
    assert differences() == []


def test_who_was_welcomed_by_the_version_before_stays_and_can_sign_in_with_this_one(
    traffic: Traffic, migrator: Flask
):
    with traffic.flowing():
        traffic.go_on()
        with migrator.app_context():
            upgrade()
        traffic.go_on()
    assert traffic.welcomed()
    for email in traffic.welcomed():
        sent = {"email": email, "password": PASSWORD}
        assert browser(traffic.app).post("/login", data=sent).location == "/"
    assert counted("users") == counted("addresses") == len(traffic.welcomed()) + 1
    for client in traffic.known:
        assert client.get("/pillars").status_code == 200
        assert client.post("/pet", data={"name": "Miso"}).location != "/login"


def test_a_migration_that_gets_no_lock_gives_up_in_one_sentence_and_holds_nobody_up(
    traffic: Traffic, idler: Any
):
    before = schema()
    with traffic.flowing(), migrating(database_of(traffic.world)) as migration:
        _, said = migration.communicate(timeout=WITHIN)
        traffic.go_on()
    assert migration.returncode == 1
    assert len(said.strip().splitlines()) == 1, said
    assert "run the command again" in said
    assert traffic.statuses() == [{303}, {200}, {303}, {303}]
    assert traffic.longest() < LONGEST_REQUEST
    assert schema() == before


def test_a_migration_tries_again_until_the_lock_is_to_be_had(traffic: Traffic, idler: Any):
    before = schema()
    with migrating(database_of(traffic.world)) as migration:
        until(lambda: scalar(_WAITING), WITHIN, lambda: "it never came to wait")
        until(lambda: not scalar(_WAITING), WITHIN, lambda: "it never gave up")
        assert migration.poll() is None
        idler.rollback()
        _, said = migration.communicate(timeout=WITHIN)
    assert (migration.returncode, said) == (0, "")
    assert schema() != before
