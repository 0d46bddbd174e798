"""The two doors: `transaction()` and `pressing()` write, `reading()` reads.

`glance()` is a look through neither.

A door never opens inside another: each is one transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from psycopg2 import extensions
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.infra import deadline, metrics, replica
from app.infra.db.act import completes
from app.infra.db.connecting import connecting, watched
from app.infra.db.engines import REPLICA, orm
from app.infra.statement import Row, Statement, only

_INSERTED = text("SELECT pg_current_wal_insert_lsn()::text")
# The answer of an act that is done waits no longer for its position.
_POSITION_SECONDS = 0.5

_LIMITS = text("""
    SELECT set_config('statement_timeout', :limit, true),
           set_config('idle_in_transaction_session_timeout', :limit, true)
""")

_door_open: ContextVar[bool] = ContextVar("door_open", default=False)
_patience: ContextVar[float | None] = ContextVar("patience", default=None)


class NestedDoor(RuntimeError):
    """A door was opened inside another: one act is one transaction."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the writing door: completes on exit, rolls back on an exception.

    Raises NestedDoor inside another door.
    """
    # Not one of Flask-SQLAlchemy's sessions, which look for the engine anew at every statement.
    # What the door has begun, the session can roll back and cannot complete.
    with (
        pressing() as connection,
        Session(
            connection,
            autobegin=False,
            expire_on_commit=False,
            join_transaction_mode="conditional_savepoint",
        ) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def pressing() -> Iterator[Connection]:
    """Open the writing door without a session, which a commit's three statements do not need.

    Everything else is as in `transaction`. Raises NestedDoor inside another door.
    """
    copy = orm.engines.get(REPLICA)
    is_copied = copy is not None and replica.is_there(copy)
    with only_door(), _on_primary() as connection:
        yield connection
        # Until the position is known none is safe, and it stays so when it cannot be read.
        completes(replica.NEVER if is_copied else None)
    if is_copied:
        with suppress(SQLAlchemyError), deadline.within(_POSITION_SECONDS):
            completes(_position())


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Let what happens behind a door in the block take `seconds`: a command or a job, no request.

    Elsewhere the server ends a statement after five seconds, and a transaction in which nothing is
    said for ten. Both limits are those of one transaction, so that they end with the door.
    """
    token = _patience.set(seconds)
    try:
        with deadline.within(seconds):
            yield
    finally:
        _patience.reset(token)


@contextmanager
def reading(since: str | None = replica.NEVER) -> Iterator[Connection]:
    """Open the reading door: a READ ONLY transaction of its own.

    Given `since`, the position of the last write of the one who looks (empty or None: none), a
    replica may serve it. Raises NestedDoor inside another door, and ReplicaFailed.
    """
    with only_door(), replica.reading(orm.engines.get(REPLICA), since) as copy:
        if copy is not None:
            yield copy
            return
        with _on_primary(read_only=True) as connection:
            yield connection


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Open the reading door for several looks at one and the same state of the primary.

    Raises NestedDoor inside another door.
    """
    with only_door(), _on_primary(read_only=True, one_state=True) as connection:
        yield connection


def glance(statement: Statement[Row], values: Mapping[str, Any]) -> Row | None:
    """Return the only row of a statement that reads, None when there is none.

    For one look that needs no transaction: it is one round trip to the primary, and no session.
    Raises NestedDoor inside a door, and LookupError when there are several rows.
    """
    with only_door(), unbegun() as connection:
        return only(statement.on(connection, values))


def connect() -> AbstractContextManager[Connection]:
    """Take a connection to the primary from the pool."""
    return orm.engine.connect()


@contextmanager
def unbegun() -> Iterator[Connection]:
    """Give a connection to the primary without a transaction: each statement is one by itself."""
    with _taken() as connection:
        # Told to the driver: SQLAlchemy's own way of saying it takes a fifth of a glance.
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = True
        try:
            yield connection
        finally:
            if not driver.closed:
                driver.autocommit = False


@contextmanager
def begun(connection: Connection, read_only: bool, one_state: bool = False) -> Iterator[None]:
    """Begin a transaction that ends with the block; where it has to, it sees `one_state` alone."""
    # The driver then says BEGIN READ ONLY: a round trip less than SET TRANSACTION.
    driver: Any = connection.connection.dbapi_connection
    if read_only:
        driver.readonly = True
    if one_state:
        driver.isolation_level = extensions.ISOLATION_LEVEL_REPEATABLE_READ
    try:
        with connection.begin():
            yield
    finally:
        if read_only and not driver.closed:
            driver.readonly = None
        if one_state and not driver.closed:
            driver.isolation_level = None


@contextmanager
def only_door() -> Iterator[None]:
    """Let nobody open a door inside the block. Raises NestedDoor inside a door."""
    if _door_open.get():
        raise NestedDoor("a door is open already: one act is one transaction")
    token = _door_open.set(True)
    try:
        yield
    finally:
        _door_open.reset(token)


@contextmanager
def _taken() -> Iterator[Connection]:
    """Give a connection to the primary, on which nothing has begun."""
    in_use = metrics.pool_in_use.track_inprogress()
    with watched(orm.engine.engine), in_use:
        with connecting(orm.engine.engine):
            connection = connect()
        with connection as taken:
            yield taken


@contextmanager
def _on_primary(*, read_only: bool = False, one_state: bool = False) -> Iterator[Connection]:
    """Give a connection to the primary, in a transaction that ends with the block."""
    patience = _patience.get()
    with _taken() as connection, begun(connection, read_only, one_state):
        if patience is not None:
            connection.execute(_LIMITS, {"limit": f"{patience:.0f}s"})
        yield connection


def _position() -> str:
    """Return how far the primary's log has come, at once after a commit.

    Where the next record will be inserted, rather than what is flushed, because that lies behind
    the commit whatever synchronous_commit says. Others' records before it are flushed by their
    own commits, or within a fifth of a second by the log writer.
    """
    with unbegun() as connection:
        position: str = connection.scalar(_INSERTED)
        return position
