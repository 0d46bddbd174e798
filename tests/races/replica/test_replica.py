"""A replica serves what only looks back, and shows nobody less than they wrote."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.infra import db, replica
from app.web import position
from tests import world as make
from tests.conftest import MakeApp
from tests.races.replica.reading import (
    BACKWARDS,
    asked,
    cookie,
    forget,
    has_written,
    keep,
    lines,
    serves,
)  # fmt: skip
from tests.races.replica.servers import Pair, until
from tests.world import World

AT_HAND = ["/", "/pillars", "/pillars/{pillar}", "/habits/{habit}", "/pet", "/settings"]


@pytest.mark.parametrize("path", BACKWARDS)
def test_what_only_looks_back_is_read_from_the_replica(ada: FlaskClient, path: str):
    with asked("replica") as copied, asked("primary") as fresh:
        assert ada.get(path).status_code == 200
    assert copied
    assert not fresh


@pytest.mark.parametrize("path", AT_HAND)
def test_what_one_acts_on_is_read_from_the_primary(world: World, ada: FlaskClient, path: str):
    with asked("replica") as copied, asked("primary") as fresh:
        url = path.format(pillar=world.pillar, habit=world.habit)
        assert ada.get(url).status_code == 200
    assert fresh
    assert not copied


@pytest.mark.usefixtures("world")
def test_a_reading_is_of_the_primary_unless_it_says_since_when():
    assert serves()
    assert not serves(replica.NEVER)
    with db.reading() as reading:
        assert not reading.scalar(text("SELECT pg_is_in_recovery()"))


@pytest.mark.usefixtures("world")
def test_the_replica_is_only_read():
    with pytest.raises(replica.ReplicaFailed) as refused, db.reading(since=None) as reading:
        reading.execute(text("CREATE TABLE jottings (what text)"))
    assert isinstance(refused.value.__cause__, DBAPIError)
    assert "read-only transaction" in str(refused.value.__cause__)


def test_a_commit_is_seen_by_its_user_at_once_though_the_replica_stands_still(
    world: World, ada: FlaskClient, servers: Pair
):
    phone = world.signed_in(world.ada)
    with servers.paused():
        before = lines(ada)
        keep(ada, world)
        with asked("replica") as copied:
            assert lines(ada) > before
        assert not copied
        # Another browser of hers knows of no write and sees what the replica has.
        with asked("replica") as copied:
            assert lines(phone) == before
        assert copied
    until(lambda: serves(cookie(ada).value))
    with asked("primary") as fresh:
        assert lines(ada) > before
    assert not fresh


def test_a_write_gives_the_browser_its_position_in_a_cookie_of_its_own(
    world: World, ada: FlaskClient
):
    assert ada.get_cookie("position") is None
    keep(ada, world)
    answer = ada.post(f"/habits/{world.habit}/undo")
    (said,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("position=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))
    assert "Secure" not in said
    assert has_written(cookie(ada).value)
    # What only looks leaves it alone.
    assert "position=" not in str(ada.get("/ledger").headers)


def test_under_https_the_position_is_secure(world: World, servers: Pair, make_app: MakeApp):
    app = make_app(
        servers.url,
        database_replica_url=servers.replica_url,
        public_url="https://habits.example.org",
    )
    with app.test_request_context(base_url="https://habits.example.org"):
        db.begin_act()
        make.user("eva@example.org")
        answer = app.process_response(app.make_response("done"))
        (said,) = answer.headers.getlist("Set-Cookie")
    assert said.startswith("__Host-position=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))
    assert "Domain" not in said
    forget(app)


@pytest.mark.parametrize(
    "rubbish",
    ["", "0", "0/", "/0", "g/0", "0/0/0", "123456789/0", " 0/0", "0/0'--", "٣/0", "a/b", "0x1/0"],
)
def test_a_position_that_is_none_counts_for_nothing(ada: FlaskClient, rubbish: str):
    ada.set_cookie("position", quote(rubbish))
    with asked("replica") as copied:
        assert ada.get("/ledger").status_code == 200
    assert copied


def test_a_position_that_cannot_be_read_breaks_no_commit_and_means_the_primary(
    world: World, ada: FlaskClient, servers: Pair
):
    read = "EXECUTE ON FUNCTION pg_current_wal_insert_lsn()"
    servers.ask(servers.primary, f"REVOKE {read} FROM public")
    try:
        keep(ada, world)
    finally:
        servers.ask(servers.primary, f"GRANT {read} TO public")
    assert cookie(ada).value == replica.NEVER
    with asked("replica") as copied:
        assert lines(ada)
    assert not copied


@pytest.mark.parametrize(("method", "at"), [("GET", "0/1"), ("HEAD", "0/1"), ("POST", None)])
def test_the_answer_to_a_write_is_read_from_the_primary(world: World, method: str, at: str | None):
    cookies = {"HTTP_COOKIE": "position=0/1"}
    with world.app.test_request_context(method=method, environ_overrides=cookies):
        assert position.seen() == (at or replica.NEVER)
