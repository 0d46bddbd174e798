"""The embedded PostgreSQL where /proc is closed: for root in a container, and with `hidepid`."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import psutil
import psycopg2
import pytest

from app.infra import local_postgres
from app.infra.local_postgres import account, cluster
from tests.test_local_postgres import (
    WRITTEN,
    answer,
    is_running,
    other_user,
    postmaster,
    wait_until,
)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder whose server is stopped afterwards, when one may look again."""
    with TemporaryDirectory(prefix="pg-") as name, pytest.MonkeyPatch.context() as opened:
        folder = Path(name).resolve()
        yield folder
        opened.undo()
        local_postgres.release(folder)
        assert local_postgres.stop(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, for what is copied."""
    with TemporaryDirectory(prefix="pg-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(params=["no SYS_PTRACE", "hidepid"])
def unseen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The looks that /proc refuses to root without SYS_PTRACE, or to everybody with hidepid."""

    def refused(process: psutil.Process, *_options: object, **_more: object) -> None:
        raise psutil.AccessDenied(process.pid)

    def hidden(_process: psutil.Process, pid: int | None = None, **_options: object) -> None:
        raise psutil.NoSuchProcess(pid or 0)

    if request.param == "hidepid":
        monkeypatch.setattr(psutil.Process, "_init", hidden)
    else:
        monkeypatch.setattr(psutil.Process, "cwd", refused)


@pytest.mark.usefixtures("unseen")
def test_a_living_server_is_not_taken_for_dead(data_dir: Path):
    url = local_postgres.acquire(data_dir)
    first = postmaster(data_dir)
    assert is_running(data_dir)
    assert not local_postgres.revive(data_dir)
    with other_user(data_dir):
        assert local_postgres.acquire(data_dir) == url
    assert postmaster(data_dir) == first
    assert answer(url) == 1


@pytest.mark.usefixtures("unseen")
def test_a_living_server_that_holds_no_lock_is_joined_and_can_be_stopped(data_dir: Path):
    url = local_postgres.acquire(data_dir)
    first = postmaster(data_dir)
    # As one that an earlier version left running: what it holds is no file of this name.
    (data_dir / "postgres.life").unlink()
    assert not local_postgres.revive(data_dir)
    assert local_postgres.acquire(data_dir) == url
    assert postmaster(data_dir) == first
    local_postgres.release(data_dir)
    assert not is_running(data_dir)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)


@pytest.mark.usefixtures("unseen")
def test_a_killed_server_comes_back_with_its_data(data_dir: Path):
    url = local_postgres.acquire(data_dir)
    answer(url, WRITTEN)
    os.kill(postmaster(data_dir), signal.SIGKILL)
    wait_until(lambda: local_postgres.revive(data_dir))
    assert answer(url, "SELECT number FROM written") == 7


@pytest.mark.parametrize("unseen", ["hidepid"], indirect=True)
@pytest.mark.usefixtures("unseen")
def test_a_frozen_server_is_stopped(data_dir: Path):
    url = local_postgres.acquire(data_dir)
    answer(url, WRITTEN)
    os.kill(postmaster(data_dir), signal.SIGSTOP)
    assert not local_postgres.revive(data_dir)
    local_postgres.release(data_dir)
    assert not is_running(data_dir)
    assert answer(local_postgres.acquire(data_dir), "SELECT number FROM written") == 7


@pytest.mark.usefixtures("unseen")
def test_the_pid_file_of_what_may_be_the_server_is_not_deleted(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    local_postgres.acquire(data_dir)
    local_postgres.release(data_dir)
    monkeypatch.setattr(cluster, "START_WITHIN", 0.3)
    noted = data_dir / "postgres" / "postmaster.pid"
    # Somebody of the same account, of whom it cannot be told what it is.
    with subprocess.Popen(["sleep", "60"], **account.identity()) as somebody:
        noted.write_text(f"{somebody.pid}\n")
        with pytest.raises(local_postgres.LocalPostgresError, match="does not start"):
            local_postgres.acquire(data_dir)
        assert noted.read_text() == f"{somebody.pid}\n"
        somebody.kill()
    assert local_postgres.acquire(data_dir)


def test_no_private_folder_on_the_way_is_opened(
    data_dir: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    private = data_dir / "private"
    private.mkdir(mode=0o700)
    wheel = Path(cluster.WHEEL.origin).parent
    (private / wheel.name).mkdir()
    subprocess.run(["cp", "-r", wheel / "pginstall18", private / wheel.name], check=True)
    subprocess.run(["cp", "-r", f"{wheel}.libs", private], check=True)
    origin = str(private / wheel.name / "__init__.py")
    monkeypatch.setattr(cluster, "WHEEL", SimpleNamespace(origin=origin))
    monkeypatch.setattr(account, "COPIES", open_folder, raising=False)
    url = local_postgres.acquire(private)
    try:
        assert answer(url) == 1
        for folder in (private, data_dir):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    finally:
        local_postgres.release(private)
