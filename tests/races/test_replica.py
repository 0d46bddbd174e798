"""A replica serves what only looks back, shows nobody less than they wrote, and is never missed.

Real streaming replication: paused, frozen, killed, cut off, and behind a proxy.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from app.infra import circuit, db, replica
from app.infra.db import orm
from app.infra.local_postgres import account
from app.views import position
from tests import world as make
from tests.conftest import MakeApp
from tests.races.replication import Pair, pair, until
from tests.world import World

BACKWARDS = ["/stats", "/ledger", "/pet/finds"]
AT_HAND = ["/", "/pillars", "/pillars/{pillar}", "/habits/{habit}", "/pet", "/settings"]
REST = 0.5
# Seconds: what a page may take that looks for the replica in vain, and one that does not look.
FOUND_OUT, AT_ONCE = 1.5, 0.4


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    with pair() as made:
        yield made


@pytest.fixture(scope="module")
def copied_app(servers: Pair, make_app: MakeApp) -> Iterator[Flask]:
    """An app on both of them, as the unprivileged role that owns its database."""
    app = make_app(servers.url, database_replica_url=servers.replica_url)
    with app.app_context():
        upgrade()
        servers.caught_up()
        yield app
        forget(app)


@pytest.fixture
def world(copied_app: Flask, servers: Pair, monkeypatch: pytest.MonkeyPatch) -> World:
    """Nobody is there yet, and the standby knows it; a failed replica rests for a moment only."""
    monkeypatch.setattr(circuit, "REST_SECONDS", REST)
    with db.transaction() as session:
        session.execute(text("TRUNCATE users CASCADE"))
    servers.caught_up()
    until(lambda: serves())
    return World(copied_app)


@pytest.fixture
def ada(world: World, servers: Pair) -> FlaskClient:
    """Ada's browser, which has written nothing yet; her habit is on both servers."""
    client = world.signed_in(world.ada)
    assert world.habit
    servers.caught_up()
    return client


def serves(since: str | None = None) -> bool:
    """Does the replica serve a reading that needs `since`?"""
    with db.reading(since=since) as reading:
        return reading.scalar(text("SELECT pg_is_in_recovery()"))


