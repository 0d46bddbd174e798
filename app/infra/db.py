"""The two doors to PostgreSQL, and no others: `transaction()` writes, `reading()` reads.

A session outside a door refuses to work (`autobegin=False`), doors refuse to nest, and a write
through `reading()` is refused by the database itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, TextualSelect, column, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session

from app.infra import deadline, metrics, task


class Base(DeclarativeBase):
    """The base of every model, with one naming convention for every constraint."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


orm = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={
        "autobegin": False,
        "expire_on_commit": False,
        # Tests run inside one outer transaction: a door then becomes a savepoint of it.
        "join_transaction_mode": "create_savepoint",
    },
)

CONNECT_SECONDS = 2
# What an act needs round its statements on tables, which alone are counted.
_NOT_ON_TABLES = ("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")
# The pool is the whole connection budget of a process: workers x pool size, never more.
POOL_SIZE = 4
# The server-side timeouts bound a slow statement; `deadline` bounds a server that says nothing.
ENGINE_OPTIONS = {
    "pool_size": POOL_SIZE,
    "max_overflow": 0,
    "pool_timeout": 2,
    "pool_pre_ping": True,
    # What a statement was given may be anything that a user typed, and errors end up in logs.
    "hide_parameters": True,
    "connect_args": {
        "connect_timeout": CONNECT_SECONDS,
        "options": "-c statement_timeout=5000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC",
    },
}


def engine_url(database_url: str) -> str:
    """Return `database_url` (postgresql://…) with the driver that SQLAlchemy is to take."""
    return database_url.replace("postgresql://", "postgresql+psycopg2://", 1)


def statement(sql: str, columns: str) -> TextualSelect:
    """Return `sql` as a statement that is built once; `columns` names what it returns, in order.

    Told the names, SQLAlchemy works out the shape of a row once instead of at every execution,
    which would be a third of the time of a small statement.
    """
    return text(sql).columns(*map(column, columns.split()))


_door_open: ContextVar[bool] = ContextVar("door_open", default=False)
_completing: ContextVar[bool] = ContextVar("completing", default=False)


class NestedDoor(RuntimeError):
    """A door was opened inside another: one act is one transaction."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the writing door: completes on exit, rolls back on an exception.

    Raises NestedDoor inside another door.
    """
    with _door() as session:
        yield session
        _completing.set(True)


def may_have_written() -> bool:
    """Tell whether a transaction has begun to complete since `begin_act`.

    From then on an error does not mean that nothing was saved.
    """
    return _completing.get()


def begin_act() -> None:
    """Forget what completed before: a thread serves one request after another."""
    _completing.set(False)


@contextmanager
def reading() -> Iterator[Session]:
    """Open the reading door: a READ ONLY transaction of its own, so that a replica can serve it.

    Raises NestedDoor inside another door.
    """
    with _door() as session:
        session.connection().exec_driver_sql("SET TRANSACTION READ ONLY")
        yield session


@contextmanager
def _door() -> Iterator[Session]:
    if _door_open.get():
        raise NestedDoor("a door is open already: one act is one transaction")
    token = _door_open.set(True)
    try:
        with orm.session.session_factory() as session, session.begin():
            # The pool asks an old connection first whether it lives, and then makes a new one: a
            # frozen server must not make the two wait for the whole deadline one after the other.
            with deadline.within(CONNECT_SECONDS):
                session.connection()
            with metrics.pool_in_use.track_inprogress():
                yield session
    finally:
        _door_open.reset(token)


def is_away(error: Exception) -> bool:
    """Tell whether `error` means that the database is away or overloaded, not that we are wrong."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_NOT_ON_TABLES):
        task.current().statements += 1


deadline.install()
