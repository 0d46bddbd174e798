"""Takes connections under a deadline, and refuses at once while the server is silent.

It also tells a database that is away from a mistake in our own code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.infra import deadline
from app.infra.circuit import Circuit
from app.infra.db.engines import CONNECT_SECONDS

# A server that says nothing is waited for by one at a time, so often; the others are told at once.
_SILENT_SECONDS = 1.0


@cache
def circuit_of(_engine: Engine) -> Circuit:
    """Return the circuit breaker of the server behind the engine."""
    return Circuit(_SILENT_SECONDS)


@contextmanager
def connecting(engine: Engine) -> Iterator[None]:
    """Bound the block, in which a connection is taken, to CONNECT_SECONDS.

    Raises PoolTimeout at once while the server is known to be silent.
    """
    circuit = circuit_of(engine)
    if not circuit.lets_through():
        raise PoolTimeout("the database did not answer somebody else just now")
    # The pool may ask an old connection whether it lives, and then make a new one: a frozen server
    # must not make the two wait for the whole deadline one after the other.
    with deadline.within(CONNECT_SECONDS):
        yield
    circuit.close()


@contextmanager
def watched(engine: Engine) -> Iterator[None]:
    """Open the circuit breaker when the server is silent inside the block."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, deadline.Silence):
            circuit_of(engine).open()
        raise


def is_away(error: Exception) -> bool:
    """Tell whether `error` means that the database is away or overloaded, not that we are wrong."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
