"""What every test stands on: a real PostgreSQL, the real app, and one transaction a test.

The database is the embedded one, or that of TEST_DATABASE_URL (an account that may create
databases). It is migrated once; every database of a test is a copy of that.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from psycopg2 import extensions
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.infra import clock, deadline, local_postgres
from app.infra.db import doors, orm
from tests.world import NOON, World

MakeDatabase = Callable[[], str]
MakeApp = Callable[..., Flask]
Door = Callable[[], AbstractContextManager[Connection]]

# What a property says holds on a slow or busy machine too: how long an example takes is no part of
# it, and neither is how long it takes to think of one. Whether a change may land is no matter of
# luck: there the examples are always the same.
hypothesis.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
hypothesis.register_profile("long", hypothesis.get_profile("any machine"), max_examples=1000)
hypothesis.load_profile("any machine")

# Seconds. Whoever makes or drops a database waits for the disk, which others may keep busy.
_ADMINISTERED_WITHIN = 60.0
_BEGUN = doors.begun


class Browser(FlaskClient):
    """A client whose every request has a context, and so a `g`, of its own, as on a server.

    Without it all requests of a test would share the context of the `app` fixture, and with it
    who is signed in.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The URL of a database on the server that the tests use."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    # Not below pytest's own folder: a second run closes that to the account that PostgreSQL has.
    with tempfile.TemporaryDirectory(prefix="commit-life-tests-") as folder:
        data_dir = Path(folder).resolve()
        # A pgbouncer has to find the way to the socket, as the account that may use it.
        data_dir.chmod(0o711)
        url = local_postgres.acquire(data_dir)
        # What a test writes need not outlive the machine, as it must where the app runs.
        _administer(url, "ALTER SYSTEM SET fsync = off")
        _administer(url, "SELECT pg_reload_conf()")
        yield url
        local_postgres.release(data_dir)


@pytest.fixture(scope="session")
def make_database(server_url: str) -> Iterator[MakeDatabase]:
    """A function that makes a fresh migrated database and returns its URL."""
    made: list[str] = []

    def make(template: str = "template0") -> str:
        name = f"commit_life_test_{secrets.token_hex(4)}"
        _administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        return name

    migrated = make()
    app = create_app(settings_for(_named(server_url, migrated)))
    with app.app_context():
        upgrade()
        orm.engine.dispose()
    yield lambda: _named(server_url, make(migrated))
    for name in made:
        _administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def make_app(make_database: MakeDatabase) -> MakeApp:
    """A function that makes an app on a database of its own, or on `database_url`."""

    def make(database_url: str | None = None, **settings: object) -> Flask:
        app = create_app(settings_for(database_url or make_database(), **settings))
        app.testing = False
        app.test_client_class = Browser
        return app

    return make


@pytest.fixture(scope="session")
def shared_app(make_app: MakeApp) -> Flask:
    """The app that all tests share which roll their work back."""
    return make_app()


@pytest.fixture
def app(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app inside one outer transaction that is rolled back after the test.

    Every door of the app becomes a savepoint of it, for which the driver cannot say READ ONLY.
    """
    monkeypatch.setattr(doors, "connect", in_the_outer_transaction(doors.connect))
    monkeypatch.setattr(doors, "unbegun", in_the_outer_transaction(doors.unbegun))
    monkeypatch.setattr(doors, "begun", in_a_savepoint)
    with shared_app.app_context():
        engine = orm.engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            orm.engines[None] = connection  # type: ignore[assignment]
            try:
                yield shared_app
            finally:
                orm.engines[None] = engine
                outer.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody has signed in yet."""
    return browser(app)


@pytest.fixture
def world(app: Flask) -> World:
    """Ada (owner), Bob (stranger) and Pia (premium), made when they are asked for."""
    return World(app)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """A function that stops the clock at an instant; it stands at noon UTC of a Tuesday."""

    def stop(instant: datetime) -> None:
        assert instant.tzinfo is not None
        monkeypatch.setattr(clock, "now", lambda: instant.astimezone(UTC))

    stop(NOON)
    return stop


@pytest.fixture
def statements(app: Flask) -> Callable[[], "contextmanager[list[str]]"]:
    """A context manager that lists the statements on tables that run inside it."""

    @contextmanager
    def listed() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(orm.engines[None], "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(orm.engines[None], "before_cursor_execute", note)

    return listed  # type: ignore[return-value]


def in_the_outer_transaction(door: Door) -> Door:
    """The connection of the test's outer transaction; another app than the shared one has none."""

    def give() -> AbstractContextManager[Connection]:
        engine = orm.engine
        return nullcontext(engine) if isinstance(engine, Connection) else door()

    return give


@contextmanager
def in_a_savepoint(
    connection: Connection, read_only: bool, one_state: bool = False
) -> Iterator[None]:
    """A transaction within the outer one of the test."""
    if not connection.in_transaction():
        with _BEGUN(connection, read_only):
            yield
        return
    with connection.begin_nested():
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        yield


def settings_for(database_url: str, **settings: object) -> Settings:
    """Settings as tests want them: no limits by address, a key of their own."""
    defaults: dict[str, object] = {
        "data_dir": Path("unused"),
        "secret_key": "a key that only the tests know, of 32+",
        "rate_limits": False,
    }
    return Settings(database_url=database_url, **(defaults | settings))  # type: ignore[arg-type]


def browser(app: Flask) -> FlaskClient:
    """Return a client that sends an Origin as browsers do."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    return client


def _named(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _administer(server_url: str, statement: str) -> None:
    connection = psycopg2.connect(server_url)
    connection.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    with connection.cursor() as cursor, deadline.within(_ADMINISTERED_WITHIN):
        cursor.execute(statement)
    connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under CI a skip fails: there every part must be at hand."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped under CI: {report.longrepr}"
    return report  # type: ignore[return-value]
