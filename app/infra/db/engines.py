"""What the models stand on, and the engines: how many connections, how long anything may take."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.infra import replica

# The bind under which the replica's engine is known.
REPLICA = "replica"
CONNECT_SECONDS = 2
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


def config(database_url: str, replica_url: str | None) -> dict[str, object]:
    """Return the settings of the engines for the Flask config; both URLs say postgresql://…."""
    settings: dict[str, object] = {
        "SQLALCHEMY_DATABASE_URI": _engine_url(database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": ENGINE_OPTIONS,
    }
    if replica_url:
        bind = {"url": _engine_url(replica_url), **replica.ENGINE_OPTIONS}
        settings["SQLALCHEMY_BINDS"] = {REPLICA: bind}
    return settings


def _engine_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)
