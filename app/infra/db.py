"""The two doors to PostgreSQL, and no others: `transaction()` writes, `reading()` reads.

A session outside a door refuses to work (`autobegin=False`), doors refuse to nest, and a write
through `reading()` is refused by the database itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, TextualSelect, column, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session

from app.infra import deadline, metrics, pool, replica, task
from app.infra.circuit import Circuit


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


orm = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"autobegin": False})

_REPLICA = "replica"
_INSERTED = text("SELECT pg_current_wal_insert_lsn()::text")
# The answer of an act that is done waits no longer for its position.
_POSITION_SECONDS = 0.5
CONNECT_SECONDS = 2
# A server that says nothing is waited for by one at a time, so often; the others are told at once.
_SILENT_SECONDS = 1.0
# What an act needs round its statements on tables, which alone are counted.
_NOT_ON_TABLES = ("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")
# The pool is the whole connection budget of a process: workers x pool size, never more.
POOL_SIZE = 4
# The server-side timeouts bound a slow statement; `deadline` bounds a server that says nothing.
ENGINE_OPTIONS = {
    "pool_size": POOL_SIZE,
    "max_overflow": 0,
    "pool_timeout": 2,
    # Seconds. A pgbouncer that is new here, or here again, is found when a connection is renewed.
    "pool_recycle": 300,
    # What a statement was given may be anything that a user typed, and errors end up in logs.
    "hide_parameters": True,
    "connect_args": {
        "connect_timeout": CONNECT_SECONDS,
        "options": "-c statement_timeout=5000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC",
    },
}


def config(database_url: str, replica_url: str | None) -> dict[str, object]:
    """Return the settings of the engines for the Flask config; both URLs say postgresql://…."""
    settings: dict[str, object] = {
        "SQLALCHEMY_DATABASE_URI": _engine_url(database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": ENGINE_OPTIONS,
    }
    if replica_url:
        bind = {"url": _engine_url(replica_url), **replica.ENGINE_OPTIONS}
        settings["SQLALCHEMY_BINDS"] = {_REPLICA: bind}
    return settings


def _engine_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)


def statement(sql: str, columns: str) -> TextualSelect:
    """Return `sql` as a statement that is built once; `columns` names what it returns, in order.

    Told the names, SQLAlchemy works out the shape of a row once instead of at every execution,
    which would be a third of the time of a small statement.
    """
    return text(sql).columns(*map(column, columns.split()))


_door_open: ContextVar[bool] = ContextVar("door_open", default=False)
_completing: ContextVar[bool] = ContextVar("completing", default=False)
_written_until: ContextVar[str | None] = ContextVar("written_until", default=None)


class NestedDoor(RuntimeError):
    """A door was opened inside another: one act is one transaction."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the writing door: completes on exit, rolls back on an exception.

    Raises NestedDoor inside another door.
    """
    copy = orm.engines.get(_REPLICA)
    is_copied = copy is not None and replica.is_there(copy)
    with _only_door(), _session() as session:
        _connect(session)
        yield session
        _completing.set(True)
        # Until the position is known none is safe, and it stays so when it cannot be read.
        _written_until.set(replica.NEVER if is_copied else None)
    if is_copied:
        with suppress(SQLAlchemyError), deadline.within(_POSITION_SECONDS):
            _written_until.set(_position())


def may_have_written() -> bool:
    """Tell whether a transaction has begun to complete since `begin_act`.

    From then on an error does not mean that nothing was saved.
    """
    return _completing.get()


def written_until() -> str | None:
    """Return the position in the primary's log behind all that was written since `begin_act`.

    None when nothing was written, or when there is no replica that could lie behind it.
    """
    return _written_until.get()


def begin_act() -> None:
    """Forget what completed before: a thread serves one request after another."""
    _completing.set(False)
    _written_until.set(None)


@contextmanager
def reading(since: str | None = replica.NEVER) -> Iterator[Session]:
    """Open the reading door: a READ ONLY transaction of its own.

    Given `since`, the position of the last write of the one who looks (empty or None: none), a
    replica may serve it. Raises NestedDoor inside another door, and ReplicaFailed.
    """
    with _only_door(), replica.reading(orm.engines.get(_REPLICA), since) as session:
        if session is not None:
            yield session
            return
        with _session() as session:
            _begin_reading(session)
            yield session


@contextmanager
def _only_door() -> Iterator[None]:
    if _door_open.get():
        raise NestedDoor("a door is open already: one act is one transaction")
    token = _door_open.set(True)
    try:
        yield
    finally:
        _door_open.reset(token)


@contextmanager
def _session() -> Iterator[Session]:
    """Give a session on the primary, in a transaction that ends with the block."""
    # Not one of Flask-SQLAlchemy's, which looks for the engine anew at every statement.
    # Tests run inside one outer transaction: a door then becomes a savepoint of it.
    bound = Session(
        orm.engine,
        autobegin=False,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    )
    try:
        with bound as session, session.begin(), metrics.pool_in_use.track_inprogress():
            yield session
    except OperationalError as error:
        if isinstance(error.orig, deadline.Silence):
            _circuit(bound).open()
        raise


def _connect(session: Session, **options: object) -> None:
    circuit = _circuit(session)
    if not circuit.lets_through():
        raise PoolTimeout("the database did not answer somebody else just now")
    # The pool may ask an old connection whether it lives, and then make a new one: a frozen server
    # must not make the two wait for the whole deadline one after the other.
    with deadline.within(CONNECT_SECONDS):
        session.connection(execution_options=options)
    circuit.close()


def _circuit(session: Session) -> Circuit:
    return _circuit_of(session.get_bind().engine)


@cache
def _circuit_of(_engine: Engine) -> Circuit:
    return Circuit(_SILENT_SECONDS)


def _begin_reading(session: Session) -> None:
    # The driver then says BEGIN READ ONLY: a round trip less than SET TRANSACTION.
    _connect(session, postgresql_readonly=True)


def _position() -> str:
    """Return how far the primary's log has come, at once after a commit.

    Where the next record will be inserted, rather than what is flushed, because that lies behind
    the commit whatever synchronous_commit says. Others' records before it are flushed by their
    own commits, or within a fifth of a second by the log writer.
    """
    with orm.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        position: str = connection.scalar(_INSERTED)
        return position


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
pool.install()
