"""Plans that PostgreSQL keeps: one a connection, and made anew when the schema has changed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DataError, ProgrammingError

from app.infra import db
from app.infra.plans import StalePlan
from tests.conftest import MakeApp, browser
from tests.races.notes import COUNT, NOTE, SAME, WRITE, alter, count, noting, seen, write

HELD = text("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
TO_TEXT, TO_BIGINT, TO_INTEGER = (
    f"ALTER TABLE jottings ALTER what TYPE {kind} USING what::{kind}"
    for kind in ("text", "bigint", "integer")
)
CROWD, CHANGES = 4, 6
# So often PostgreSQL plans for the values given, before it compares that with a plan for all.
PLANNED_EACH_TIME = 5


@pytest.fixture
def app(make_app: MakeApp) -> Iterator[Flask]:
    """An app on a database of its own."""
    with noting(make_app) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser."""
    return browser(app)


def test_a_statement_is_planned_for_a_few_and_then_for_all(app: Flask):
    for turn in range(PLANNED_EACH_TIME + 3):
        with db.reading() as session:
            assert NOTE.one(session, {"id": turn % 3 + 1}).id == turn % 3 + 1
            COUNT.one(session, {})
    with db.reading() as session:
        held = {sql.partition(" AS ")[2]: plans for sql, *plans in session.execute(HELD)}
    assert held == {
        "SELECT id, what FROM jottings WHERE id = $1": [3, PLANNED_EACH_TIME],
        "SELECT count(*) AS many FROM jottings": [PLANNED_EACH_TIME + 3, 0],
    }


def test_a_plan_outlives_the_transaction_that_made_it_and_failed(app: Flask):
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        raise ZeroDivisionError(COUNT.one(session, {}))
    with db.reading() as session:
        assert session.execute(HELD).one().generic_plans == 1
        COUNT.one(session, {})
        assert session.execute(HELD).one().generic_plans == 2


def test_a_statement_that_cannot_be_planned_leaves_no_plan_behind(app: Flask):
    alter("ALTER TABLE jottings RENAME COLUMN what TO which")
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="does not exist"), db.reading() as session:
            NOTE.one(session, {"id": 1})
    alter("ALTER TABLE jottings RENAME COLUMN which TO what")
    with db.reading() as session:
        assert NOTE.one(session, {"id": 1}).what == 10


@pytest.mark.parametrize("way", [TO_TEXT, TO_BIGINT])
def test_readings_go_on_unseen_when_the_type_of_a_column_changes(way: str, client: FlaskClient):
    assert client.get("/note").text == "3 10"
    alter(way)
    assert client.get("/note").text == "3 10"
    with db.reading() as session:
        assert NOTE.one(session, {"id": 1}).what == (10 if way == TO_BIGINT else "10")


def test_a_parameter_that_is_of_another_type_now_is_no_error(app: Flask):
    with db.reading() as session:
        assert SAME.one(session, {"what": 10}).many == 1
    alter(TO_TEXT)
    with db.reading() as session:
        assert SAME.one(session, {"what": "10"}).many == 1


def test_the_first_statement_of_a_writing_door_is_said_again(app: Flask):
    with db.transaction() as session:
        WRITE.one(session, {"what": 30})
    alter(TO_BIGINT)
    with db.transaction() as session:
        WRITE.one(session, {"what": 40})
    assert count() == 5


def test_a_plan_that_the_server_has_lost_is_made_anew(app: Flask):
    count()
    with db.transaction() as session:
        session.execute(text("DEALLOCATE ALL"))
    assert count() == 3


def test_a_press_begins_again_when_the_schema_changes_in_its_middle(client: FlaskClient):
    assert client.post("/write").text == "4 10"
    alter(TO_BIGINT)
    assert client.post("/write").text == "5 10"
    assert count() == 5


def test_what_was_saved_is_not_saved_twice(client: FlaskClient):
    client.post("/write")
    alter(TO_BIGINT)
    answer = client.post("/write_and_look")
    assert answer.status_code == 500
    assert "may be saved all the same" in answer.text
    assert count() == 5
    assert client.post("/write_and_look").text == "7 10"


def test_a_door_whose_transaction_is_lost_says_so(app: Flask):
    with db.reading() as session:
        seen(session)
    alter(TO_BIGINT)
    with pytest.raises(StalePlan):
        write()
    assert count() == 3


def test_a_statement_that_is_wrong_for_its_values_alone_stays_an_error(app: Flask):
    for _ in range(2):
        with pytest.raises(DataError, match="out of range"), db.transaction() as session:
            WRITE.one(session, {"what": 2**40})


def test_nobody_notices_a_schema_that_changes_under_load(app: Flask):
    over = Event()

    def visit() -> list[int]:
        visitor, answers = browser(app), []
        while not over.is_set():
            answers += [visitor.get("/note").status_code, visitor.post("/write").status_code]
        return answers

    with ThreadPoolExecutor(CROWD) as crowd:
        visits = [crowd.submit(visit) for _ in range(CROWD)]
        try:
            for way in [TO_BIGINT, TO_INTEGER] * (CHANGES // 2):
                alter(way)
                over.wait(0.2)
        finally:
            over.set()
        answers = [answer for visit in visits for answer in visit.result()]
    assert set(answers) == {200}
    assert count() == 3 + len(answers) // 2


def test_a_new_connection_makes_plans_of_its_own(app: Flask):
    with db.reading() as session:
        COUNT.one(session, {})
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    alter(f"SELECT pg_terminate_backend({backend}, 5000)")
    with db.reading() as session:
        assert session.execute(HELD).all() == []
    assert count() == 3
