"""Makes sure that a connection from the pool is alive; on a busy server this costs nothing.

SQLAlchemy's own ping asks the server before every act, which is a round trip in six of a commit.
"""

import select
import time
from typing import Any

import psycopg2
from sqlalchemy import Pool, event
from sqlalchemy.exc import InvalidatePoolError

# What answered so lately is believed to answer again. A server that froze since then is met by
# the statement, under its own deadline.
_BELIEVED_SECONDS = 1.0
_BACK_AT = "back at"


def install() -> None:
    """Have every pool of the process look at what it hands out."""
    event.listen(Pool, "checkin", _note)
    event.listen(Pool, "checkout", _look)


def _note(_connection: Any, record: Any) -> None:
    record.info[_BACK_AT] = time.monotonic()


def _look(connection: Any, record: Any, _fairy: Any) -> None:
    """Refuse a dead connection: the pool then makes a new one, and trusts no older one either."""
    back_at = record.info.get(_BACK_AT)
    if back_at is None:
        return
    if _hung_up(connection):
        raise InvalidatePoolError("the database has hung up")
    if time.monotonic() - back_at > _BELIEVED_SECONDS:
        _ask(connection)


def _hung_up(connection: Any) -> bool:
    # Nobody has asked anything, so all that can be there to read is a farewell.
    looking = select.poll()
    looking.register(connection, select.POLLIN)
    return bool(looking.poll(0))


def _ask(connection: Any) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error as error:
        raise InvalidatePoolError("the database does not answer") from error
