"""Behind a pgbouncer in transaction mode no plan is held, and everything else is as it was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text

from app.infra import db
from app.infra.db import orm
from tests.conftest import MakeApp, MakeDatabase, browser
from tests.races.bouncer import Bouncer, bouncer
from tests.races.notes import COUNT, NOTE, WRITE, alter, count, noting, seen
from tests.world import World

PLANS = text("SELECT count(*) FROM pg_prepared_statements")
BACKEND = text("SELECT pg_backend_pid()")
CROWD, VISITS = 8, 25


@pytest.fixture
def between(make_database: MakeDatabase) -> Iterator[Bouncer]:
    """A pgbouncer, not running yet, with two connections for all who come."""
    with bouncer(make_database(), servers=2) as made:
        yield made


@pytest.fixture
def bounced_app(between: Bouncer, make_app: MakeApp) -> Iterator[Flask]:
    """An app that reaches its database through it alone."""
    with between.running(), noting(make_app, between.through) as app:
        yield app


def plans() -> int:
    """How many plans the server keeps that answers just now, after a look."""
    with db.reading() as session:
        seen(session)
        return session.scalar(PLANS)


def test_no_plan_is_kept_behind_it(bounced_app: Flask):
    assert [plans() for _ in range(4)] == [0] * 4


def test_transactions_of_one_connection_meet_several_servers(bounced_app: Flask):
    """Else the other tests would prove nothing."""
    with db.reading() as session:
        first = session.scalar(BACKEND)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(_backend, bounced_app).result() != first


def _backend(app: Flask) -> int:
    with app.app_context(), db.reading() as session:
        return session.scalar(BACKEND)


def test_many_share_few_servers_and_a_schema_that_changes(bounced_app: Flask):
    def visit(number: int) -> set[int]:
        visitor, answers = browser(bounced_app), set()
        for turn in range(VISITS):
            if number == turn == 0:
                with bounced_app.app_context():
                    alter("ALTER TABLE jottings ALTER what TYPE bigint")
            answers |= {visitor.get("/note").status_code, visitor.post("/write").status_code}
        return answers

    with ThreadPoolExecutor(CROWD) as crowd:
        assert set().union(*crowd.map(visit, range(CROWD))) == {200}
    assert count() == 3 + CROWD * VISITS


def test_a_glance_and_a_write_go_through_it(bounced_app: Flask):
    with db.transaction() as session:
        written = WRITE.one(session, {"what": 30})
    assert db.glance(NOTE, {"id": written.id}) == written
    assert db.glance(COUNT, {}).many == 4


def test_today_and_a_press_go_through_it(between: Bouncer, make_app: MakeApp):
    with between.running():
        app = make_app(between.through)
        with app.app_context():
            world = World(app)
            client = world.signed_in(world.ada)
            for path in ("commit", "undo", "commit"):
                assert client.post(f"/habits/{world.habit}/{path}").status_code == 303
                assert [client.get("/").status_code for _look in range(2)] == [200, 200]
            assert 'data-done="true"' in client.get("/").text
            orm.engine.dispose()


def test_each_connection_finds_out_for_itself(between: Bouncer, make_app: MakeApp):
    """One URL leads past it while it is not there, through it while it is, and past it again."""
    with noting(make_app, between.through_or_past):
        assert plans() == 2
        with between.running():
            assert plans() == 2
            orm.engine.dispose()
            assert [plans() for _ in range(3)] == [0] * 3
        assert plans() == 2
