"""The replica: a copy of the database that may answer what only looks back.

It is asked only where it has everything that the one who looks has written, and only while it
keeps up. Whatever is wrong with it, the primary is read instead, and nobody waits for it twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.infra import deadline
from app.infra.circuit import Circuit

# A position in the primary's log that no replica ever reaches: whoever needs it reads the primary.
NEVER = "FFFFFFFF/FFFFFFFF"

# Seconds to get a connection and the word that it is fit, and seconds for all that is read.
_FIT_WITHIN = 0.5
_READ_WITHIN = 2.0
# Through a proxy the options do not arrive; then the deadline alone bounds a statement.
ENGINE_OPTIONS = {
    "pool_size": 4,
    "max_overflow": 0,
    "pool_timeout": _FIT_WITHIN,
    "connect_args": {"options": "-c statement_timeout=2000 -c timezone=UTC"},
}
_BEGINNING = "0/0"
# What nobody's own write depends on may be shown so late.
_MOST_BEHIND = timedelta(seconds=10)
# `keeps_up`: it hears from the primary, and has replayed all that it heard or a write of just now.
# Any role sees that there is a receiver, if nothing more of it.
_FITNESS = text("""
    SELECT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver)
           AND (pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
                OR clock_timestamp() - pg_last_xact_replay_timestamp() < :most_behind)
               AS keeps_up,
           pg_last_wal_replay_lsn() >= CAST(:since AS pg_lsn) AS has_it
""")


class ReplicaFailed(Exception):
    """The replica failed in the middle of a reading. Read again, and it is the primary's turn."""


def is_there(replica: Engine) -> bool:
    """Tell whether anybody may listen at the replica's address; costs next to nothing.

    A folder of sockets without the socket in it means that no replica runs, or not yet.
    """
    place = replica.url.query
    folder, port = str(place.get("host", "")), place.get("port", replica.url.port or 5432)
    return not folder.startswith("/") or Path(folder, f".s.PGSQL.{port}").exists()


@contextmanager
def reading(replica: Engine | None, since: str | None) -> Iterator[Connection | None]:
    """Give a connection in a READ ONLY transaction of the replica, or None: read the primary.

    The replica has replayed the primary's log up to the position `since` (empty or None: no
    matter). Raises ReplicaFailed for whatever goes wrong with the database inside the block.
    """
    connection = None if replica is None or since == NEVER else _fit(replica, since or _BEGINNING)
    if replica is None or connection is None:
        yield None
        return
    try:
        with deadline.within(_READ_WITHIN), connection:
            yield connection
    except SQLAlchemyError as error:
        _circuit(replica.url).open()
        raise ReplicaFailed from error


def _fit(replica: Engine, since: str) -> Connection | None:
    """Return a connection on which the replica has said that it is fit to be read at `since`."""
    circuit = _circuit(replica.url)
    if not is_there(replica) or not circuit.lets_through():
        return None
    connection = None
    asked = {"since": since, "most_behind": _MOST_BEHIND}
    try:
        with deadline.within(_FIT_WITHIN):
            connection = replica.connect().execution_options(postgresql_readonly=True)
            keeps_up, has_it = connection.execute(_FITNESS, asked).one()
    except SQLAlchemyError:
        keeps_up = has_it = False
    # What is wrong now is wrong for everybody; a position not reached yet is one browser's own.
    if keeps_up:
        circuit.close()
    else:
        circuit.open()
    if keeps_up and has_it:
        return connection
    if connection is not None:
        connection.close()
    return None


@cache
def _circuit(_url: URL) -> Circuit:
    return Circuit()
