"""How Alembic runs here: one migrator at a time, and never in the way of the app.

Each migration has a transaction of its own, so that it keeps no lock while the next one works.
"""

import time

from alembic import context
from alembic.util import CommandError
from flask import current_app
from psycopg2.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app import models  # noqa: F401  (registers the tables)
from app.infra import deadline
from app.infra.db import Base

# Any number will do, as long as every migrator takes the same.
_LOCK = 20_260_101
# Waiting for another migrator, and changing a big table, take what they take. A lock on a table
# that the app is using does not: whoever comes later waits behind us, and gives up after 2 s.
_LONGEST_SECONDS = 3600
_PATIENT = "SET statement_timeout = 0; SET lock_timeout = 0"
_POLITE = "SET lock_timeout = '1s'"
_TRIES = 5
_PAUSE_SECONDS = 2


def run() -> None:
    """Upgrade or downgrade. Raises CommandError when a lock is not to be had."""
    engine = current_app.extensions["migrate"].db.engine
    with deadline.within(_LONGEST_SECONDS), engine.connect() as connection:
        try:
            _try_alone(connection)
        finally:
            # Closed for good: what is set and locked here must not come back to the pool.
            connection.invalidate()


def _try_alone(connection: Connection) -> None:
    connection.execute(text(_PATIENT))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    for _ in range(_TRIES - 1):
        if _migrate(connection):
            return
        time.sleep(_PAUSE_SECONDS)
    if not _migrate(connection):
        raise CommandError(
            "Somebody held a table for too long, and the migration changed nothing;"
            " run the command again when no backup or long query is under way."
        )


def _migrate(connection: Connection) -> bool:
    """Run what is asked for; tell whether every lock was to be had. What was begun is undone."""
    connection.execute(text(_POLITE))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        # One that builds an index may have become patient; the next is polite again.
        on_version_apply=lambda **_: connection.execute(text(_POLITE)),
        **current_app.extensions["migrate"].configure_args,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        connection.rollback()
        return False
    return True


run()
