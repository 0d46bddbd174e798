"""How Alembic runs here: on the app's own engine, one migrator at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app import models  # noqa: F401  (registers the tables)
from app.infra import deadline
from app.infra.db import Base

# Any number will do, as long as every migrator takes the same.
_LOCK = 20_260_101
# Waiting for another migrator, and changing a big table, take what they take; a lock on a table
# that the app is using does not, since everybody else would wait behind it.
_LONGEST_SECONDS = 3600
_PATIENT = "SET statement_timeout = 0; SET lock_timeout = 0"
_POLITE = "SET lock_timeout = '5s'"


def run() -> None:
    """Upgrade or downgrade in one transaction, under an advisory lock."""
    engine = current_app.extensions["migrate"].db.engine
    with deadline.within(_LONGEST_SECONDS), engine.connect() as connection:
        connection.execute(text(_PATIENT))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text(_POLITE))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=False,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()


run()
