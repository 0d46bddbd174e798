"""An app on the real pool whose statements and whose schema are those of these tests alone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg2
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.infra import db
from app.infra.db import orm
from app.infra.statement import Statement
from tests.conftest import MakeApp


class Note(NamedTuple):
    """A row of the table of these tests."""

    id: int
    what: Any


@dataclass(frozen=True)
class Count:
    """A row of another kind."""

    many: int


class _Mapped(DeclarativeBase):
    pass


class Written(_Mapped):
    """A note as the ORM writes it."""

    __tablename__ = "jottings"
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[int]


NOTE = Statement("SELECT id, what FROM jottings WHERE id = :id", Note)
COUNT = Statement("SELECT count(*) AS many FROM jottings", Count)
SAME = Statement("SELECT count(*) AS many FROM jottings WHERE what = :what", Count)
WRITE = Statement("INSERT INTO jottings (what) VALUES (:what) RETURNING id, what", Note)
SLOW = Statement("SELECT count(*) AS many FROM pg_sleep(:seconds)", Count)
DIVIDED = Statement("SELECT 1 / CAST(:by AS integer) AS many", Count)


@contextmanager
def noting(make_app: MakeApp, database_url: str | None = None) -> Iterator[Flask]:
    """Make an app with the table and the rooms of these tests; it is current in the block."""
    made = make_app(database_url)
    for view in (note, write, write_and_look):
        # Open to visitors, whom the sign-in has no business with here.
        view.is_public = True  # type: ignore[attr-defined]
        made.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    with made.app_context():
        alter("CREATE TABLE jottings (id integer GENERATED ALWAYS AS IDENTITY, what integer)")
        alter("INSERT INTO jottings (what) VALUES (10), (11), (20)")
        yield made
        orm.engine.dispose()


def seen(session: Session) -> str:
    """Two statements, of which an ALTER of the column concerns only the second."""
    return f"{COUNT.one(session, {}).many} {NOTE.one(session, {'id': 1}).what}"


def note() -> str:
    """Read through one door."""
    with db.reading() as session:
        return seen(session)


def write() -> str:
    """Write and read through one door."""
    with db.transaction() as session:
        session.execute(text("INSERT INTO jottings (what) VALUES (30)"))
        return seen(session)


def write_and_look() -> str:
    """Write through one door, then write and read through another."""
    write_only()
    return write()


def write_only() -> None:
    """Write through one door."""
    with db.transaction() as session:
        session.execute(text("INSERT INTO jottings (what) VALUES (40)"))


def alter(statement: str) -> None:
    """Change the schema on a connection of its own, as a migration does."""
    url = orm.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def count() -> int:
    """How many notes there are."""
    with db.reading() as session:
        return COUNT.one(session, {}).many
