"""The embedded PostgreSQL: shared, revived, and never taken for what it is not."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg2
import pytest

from app.config import ROOT
from app.infra import local_postgres
from app.infra.local_postgres import cluster

WRITTEN = "DROP TABLE IF EXISTS written; CREATE TABLE written AS SELECT 7 AS number; SELECT 1"
HOLD = """
import sys, time
from pathlib import Path
from app.infra import local_postgres
print(local_postgres.acquire(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not pytest's own folder, whose path is too long for a socket: that case has its own test.
    with TemporaryDirectory(prefix="pg-") as name:
        yield Path(name).resolve()


@pytest.fixture
def data_dir(folder) -> Iterator[Path]:
    """A folder whose server nobody uses yet and everybody has left afterwards."""
    yield folder
    local_postgres.release(folder)
    assert local_postgres.stop(folder)


def test_what_is_acquired_twice_is_one_server(data_dir):
    url = local_postgres.acquire(data_dir)
    first = postmaster(data_dir)
    assert local_postgres.acquire(data_dir) == url
    assert postmaster(data_dir) == first


def test_the_server_works_below_the_data_folder_and_listens_on_no_port(data_dir):
    local_postgres.acquire(data_dir)
    server = psutil.Process(postmaster(data_dir))
    assert Path(server.cwd()) == data_dir / "postgres"
    assert not server.net_connections("inet")


def test_the_last_user_out_stops_the_server(data_dir):
    url = local_postgres.acquire(data_dir)
    with other_user(data_dir) as other:
        local_postgres.release(data_dir)
        assert answer(url) == 1
        other.communicate(timeout=10)
        assert other.returncode == 0
    assert not is_running(data_dir)


def test_a_killed_user_neither_keeps_the_server_nor_stops_it(data_dir):
    url = local_postgres.acquire(data_dir)
    with other_user(data_dir) as other:
        other.kill()
    assert answer(url) == 1
    local_postgres.release(data_dir)
    assert not is_running(data_dir)


def test_a_forked_child_leaves_its_parents_server_alone(data_dir):
    url = local_postgres.acquire(data_dir)
    child = multiprocessing.get_context("fork").Process(
        target=local_postgres.release, args=(data_dir,)
    )
    child.start()
    child.join()
    assert answer(url) == 1


def test_a_killed_server_comes_back_with_its_data_at_the_same_url(data_dir):
    url = local_postgres.acquire(data_dir)
    answer(url, WRITTEN)
    os.kill(postmaster(data_dir), signal.SIGKILL)
    # Soon a zombie, which nobody but the system's first process may reap.
    wait_until(lambda: local_postgres.revive(data_dir))
    assert answer(url, "SELECT number FROM written") == 7
    assert not local_postgres.revive(data_dir)


def test_a_server_asked_to_end_while_in_use_comes_back_at_once(data_dir):
    url = local_postgres.acquire(data_dir)
    with closing(psycopg2.connect(url)):
        os.kill(postmaster(data_dir), signal.SIGTERM)
        wait_until(lambda: local_postgres.revive(data_dir))
    assert answer(url) == 1


def test_a_frozen_server_is_not_dead(data_dir):
    local_postgres.acquire(data_dir)
    frozen = postmaster(data_dir)
    os.kill(frozen, signal.SIGSTOP)
    try:
        assert not local_postgres.revive(data_dir)
    finally:
        os.kill(frozen, signal.SIGCONT)
    assert postmaster(data_dir) == frozen


def test_a_frozen_server_can_be_stopped(data_dir):
    url = local_postgres.acquire(data_dir)
    answer(url, WRITTEN)
    os.kill(postmaster(data_dir), signal.SIGSTOP)
    local_postgres.release(data_dir)
    assert not is_running(data_dir)
    assert answer(local_postgres.acquire(data_dir), "SELECT number FROM written") == 7


def test_a_strangers_number_in_the_pid_file_is_not_a_server(data_dir):
    url = local_postgres.acquire(data_dir)
    local_postgres.release(data_dir)
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert local_postgres.acquire(data_dir) == url
    assert answer(url) == 1


def test_a_half_made_cluster_is_made_anew(folder):
    fresh = folder / "fresh"
    (fresh / "postgres.new").mkdir(parents=True)
    (fresh / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert answer(local_postgres.acquire(fresh)) == 1
    local_postgres.release(fresh)


def test_a_path_too_long_for_a_socket_works_and_its_socket_is_private(data_dir):
    deep = data_dir / ("long " * 20) / ("longer" * 15)
    url = local_postgres.acquire(deep)
    try:
        assert answer(url) == 1
        sockets = psycopg2.extensions.parse_dsn(url)["host"]
        assert not Path(sockets).stat().st_mode & 0o077
    finally:
        local_postgres.release(deep)
    assert not Path(sockets).exists()


def test_processes_that_come_at_once_share_one_server(data_dir):
    others = [start_user(data_dir) for _ in range(3)]
    urls = {other.stdout.readline().strip() for other in others}
    assert urls == {local_postgres.acquire(data_dir)}
    for other in others:
        other.communicate(timeout=10)
        assert other.returncode == 0
    assert is_running(data_dir)


def test_without_the_wheel_one_sentence_says_what_to_do(data_dir, monkeypatch):
    monkeypatch.setattr(cluster, "WHEEL", None)
    with pytest.raises(local_postgres.LocalPostgresError, match="Set DATABASE_URL, or install"):
        local_postgres.acquire(data_dir)


def start_user(data_dir: Path) -> subprocess.Popen[str]:
    """Another process that acquires the server and releases it when its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def other_user(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    with start_user(data_dir) as other:
        assert other.stdout.readline().strip()
        yield other


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def is_running(data_dir: Path) -> bool:
    return bool(cluster.Cluster(data_dir / "postgres").state())


def answer(url: str, statement: str = "SELECT 1") -> int:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def wait_until(done: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not done():
        assert time.monotonic() < give_up
        time.sleep(0.02)
