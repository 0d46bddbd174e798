"""No server of ours writes down what people typed: not when it is slow, and not when it fails."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg2
import pytest

from app.config import ROOT
from app.infra import local_postgres
from app.infra.local_postgres import account, cluster
from tests.test_local_postgres import answer

FAILING = (
    "INSERT INTO people VALUES ('unique-secret')",
    "INSERT INTO people VALUES ('check-secret')",
    "SELECT 'cast-secret'::integer",
    "SELECT nothing FROM people WHERE address = 'where-secret'",
    "PREPARE one AS SELECT $1::integer; EXECUTE one('parameter-secret')",
)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with TemporaryDirectory(prefix="pg-") as name:
        yield Path(name).resolve()


def work(url: str) -> None:
    """A slow statement and failing ones, with secrets in all of them."""
    answer(url, "SELECT 1 FROM (SELECT 1) AS one, (SELECT pg_sleep(0.6), 'slow-secret') AS two")
    answer(
        url, "CREATE TABLE people (address text UNIQUE CHECK (address <> 'check-secret')); SELECT 1"
    )
    answer(url, "INSERT INTO people VALUES ('unique-secret') RETURNING 1")
    for failing in FAILING:
        with pytest.raises(psycopg2.Error):
            answer(url, failing)


def test_the_embedded_server_writes_nothing_of_a_person(data_dir: Path):
    try:
        work(local_postgres.acquire(data_dir))
    finally:
        local_postgres.release(data_dir)
    said = (data_dir / "postgres" / "log").read_text()
    assert "ready to accept connections" in said
    assert "secret" not in said


def test_the_server_of_the_containers_writes_nothing_of_a_person(data_dir: Path):
    local_postgres.acquire(data_dir)
    local_postgres.release(data_dir)
    home = data_dir / "postgres"
    with deployed(home) as url:
        make_roles(data_dir, home)
        work(f"{url}&user=commit_life&dbname=commit_life")
        # Errors of everybody else are still told, without what they were about.
        with pytest.raises(psycopg2.Error):
            answer(f"{url}&user=postgres&dbname=postgres", "SELECT 1 / length('') AS secret")
    said = (data_dir / "said").read_text()
    assert "ready to accept connections" in said
    assert "division by zero" in said
    assert "secret" not in said


@contextmanager
def deployed(home: Path) -> Iterator[str]:
    """The server with the configuration of the containers, on a socket; its URL."""
    (home / "deployed.conf").write_text((ROOT / "deploy/db/postgresql.conf").read_text())
    own = account.name(home)
    places = {
        "config_file": own / "deployed.conf", "hba_file": own / "pg_hba.conf",
        "ident_file": own / "pg_ident.conf", "unix_socket_directories": ".",
        "listen_addresses": "",
    }  # fmt: skip
    options = [word for name, value in places.items() for word in ("-c", f"{name}={value}")]
    with (home.parent / "said").open("wb") as said:
        running = subprocess.Popen(
            [programs() / "postgres", "-D", own, *options],
            cwd=home, stdout=said, stderr=said, **account.identity(),
        )  # fmt: skip
        url = f"postgresql:///?host={quote(str(home))}&port=5432"
        try:
            await_answer(f"{url}&user=postgres&dbname=postgres", home.parent / "said")
            yield url
        finally:
            running.terminate()
            running.wait(10)


def make_roles(data_dir: Path, home: Path) -> None:
    """What the first start of the containers does."""
    (data_dir / "secret").write_text("of a role")
    text = (ROOT / "deploy/db/roles.sh").read_text()
    for name in ("database_password", "replication_password"):
        text = text.replace(f"/run/secrets/{name}", f"{data_dir}/secret")
    path = f"{programs()}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PGHOST": str(home)}
    subprocess.run(["bash", "-c", text], env=environment, check=True, capture_output=True)


def programs() -> Path:
    return account.reachable(Path(cluster.WHEEL.origin).parent / "pginstall18") / "bin"


def await_answer(url: str, said: Path) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        with suppress(psycopg2.OperationalError):
            answer(url)
            return
        time.sleep(0.05)
    raise AssertionError(said.read_text())
