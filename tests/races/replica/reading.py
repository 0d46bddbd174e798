"""What the tests of the replica ask: who was read, how quick, and what a browser has seen."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.test import Cookie

from app.infra import db, replica
from app.infra.db import orm
from tests.world import World

BACKWARDS = ["/stats", "/ledger", "/pet/finds"]
REST = 0.5
# Seconds: what a page may take that looks for the replica in vain, and one that does not look.
FOUND_OUT, AT_ONCE = 1.5, 0.4


def serves(since: str | None = None) -> bool:
    """Does the replica serve a reading that needs `since`?"""
    with db.reading(since=since) as reading:
        return reading.scalar(text("SELECT pg_is_in_recovery()"))


@contextmanager
def asked(name: str) -> Iterator[list[str]]:
    """The statements on tables that reach the engine of one of the two inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "pg_is_in_recovery" not in statement:
            seen.append(statement)

    engine = engine_of(name)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def connections(name: str) -> Iterator[list[object]]:
    """The attempts to connect to one of the two inside the block, whatever came of them."""
    tried: list[object] = []

    def note(_dialect: object, _record: object, _args: object, parameters: object) -> None:
        tried.append(parameters)

    event.listen(engine_of(name), "do_connect", note)
    try:
        yield tried
    finally:
        event.remove(engine_of(name), "do_connect", note)


@contextmanager
def before_the_page_is_read(act: Callable[[], None], statement: int = 1) -> Iterator[None]:
    """Do `act` when the replica has said that it is fit, before the page's `statement`-th read."""
    acts = [act, *[lambda: None] * (statement - 1)]

    def strike(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if acts and "pg_is_in_recovery" not in statement:
            acts.pop()()

    event.listen(engine_of("replica"), "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(engine_of("replica"), "before_cursor_execute", strike)
    assert not acts, "the replica was not asked"


def engine_of(name: str) -> Engine:
    return orm.engines[None if name == "primary" else name]


def rests_for(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replica that failed is left alone for so long in this test."""
    monkeypatch.setattr(replica._circuit(engine_of("replica").url), "_rest", seconds)


def forget(app: Flask) -> None:
    with app.app_context():
        for engine in orm.engines.values():
            engine.dispose()


def timed(client: FlaskClient, path: str) -> tuple[int, float]:
    """The status of a GET, and the seconds that it took."""
    started = time.monotonic()
    return client.get(path).status_code, time.monotonic() - started


def keep(client: FlaskClient, world: World) -> None:
    """Commit Ada's habit in her browser."""
    assert client.post(f"/habits/{world.habit}/commit").status_code == 303


def lines(client: FlaskClient) -> int:
    """How many lines Ada's ledger shows."""
    return client.get("/ledger").text.count("+")


def cookie(client: FlaskClient) -> Cookie:
    """The position that the browser keeps."""
    found = client.get_cookie("position")
    assert found is not None
    return found


def has_written(position: str) -> bool:
    """Has the primary come as far as `position`?"""
    reached = text("SELECT CAST(:position AS pg_lsn) <= pg_current_wal_insert_lsn()")
    with db.reading() as reading:
        return reading.scalar(reached, {"position": position})
