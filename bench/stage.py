"""What the benchmark runs on: a database of its own, the app on it, and two views of one line."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import psycopg2
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app import create_app
from app.config import Settings
from app.infra import clock, db, deadline, local_postgres
from app.infra.db import orm
from app.operations import history
from app.queries.ledger import verify
from app.web import access
from bench import data

HELLO, IDENTITY = "/bench/hello", "/bench/identity"
_HABITS = text("""
    SELECT u.email, u.id, array_agg(h.id)
    FROM users u JOIN habits h ON h.user_id = u.id GROUP BY u.id
""")
_BUILDING_TAKES = 600.0  # Seconds, at the most, for one statement.


@contextmanager
def app_among(users: int, server_url: str | None) -> Iterator[Flask]:
    """Give the app with its data built, among `users` others, and remove all of it afterwards.

    `server_url` names a server whose account may create databases, None means the embedded one.
    Its clock begins at nine in the morning, when Today says most: what is open of yesterday too.
    """
    with _morning(), _server(server_url) as url, _database(url) as database_url:
        app = create_app(
            Settings(
                data_dir=Path("unused"),
                database_url=database_url,
                secret_key=secrets.token_hex(32),
                rate_limits=False,
                # As in production: the proxy in front compresses.
                proxy_hops=1,
            )
        )
        app.add_url_rule(HELLO, "bench_hello", access.public(_one_line))
        app.add_url_rule(IDENTITY, "bench_identity", lambda: _one_line())
        with app.app_context():
            _build(database_url, users)
        yield app
        with app.app_context():
            orm.engine.dispose()


@contextmanager
def _morning() -> Iterator[None]:
    """Let the app's clock, which goes on from there, show nine in the morning of today."""
    now = clock.now()
    ahead = now.replace(hour=9, minute=0, second=0, microsecond=0) - now
    with patch.object(clock, "now", lambda: datetime.now(UTC) + ahead):
        yield


def _one_line() -> str:
    return "Hello.\n"


def _build(database_url: str, users: int) -> None:
    upgrade()
    with deadline.within(_BUILDING_TAKES), data.builder(database_url) as connection:
        data.add_references(connection)
        _fold()
        # Now, while nobody else is there: verifying the crowd would take as long as making it.
        with db.reading() as reading:
            differences = list(verify.differences(reading))
        if differences:
            raise RuntimeError(f"the data disagrees with the ledger: {differences[0]}")
        data.add_crowd(connection, users)


def _fold() -> None:
    """Fold the days of every habit that is there, as whoever pressed it last would have."""
    with db.transaction() as writing:
        for email, user_id, habits in writing.execute(_HABITS).all():
            last = clock.now().date() - timedelta(days=data.ENDED[email])
            history.fold_again(writing, user_id, habits, last)


@contextmanager
def _server(server_url: str | None) -> Iterator[str]:
    if server_url:
        yield server_url
        return
    with tempfile.TemporaryDirectory(prefix="commit-life-bench-") as folder:
        try:
            yield local_postgres.acquire(Path(folder))
        finally:
            local_postgres.release(Path(folder))


@contextmanager
def _database(server_url: str) -> Iterator[str]:
    name = f"commit_life_bench_{secrets.token_hex(4)}"
    _administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server_url: str, statement: str) -> None:
    connection = psycopg2.connect(server_url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor, deadline.within(_BUILDING_TAKES):
            cursor.execute(statement)
    finally:
        connection.close()
