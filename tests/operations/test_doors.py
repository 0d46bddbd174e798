"""The two doors to the database, on a real pool: nothing outside, nothing nested, nothing left."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from threading import Thread

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.infra import db, deadline, pool
from app.infra.db import connecting, orm
from tests.conftest import MakeApp

Door = Callable[[], AbstractContextManager[Session]]

DOORS = [pytest.param(db.transaction, id="writing"), pytest.param(db.reading, id="reading")]
ONE, NOTE = text("SELECT 1"), text("INSERT INTO jottings VALUES ('written')")
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
BACKEND = text("SELECT pg_backend_pid()")


@pytest.fixture(scope="module")
def pooled_app(make_app: MakeApp) -> Iterator[Flask]:
    """An app on a database of its own, with a table to write to."""
    app = make_app()
    with app.app_context():
        write(text("CREATE TABLE jottings (what text)"))
        yield app
        orm.engine.dispose()


@pytest.fixture(autouse=True)
def _no_connection_is_kept(pooled_app: Flask) -> Iterator[None]:
    """Every test begins with no jottings, and has to leave no connection checked out."""
    believe_in_the_database()
    write(text("TRUNCATE jottings"))
    yield
    assert taken() == 0


def taken() -> int:
    """The number of connections of the pool that somebody has."""
    return orm.engine.pool.checkedout()  # type: ignore[attr-defined]


def believe_in_the_database() -> None:
    """Forget that it was silent: for a second after that, nobody else would wait for it."""
    connecting.circuit_of(orm.engine).close()


def url() -> str:
    """Where the database of the app is, for the driver."""
    return orm.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def jottings() -> int:
    with db.reading() as session:
        return session.scalar(text("SELECT count(*) FROM jottings"))


def write(*statements: TextClause) -> None:
    """Do all of it in one transaction."""
    with db.transaction() as session:
        for statement in statements:
            session.execute(statement)


def nest(outer: Door, inner: Door) -> None:
    """Open a door, write if it lets us, and try to open another one inside."""
    with outer() as session:
        if outer is db.transaction:
            session.execute(NOTE)
        with inner():
            pytest.fail("the inner door opened")


def test_a_query_outside_a_door_is_refused():
    for session in (orm.session, orm.session.session_factory()):
        with pytest.raises(InvalidRequestError, match="Autobegin is disabled"):
            session.execute(ONE)
    orm.session.remove()


def test_a_session_is_of_no_use_after_its_door_was_closed():
    with db.transaction() as session:
        session.execute(ONE)
    with pytest.raises(InvalidRequestError):
        session.execute(ONE)


def test_what_was_written_is_there_after_the_door():
    write(NOTE)
    assert jottings() == 1


def limits(door: Door) -> list[str]:
    with door() as session:
        return [session.scalar(text(f"SHOW {limit}")) for limit in LIMITS]


@pytest.mark.parametrize("door", DOORS)
def test_behind_a_door_the_server_waits_as_long_as_the_block_is_patient(door: Door):
    usual = limits(door)
    assert usual == ["5s", "10s"]
    with db.patient(90):
        assert limits(door) == ["90s", "90s"]
    # It was one and the same connection.
    assert limits(door) == usual


def test_a_snapshot_sees_nothing_that_is_written_meanwhile():
    many = text("SELECT count(*) FROM jottings")
    with db.snapshot() as reading:
        assert reading.scalar(many) == 0
        with closing(psycopg2.connect(url())) as other, other, other.cursor() as cursor:
            cursor.execute(NOTE.text)
        assert reading.scalar(many) == 0
    # The connection that was used for it sees what there is again, and writes.
    assert jottings() == 1
    write(NOTE)
    assert jottings() == 2


def test_the_database_itself_refuses_a_write_through_the_reading_door():
    with pytest.raises(DBAPIError, match="read-only transaction"), db.reading() as session:
        session.execute(NOTE)
    assert jottings() == 0


def test_a_connection_that_was_read_from_can_be_written_to():
    for _ in range(8):
        assert jottings() == 0
    write(NOTE)
    assert jottings() == 1


@pytest.mark.parametrize("inner", DOORS)
@pytest.mark.parametrize("outer", DOORS)
def test_a_door_inside_a_door_is_refused_and_the_act_rolls_back(outer: Door, inner: Door):
    with pytest.raises(db.NestedDoor):
        nest(outer, inner)
    assert jottings() == 0


@pytest.mark.parametrize("inner", DOORS)
def test_a_refused_nesting_leaves_the_outer_door_open(inner: Door):
    with db.transaction() as session:
        with pytest.raises(db.NestedDoor), inner():
            pytest.fail("the inner door opened")
        with pytest.raises(db.NestedDoor), inner():
            pytest.fail("the first refusal closed the outer door")
        session.execute(NOTE)
    assert jottings() == 1


def test_a_door_of_another_thread_is_no_nesting(pooled_app: Flask):
    seen = []

    def read() -> None:
        with pooled_app.app_context():
            seen.append(jottings())

    with db.transaction() as session:
        session.execute(NOTE)
        other = Thread(target=read)
        other.start()
        other.join()
    assert seen == [0]


@pytest.mark.parametrize("believed", [1.0, 0.0], ids=["used just now", "idle for a while"])
@pytest.mark.parametrize("door", DOORS)
def test_a_connection_that_the_server_has_ended_is_replaced_unseen(
    door: Door, believed: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pool, "_BELIEVED_SECONDS", believed)
    orm.engine.dispose()
    with door() as session:
        ended = session.scalar(BACKEND)
    with closing(psycopg2.connect(url())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    with door() as session:
        assert session.scalar(BACKEND) != ended


def test_an_idle_connection_that_lives_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "_BELIEVED_SECONDS", 0.0)
    orm.engine.dispose()
    with db.reading() as session:
        first = session.scalar(BACKEND)
    with db.transaction() as session:
        assert session.scalar(BACKEND) == first


def test_an_exception_of_ours_rolls_back():
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        raise ZeroDivisionError(session.execute(NOTE))
    assert jottings() == 0


def test_a_mistake_rolls_everything_back():
    with pytest.raises(DBAPIError, match="division by zero"):
        write(NOTE, NOTE, text("SELECT 1/0"))
    assert jottings() == 0


@pytest.mark.parametrize("door", DOORS)
def test_a_door_takes_one_connection_and_returns_it(door: Door):
    with door() as session:
        session.execute(ONE)
        session.execute(ONE)
        assert taken() == 1
    assert taken() == 0


@pytest.mark.parametrize("door", DOORS)
def test_a_door_returns_its_connection_after_a_mistake(door: Door):
    for _ in range(6):
        with pytest.raises(DBAPIError), door() as session:
            session.execute(text("SELECT 1/0"))
    assert taken() == 0


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("timezone", "UTC"),
        ("synchronous_commit", "on"),
    ],
)
def test_every_connection_has_the_settings_of_the_house(door: Door, setting: str, value: str):
    with door() as session:
        assert session.scalar(text(f"SHOW {setting}")) == value


def test_the_pool_is_the_whole_budget_of_connections():
    budget = orm.engine.pool
    assert (budget.size(), budget._max_overflow, budget._timeout) == (4, 0, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("setting", "statement"),
    [
        ("statement_timeout", "SELECT pg_sleep(5)"),
        ("lock_timeout", "LOCK TABLE jottings IN ACCESS EXCLUSIVE MODE"),
    ],
)
def test_a_timeout_of_the_server_means_that_the_database_is_away(setting: str, statement: str):
    with orm.engine.begin() as other:
        other.execute(NOTE)
        with pytest.raises(OperationalError) as refused:
            write(text(f"SET LOCAL {setting} = '50ms'"), text(statement))
        other.rollback()
    assert db.is_away(refused.value)


def test_a_pool_that_is_taken_means_that_the_database_is_away():
    assert db.is_away(PoolTimeout())


def test_a_mistake_of_ours_does_not_mean_that_the_database_is_away():
    with pytest.raises(DBAPIError) as mistaken:
        write(text("SELECT 1/0"))
    assert not db.is_away(mistaken.value)


def test_a_deadline_cuts_a_wait_and_gives_the_connection_up():
    started = time.monotonic()
    with pytest.raises(OperationalError) as cut, deadline.within(0.3):
        write(text("SELECT pg_sleep(4)"))
    assert 0.3 <= time.monotonic() - started < 1
    assert db.is_away(cut.value)
    believe_in_the_database()
    with db.reading() as session:
        assert session.scalar(ONE) == 1


def test_who_comes_after_a_silence_is_told_at_once():
    with pytest.raises(OperationalError), deadline.within(0.1):
        write(text("SELECT pg_sleep(4)"))
    started = time.monotonic()
    with pytest.raises(PoolTimeout) as told, db.reading():
        pytest.fail("the door opened")
    assert time.monotonic() - started < 0.1
    assert db.is_away(told.value)


def test_a_deadline_does_not_outlive_its_block():
    with deadline.within(0.1), db.reading() as session:
        session.execute(ONE)
    with db.reading() as session:
        session.execute(text("SELECT pg_sleep(0.3)"))


def test_a_deadline_is_one_for_all_waits_in_its_block():
    with pytest.raises(OperationalError), deadline.within(0.5):
        write(*[text("SELECT pg_sleep(0.2)")] * 4)


def test_a_deadline_inside_another_cannot_loosen_it():
    with pytest.raises(OperationalError), deadline.within(0.1), deadline.within(9):
        write(text("SELECT pg_sleep(0.5)"))
