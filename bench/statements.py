"""How many statements on tables a request runs, as the driver is given them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from sqlalchemy import Engine, event

from bench.measure import Way

_NO_TABLES = ("SET ", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PREPARE")
# What the pool asks a connection that was idle for a while.
_PING = "SELECT 1"


def of(engine: Engine, way: Way) -> int:
    """Return how many statements on tables one request of a way runs."""
    way.before()
    with _noted(engine) as seen:
        way.send()
    return sum(not text.startswith(_NO_TABLES) and text != _PING for text in seen)


@contextmanager
def _noted(engine: Engine) -> Iterator[list[str]]:
    """Note below SQLAlchemy, so that what goes past it to the driver is counted as well."""
    seen: list[str] = []

    class Noting(Cursor):
        def execute(self, query: Any, parameters: Any = None) -> None:
            seen.append(query.decode() if isinstance(query, bytes) else str(query).lstrip())
            super().execute(query, parameters)

    def begin(connection: Any, *_rest: object) -> None:
        connection.cursor_factory = Noting

    def end(connection: Any, *_rest: object) -> None:
        if connection is not None:
            connection.cursor_factory = None

    event.listen(engine, "checkout", begin)
    event.listen(engine, "checkin", end)
    try:
        yield seen
    finally:
        event.remove(engine, "checkout", begin)
        event.remove(engine, "checkin", end)
