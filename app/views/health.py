"""Is the process alive, and is it ready to serve?"""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.infra import db, deadline
from app.web.access import public

bp = Blueprint("health", __name__)

_READY_WITHIN = 1.5  # Seconds; with the overhead around it an answer comes within 2.
_VERSION = text("SELECT version_num FROM alembic_version")


def _schema_head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


_HEAD = _schema_head()


@bp.get("/healthz")
@public
def healthz() -> Any:
    """Answer 200 while the process lives; never asks the database."""
    return "alive\n", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@public
def readyz() -> Any:
    """Answer 200 when the database answers and its schema is current, else 503."""
    try:
        with deadline.within(_READY_WITHIN), db.reading() as reading:
            current = reading.scalar(_VERSION)
    except SQLAlchemyError:
        return "the database is away\n", 503, {"Content-Type": "text/plain; charset=utf-8"}
    if current != _HEAD:
        return "the schema is not current\n", 503, {"Content-Type": "text/plain; charset=utf-8"}
    return "ready\n", {"Content-Type": "text/plain; charset=utf-8"}
