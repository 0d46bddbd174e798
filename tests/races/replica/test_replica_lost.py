"""A replica that is lost, late, frozen or not there is missed by nobody, and found again.

Real streaming replication: paused, frozen, killed, cut off, and behind a proxy.
"""

import subprocess
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import replica
from app.infra.local_postgres import account
from tests import programs
from tests import world as make
from tests.conftest import MakeApp
from tests.races.replica.reading import (
    AT_ONCE,
    BACKWARDS,
    FOUND_OUT,
    REST,
    asked,
    before_the_page_is_read,
    connections,
    cookie,
    engine_of,
    forget,
    keep,
    rests_for,
    serves,
    timed,
)  # fmt: skip
from tests.races.replica.servers import Pair, until
from tests.races.standstill import standing_still
from tests.world import World


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
    rests_for(60.0, monkeypatch)
    assert ada.get("/ledger").status_code == 200
    with standing_still(servers.postmaster()):
        assert timed(ada, "/ledger") < (200, FOUND_OUT)
        for path in BACKWARDS * 2:
            assert timed(ada, path) < (200, AT_ONCE)
    rests_for(REST, monkeypatch)
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
    standstill = standing_still(servers.postmaster())
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
            with connections("replica") as tried:
                for path in BACKWARDS:
                    assert client.get(path).status_code == 200
            assert tried == []
        forget(app)


def test_a_replica_behind_a_proxy_is_found_when_it_appears_and_missed_by_nobody_when_it_goes(
    world: World, ada: FlaskClient, servers: Pair, proxied_app: tuple[Flask, Path]
):
    app, folder = proxied_app
    with app.app_context():
        assert not serves()
        proxy = subprocess.Popen(
            [programs.find("pgbouncer"), "-q", folder / "bouncer.ini"],
            cwd="/",
            **account.identity(),
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
