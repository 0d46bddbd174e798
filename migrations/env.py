"""How Alembic runs here: on the app's own engine, one migrator at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app import models  # noqa: F401  (registers the tables)
from app.infra import deadline
from app.infra.db import Base

# Any number will do, as long as every migrator takes the same.
_LOCK = 20_260_101
# A migration of a big table takes what it takes; waiting for a lock that the app holds does not.
_LONGEST_SECONDS = 3600
_TIMEOUTS = "SET lock_timeout = '5s'; SET statement_timeout = 0"


def run() -> None:
    """Upgrade or downgrade in one transaction, under an advisory lock."""
    engine = current_app.extensions["migrate"].db.engine
    with deadline.within(_LONGEST_SECONDS), engine.connect() as connection:
        connection.execute(text(_TIMEOUTS))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
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
