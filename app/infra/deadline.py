"""A deadline on the client's side for every answer of PostgreSQL.

The server's own timeouts end a slow statement, but a frozen server or a dead network answers
nothing at all: only the client can stop waiting. psycopg2 hands its waiting to a callback; this
one waits with `poll` until the deadline and then gives the connection up as lost.
"""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg2
from psycopg2 import extensions

# A little more than statement_timeout, so that a living server speaks first.
DEFAULT_SECONDS = 5.5
# So long a request that is under way may take to end, for whoever waits for the last of them.
REQUEST_SECONDS = 7

_EVENTS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}

_ends_at: ContextVar[float | None] = ContextVar("deadline_ends_at", default=None)


class Silence(psycopg2.OperationalError):
    """The database did not answer in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Bound all waits for the database inside the block, taken together, to `seconds`.

    A block inside another one can only be stricter.
    """
    ends_at, outer = time.monotonic() + seconds, _ends_at.get()
    token = _ends_at.set(ends_at if outer is None else min(ends_at, outer))
    try:
        yield
    finally:
        _ends_at.reset(token)


def install() -> None:
    """Make every psycopg2 connection of the process wait under the deadline."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait for `connection`; raise Silence when the deadline has passed."""
    ends_at = _ends_at.get() or time.monotonic() + DEFAULT_SECONDS
    while (state := connection.poll()) != extensions.POLL_OK:
        remaining = ends_at - time.monotonic()
        # Not select.select, which takes no descriptor above 1023.
        waiting = select.poll()
        waiting.register(connection, _EVENTS[state])
        if remaining <= 0 or not waiting.poll(remaining * 1000):
            # The driver closes a connection whose wait raised, so that a late answer never meets
            # another statement. Closing it here would wait for a lock that this thread holds.
            raise Silence("the database did not answer in time")
