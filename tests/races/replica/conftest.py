"""A primary and a standby, an app on both, and Ada's browser."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from app.infra import db
from app.infra.local_postgres import account
from tests.conftest import MakeApp
from tests.races.replica.reading import REST, forget, rests_for, serves
from tests.races.replica.servers import Pair, pair, until
from tests.world import World


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
    rests_for(REST, monkeypatch)
    with db.transaction() as session:
        session.execute(text("TRUNCATE users, addresses CASCADE"))
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


@pytest.fixture
def proxied_app(servers: Pair, make_app: MakeApp) -> Iterator[tuple[Flask, Path]]:
    """An app whose replica stands behind pgbouncer, and the folder where that is to listen."""
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
