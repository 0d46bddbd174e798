"""What the races stand on: an app with the real pool, on a database that is not rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.infra import db
from app.infra.db import orm
from app.web import readiness
from tests.conftest import MakeApp, MakeDatabase
from tests.races.place import ENDS_WITHIN, Place
from tests.races.test_launcher import free_port
from tests.world import World

_QUEUED_WITHIN = 60
# What tells the time or takes processes away; where only threads race, others may run beside them.
_ALONE = {
    "test_bodies", "test_bouncer", "test_database_absent", "test_database_killed", "test_launcher",
    "test_migration_under_load", "test_redis", "test_replica_lost", "test_slow_clients",
    "test_turns", "test_workers",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs without anything beside it."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.path.stem in _ALONE:
            item.add_marker("alone")


@pytest.fixture(scope="module")
def racing_app(make_app: MakeApp) -> Iterator[Flask]:
    """An app on a database of its own, where threads see what others completed.

    Forty threads may queue for its four connections. On a busy machine the last of them waits for
    longer than a person would, and that is no part of what these tests ask.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(db.ENGINE_OPTIONS, "pool_timeout", _QUEUED_WITHIN)
        app = make_app()
    # As gunicorn's master does. Threads that compile templates at once can meet a fault of Python
    # 3.11, whose compiler counts the depth of all of them together.
    readiness.prepare(app)
    with app.app_context():
        yield app
        orm.engine.dispose()


@pytest.fixture
def world(racing_app: Flask) -> World:
    """Nobody is there yet; what a test makes stays until the next one begins."""
    with db.transaction() as session:
        session.execute(text("TRUNCATE users, addresses CASCADE"))
    return World(racing_app)


@pytest.fixture
def place(tmp_path: Path, make_database: MakeDatabase) -> Iterator[Place]:
    """A place that is not started yet; it is ended after the test."""
    place = Place(tmp_path, free_port(), make_database())
    (tmp_path / "metrics").mkdir()
    yield place
    if place.gunicorn is not None:
        place.gunicorn.terminate()
        place.gunicorn.wait(ENDS_WITHIN)