@contextmanager
def asked(name: str) -> Iterator[list[str]]:
    """The statements on tables that reach the engine of one of the two inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "pg_is_in_recovery" not in statement:
            seen.append(statement)

    engine = engine_of(name)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def before_the_page_is_read(act: Callable[[], None], statement: int = 1) -> Iterator[None]:
    """Do `act` when the replica has said that it is fit, before the page's `statement`-th read."""
    acts = [act, *[lambda: None] * (statement - 1)]

    def strike(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if acts and "pg_is_in_recovery" not in statement:
            acts.pop()()

    event.listen(engine_of("replica"), "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(engine_of("replica"), "before_cursor_execute", strike)
    assert not acts, "the replica was not asked"


def engine_of(name: str) -> Engine:
    return orm.engines[None if name == "primary" else name]


def forget(app: Flask) -> None:
    with app.app_context():
        for engine in orm.engines.values():
            engine.dispose()


def timed(client: FlaskClient, path: str) -> tuple[int, float]:
    """The status of a GET, and the seconds that it took."""
    started = time.monotonic()
    return client.get(path).status_code, time.monotonic() - started


def keep(client: FlaskClient, world: World) -> None:
    """Commit Ada's habit in her browser."""
    assert client.post(f"/habits/{world.habit}/commit").status_code == 303


def lines(client: FlaskClient) -> int:
    """How many lines Ada's ledger shows."""
    return client.get("/ledger").text.count("+")


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
        reading.execute(text("CREATE TABLE notes (what text)"))
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


def test_a_killed_replica_is_missed_by_nobody_and_comes_back_by_itself(
    ada: FlaskClient, servers: Pair
):
    servers.kill_standby()
    try:
        for path in BACKWARDS * 2:
            assert timed(ada, path) < (200, FOUND_OUT)
    finally:
        servers.standby.wake()
    until(lambda: serves())


def test_a_frozen_replica_is_waited_for_once_and_thaws_by_itself(
    ada: FlaskClient, servers: Pair, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(circuit, "REST_SECONDS", 60.0)
    assert ada.get("/ledger").status_code == 200
    with servers.frozen():
        assert timed(ada, "/ledger") < (200, FOUND_OUT)
        for path in BACKWARDS * 2:
            assert timed(ada, path) < (200, AT_ONCE)
    monkeypatch.setattr(circuit, "REST_SECONDS", REST)
    replica._circuit(engine_of("replica").url).open()
    until(lambda: serves())


@pytest.mark.parametrize("path", BACKWARDS)
def test_a_replica_that_dies_in_the_middle_of_a_reading_costs_nobody_a_page(
    world: World, ada: FlaskClient, servers: Pair, path: str
):
    try:
        with before_the_page_is_read(servers.kill_standby), asked("primary") as fresh:
            answer = ada.get(path)
        assert answer.status_code == 200
        assert fresh
        assert "nav" in answer.text
    finally:
        servers.standby.wake()


def test_a_replica_that_freezes_in_the_middle_of_a_reading_costs_nobody_a_page(
    ada: FlaskClient, servers: Pair
):
    standstill = servers.frozen()
    try:
        with before_the_page_is_read(standstill.__enter__):
            assert timed(ada, "/ledger") < (200, 2 + FOUND_OUT)
    finally:
        standstill.__exit__(None, None, None)


def test_a_reading_that_is_in_the_way_of_the_replay_is_done_on_the_primary(
    ada: FlaskClient, servers: Pair
):
    conflicts = "SELECT confl_lock FROM pg_stat_database_conflicts WHERE datname = 'commit_life'"
    before = servers.ask(servers.standby, conflicts)

    def replay_a_lock() -> None:
        # The page has read habits already, and its transaction holds them.
        servers.ask(servers.primary, "BEGIN; LOCK TABLE habits; COMMIT")
        until(lambda: servers.ask(servers.standby, conflicts) > before)

    with before_the_page_is_read(replay_a_lock, statement=2), asked("primary") as fresh:
        assert ada.get("/stats").status_code == 200
    assert fresh


def test_what_is_not_there_is_404_also_when_the_replica_failed_before(
    ada: FlaskClient, servers: Pair
):
    try:
        with before_the_page_is_read(servers.kill_standby):
            assert ada.get("/stats?habit=999999").status_code == 404
    finally:
        servers.standby.wake()


@pytest.mark.usefixtures("world")
def test_a_replica_that_lags_is_left_alone_until_it_has_caught_up(
    servers: Pair, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replica, "_MOST_BEHIND", timedelta(0))
    with servers.paused():
        make.user("eva@example.org")
        heard = "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"
        until(lambda: servers.ask(servers.standby, heard))
        assert not serves()
    until(lambda: serves())


@pytest.mark.usefixtures("world")
def test_a_replica_that_hears_nothing_from_the_primary_is_left_alone(servers: Pair):
    reload = "SELECT pg_reload_conf()"
    told = servers.ask(servers.standby, "SHOW primary_conninfo")
    servers.ask(servers.standby, "ALTER SYSTEM SET primary_conninfo = ''")
    servers.ask(servers.standby, reload)
    try:
        until(lambda: not serves())
    finally:
        quoted = told.replace("'", "''")
        servers.ask(servers.standby, f"ALTER SYSTEM SET primary_conninfo = '{quoted}'")
        servers.ask(servers.standby, reload)
    until(lambda: serves())


def test_a_primary_is_no_replica(world: World, servers: Pair, make_app: MakeApp):
    app = make_app(servers.url, database_replica_url=servers.url)
    with app.app_context():
        with asked("replica") as copied:
            assert not serves()
        assert not copied
    forget(app)


def test_where_no_replica_is_nothing_is_connected_and_no_position_kept(
    world: World, ada: FlaskClient, servers: Pair, make_app: MakeApp
):
    with TemporaryDirectory() as folder:
        url = f"postgresql://commit_life@/commit_life_replica?host={quote(folder)}&port=6432"
        app = make_app(servers.url, database_replica_url=url)
        with app.app_context():
            client = World(app, world._made).signed_in(world.ada)
            keep(client, world)
            assert client.get_cookie("position") is None
            for path in BACKWARDS:
                assert timed(client, path) < (200, AT_ONCE)
            assert engine_of("replica").pool.checkedin() == 0
        forget(app)


@pytest.fixture
def proxied_app(servers: Pair, make_app: MakeApp) -> Iterator[tuple[Flask, Path]]:
    """An app whose replica stands behind pgbouncer, and the folder where that is to listen."""
    if shutil.which("pgbouncer") is None:
        pytest.skip("pgbouncer is not installed")
    with TemporaryDirectory(prefix="bouncer-") as name:
        folder = Path(name)
        account.give(folder) if account.identity() else folder.chmod(0o700)
        (folder / "users").write_text('"commit_life" ""\n')
        (folder / "bouncer.ini").write_text(
            "[databases]\n"
            f"commit_life_replica = host={servers.standby.sockets} dbname=commit_life\n"
            "[pgbouncer]\n"
            f"unix_socket_dir = {folder}\nlisten_port = 6432\nauth_type = trust\n"
            f"auth_file = {folder}/users\npool_mode = transaction\n"
            "ignore_startup_parameters = options\nserver_login_retry = 1\n"
        )
        url = f"postgresql://commit_life@/commit_life_replica?host={quote(name)}&port=6432"
        app = make_app(servers.url, database_replica_url=url)
        yield app, folder
        forget(app)


def test_a_replica_behind_a_proxy_is_found_when_it_appears_and_missed_by_nobody_when_it_goes(
    world: World, ada: FlaskClient, servers: Pair, proxied_app: tuple[Flask, Path]
):
    app, folder = proxied_app
    with app.app_context():
        assert not serves()
        proxy = subprocess.Popen(
            ["pgbouncer", "-q", folder / "bouncer.ini"], cwd="/", **account.identity()
        )
        try:
            until(lambda: serves())
            client = World(app, world._made).signed_in(world.ada)
            keep(client, world)
            until(lambda: serves(cookie(client).value))
            servers.kill_standby()
            for path in BACKWARDS * 2:
                assert timed(client, path) < (200, FOUND_OUT)
            servers.standby.wake()
            until(lambda: serves())
        finally:
            proxy.terminate()
            proxy.wait()
        assert timed(client, "/ledger") < (200, FOUND_OUT)


def cookie(client: FlaskClient):
    found = client.get_cookie("position")
    assert found is not None
    return found


def has_written(position: str) -> bool:
    """Has the primary come as far as `position`?"""
    reached = text("SELECT CAST(:position AS pg_lsn) <= pg_current_wal_insert_lsn()")
    with db.reading() as reading:
        return reading.scalar(reached, {"position": position})
