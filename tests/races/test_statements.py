"""A statement is said to the driver itself, and nobody can tell: not who counts, nor who errs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from psycopg2 import extensions
from sqlalchemy import event, text
from sqlalchemy.exc import DataError, DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.infra import db, deadline, task
from app.infra.db import connecting, orm
from app.infra.statement import Statement
from tests.conftest import MakeApp, MakeDatabase
from tests.races.bouncer import bouncer
from tests.races.notes import (
    COUNT,
    DIVIDED,
    NOTE,
    SLOW,
    WRITE,
    Count,
    Note,
    Written,
    alter,
    count,
    noting,
)

WAYS = ("direct", "through pgbouncer")
BACKEND = text("SELECT pg_backend_pid()")


class Odd(NamedTuple):
    """What a statement may say, and what becomes of it."""

    colons: str
    clock: str
    rest: int
    part: list[int]
    twice: int
    nothing: str | None


ODD = Statement(
    """
    SELECT ':no %s' AS colons, -- it's :not one, not even for 100 %
           '12:30'::time::text AS clock, 7 % 4 AS rest, (ARRAY[1, 2, 3])[1:2] AS part,
           :number::integer + CAST(:number AS integer) AS twice, :nothing::text AS nothing
    """,
    Odd,
)
WRONG = Statement("SELECT 1 AS one", Odd)
NOTES = Statement("SELECT id, what FROM jottings ORDER BY id", Note)
ALONE = Statement("SELECT CAST(now() = statement_timestamp() AS integer) AS many", Count)


@pytest.fixture(scope="module", params=WAYS)
def app(
    request: pytest.FixtureRequest, make_app: MakeApp, make_database: MakeDatabase
) -> Iterator[Flask]:
    """An app that reaches its database directly, or through a pgbouncer."""
    if request.param == "direct":
        with noting(make_app) as made:
            yield made
        return
    with (
        bouncer(make_database(), servers=4) as between,
        between.running(),
        noting(make_app, between.through) as made,
    ):
        yield made


@pytest.fixture(autouse=True)
def _clean(app: Flask) -> None:
    alter("TRUNCATE jottings RESTART IDENTITY")
    alter("INSERT INTO jottings (what) VALUES (10), (11), (20)")


def read(statement: Statement[Count], **values: object) -> int:
    """Ask through a door."""
    with db.reading() as session:
        return statement.one(session, values).many


def glance(statement: Statement[Count], **values: object) -> int:
    """Ask through none."""
    found = db.glance(statement, values)
    assert found is not None
    return found.many


LOOKS = [read, glance]
Look = Callable[..., int]


def test_what_stands_in_quotes_and_behind_dashes_is_no_parameter():
    with db.reading() as session:
        for number in (3, -4):
            found = ODD.one(session, {"number": number, "nothing": None, "more": "than it takes"})
            assert found == Odd(":no %s", "12:30:00", 3, [1, 2], 2 * number, None)


def test_rows_are_of_the_type_that_was_named():
    with db.reading() as session:
        assert NOTES.all(session, {}) == [Note(1, 10), Note(2, 11), Note(3, 20)]
        assert COUNT.first(session, {}) == Count(3)
        assert NOTE.first(session, {"id": 9}) is None
        with pytest.raises(LookupError, match="no row"):
            NOTE.one(session, {"id": 9})
        with pytest.raises(LookupError, match="more than one"):
            NOTES.first(session, {})


def test_a_row_of_other_columns_is_refused():
    with pytest.raises(TypeError, match="Odd does not have the fields"), db.reading() as session:
        WRONG.one(session, {})


def test_what_the_session_has_not_written_yet_is_written_before():
    with db.transaction() as session:
        session.add(Written(what=30))
        assert COUNT.one(session, {}).many == 4


def test_a_statement_of_a_closed_door_is_refused():
    with db.reading() as session:
        pass
    with pytest.raises(InvalidRequestError):
        COUNT.one(session, {})


@pytest.mark.parametrize("look", LOOKS)
def test_who_listens_hears_the_statement_and_it_counts_once(look: Look):
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    look(DIVIDED, by=1)
    event.listen(orm.engine, "before_cursor_execute", hear)
    before = task.begin()
    look(DIVIDED, by=1)
    event.remove(orm.engine, "before_cursor_execute", hear)
    assert heard == ["SELECT 1 / CAST(%(by)s AS integer) AS many"]
    assert before.statements == 1


@pytest.mark.parametrize("look", LOOKS)
def test_a_mistake_is_the_error_that_sqlalchemy_makes_of_it(look: Look):
    with pytest.raises(DataError) as expected, db.reading() as session:
        session.execute(text("SELECT 1 / CAST(:by AS integer) AS many"), {"by": 0})
    with pytest.raises(DataError) as caught:
        look(DIVIDED, by=0)
    assert str(caught.value) == str(expected.value)
    assert not db.is_away(caught.value)
    assert look(COUNT) == 3


@pytest.mark.parametrize("look", LOOKS)
def test_a_deadline_cuts_a_statement_and_who_comes_next_is_told_at_once(look: Look):
    with pytest.raises(OperationalError) as caught, deadline.within(0.3):
        look(SLOW, seconds=3)
    assert db.is_away(caught.value)
    assert isinstance(caught.value.orig, deadline.Silence)
    with pytest.raises(PoolTimeout):
        look(COUNT)
    connecting.circuit_of(orm.engine).close()
    assert look(COUNT) == 3


def test_a_connection_that_dies_in_the_middle_means_that_the_database_is_away():
    with pytest.raises(DBAPIError) as caught:
        die()
    assert db.is_away(caught.value)
    assert caught.value.connection_invalidated
    assert count() == 3


def die() -> None:
    """Write, and lose the server's process before the door closes."""
    with db.transaction() as session:
        WRITE.one(session, {"what": 30})
        alter(f"SELECT pg_terminate_backend({session.scalar(BACKEND)}, 5000)")
        COUNT.one(session, {})


def test_a_glance_is_no_transaction_and_leaves_none_behind():
    assert glance(ALONE) == 1
    assert read(ALONE) == 0
    for _ in range(6):
        assert glance(COUNT) == 3
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            raise ZeroDivisionError(WRITE.one(session, {"what": 30}))


def test_a_glance_is_one_round_trip():
    waits = []
    assert read(COUNT) == glance(COUNT) == 3
    wait = extensions.get_wait_callback()
    extensions.set_wait_callback(lambda connection: waits.append(wait(connection)))
    try:
        glance(COUNT)
        glanced = len(waits)
        read(COUNT)
    finally:
        extensions.set_wait_callback(wait)
    assert (glanced, len(waits) - glanced) == (1, 3)


def test_a_glance_takes_one_connection_and_returns_it():
    for _ in range(6):
        with pytest.raises(DataError):
            glance(DIVIDED, by=0)
    assert orm.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_glance_inside_a_door_is_refused():
    with db.reading(), pytest.raises(db.NestedDoor):
        glance(COUNT)


def test_a_glance_sees_no_row_as_none():
    assert db.glance(NOTE, {"id": 9}) is None
