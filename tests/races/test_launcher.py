"""`make run` as a person meets it: a real launcher, real signals, real ports."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN, ENDS_WITHIN = 60.0, 15.0
OURS = ("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "REDIS_URL", "PORT", "DATA_DIR")


@dataclass
class Run:
    """A launcher, its folder and its port; started, it leads a process group, as from a shell."""

    data_dir: Path
    port: int
    launcher: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**others, "DATA_DIR": str(self.data_dir), "PORT": str(self.port)}

    def start(self) -> None:
        self.launcher = subprocess.Popen(
            [sys.executable, "-m", "app.serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=(self.data_dir / "said").open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        # Its own word first: what a killed launcher left behind answers too.
        until(lambda: self.is_ready() and "Commit Life:" in self.said(), STARTS_WITHIN, self.said)

    def is_ready(self) -> bool:
        assert self.launcher is not None
        assert self.launcher.poll() is None, self.said()
        return self.status("/readyz") == 200

    def said(self) -> str:
        return (self.data_dir / "said").read_text()

    def status(self, path: str) -> int:
        """The HTTP status of a GET, 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def postmaster(self) -> int:
        """The number of PostgreSQL's first process, 0 while there is none."""
        with suppress(FileNotFoundError, IndexError):
            return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        return 0

    def processes(self) -> list[psutil.Process]:
        """Everything alive that works in the folder or names it."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            places = [process.cwd(), *process.cmdline()]
        except psutil.Error:
            return False
        return any(place.startswith(str(self.data_dir)) for place in places)

    def kill(self) -> None:
        assert self.launcher is not None
        self.launcher.kill()
        self.launcher.wait()

    def end(self) -> None:
        """End it like Ctrl-C, and by force what that leaves."""
        if self.launcher is not None:
            self.launcher.terminate()
            self.launcher.wait(ENDS_WITHIN)
        for process in self.processes():
            process.kill()


@pytest.fixture
def make_run() -> Iterator[Callable[[], Run]]:
    """Makes runs that are not started yet; ends those that were."""
    with folder_of_runs() as make:
        yield make


@pytest.fixture(scope="module")
def running() -> Iterator[Run]:
    """A run for the tests that leave it as it was."""
    with folder_of_runs() as make:
        run = make()
        run.start()
        yield run


@contextmanager
def folder_of_runs() -> Iterator[Callable[[], Run]]:
    runs: list[Run] = []
    with TemporaryDirectory(prefix="runs-") as folder:

        def make() -> Run:
            data_dir = Path(folder).resolve() / str(len(runs))
            data_dir.mkdir()
            runs.append(Run(data_dir, free_port()))
            return runs[-1]

        try:
            yield make
        finally:
            for run in runs:
                run.end()


def test_a_flask_command_shares_the_database_of_a_running_app(running):
    flask(running, "db", "current")
    assert running.is_ready()


def test_it_names_the_file_whose_link_makes_the_first_admin_and_never_the_link(running):
    file = running.data_dir / "first-admin"
    assert str(file) in running.said()
    assert running.status(urlsplit(file.read_text().strip()).path) == 200
    assert "/first-admin/" not in running.said()


def test_only_gunicorn_has_gunicorn_in_its_command_line(running):
    family = [p for p in running.processes() if "gunicorn" in " ".join(p.cmdline())]
    assert len(family) == 3
    assert "gunicorn" not in " ".join(running.launcher.args)


def test_a_second_run_on_the_same_folder_is_refused_in_one_sentence(running):
    said = refusal(Run(running.data_dir, free_port()))
    assert said.startswith(f"DATA_DIR {running.data_dir} is served already")
    assert running.is_ready()


def test_a_taken_port_is_told_in_one_sentence(running, make_run):
    other = make_run()
    other.port = running.port
    assert refusal(other).startswith(f"PORT {running.port} is taken")


def test_runs_with_other_folders_and_ports_coexist(running, make_run):
    other = make_run()
    other.start()
    other.end()
    assert other.status("/readyz") == 0
    assert running.is_ready()


def test_a_killed_postmaster_comes_back_while_the_app_runs_on(running):
    first = running.postmaster()
    os.kill(first, signal.SIGKILL)
    until(lambda: running.postmaster() not in (0, first) and running.is_ready(), 10, running.said)


def test_a_killed_worker_comes_back_and_the_log_names_the_file_of_a_letter(running):
    def workers() -> set[int]:
        found = set()
        for process in running.processes():
            # It may end between two looks.
            with suppress(psutil.Error):
                found |= {process.pid} if "work" in process.cmdline() else set()
        return found

    first = workers()
    assert len(first) == 1
    os.kill(*first, signal.SIGKILL)
    until(lambda: len(workers() - first) == 1, STARTS_WITHIN, running.said)
    assert "The worker was gone (code -9), and is started again." in running.said()
    flask(running, "mail", "try", "ada@example.org")
    file = running.data_dir / "mail" / "1.eml"
    until(lambda: f"went to {file}" in running.said(), STARTS_WITHIN, running.said)
    assert f"Open Today:\nhttp://127.0.0.1:{running.port}/" in flask(running, "mail", "show", "1")


@pytest.mark.parametrize(
    ("number", "to_group"),
    [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGHUP, True)],
)
def test_a_signal_ends_everything_however_often_it_comes(make_run, number, to_group):
    run = make_run()
    run.start()
    send = os.killpg if to_group else os.kill
    send(run.launcher.pid, number)
    time.sleep(0.1)
    send(run.launcher.pid, number)
    assert run.launcher.wait(ENDS_WITHIN) == 0, run.said()
    until(lambda: not run.processes(), 2, lambda: str(run.processes()))


def test_a_run_ends_with_its_web_server_and_says_so(make_run):
    run = make_run()
    run.start()
    family = [p for p in run.processes() if "gunicorn" in " ".join(p.cmdline())]
    (master,) = [p for p in family if p.ppid() not in {each.pid for each in family}]
    master.kill()
    assert run.launcher.wait(ENDS_WITHIN) == 1
    assert "gunicorn ended by itself (code -9)." in run.said()
    until(lambda: not run.processes(), 2, lambda: str(run.processes()))


def test_a_killed_launcher_is_followed_by_the_next_with_the_data_intact(make_run):
    run = make_run()
    run.start()
    query(run, "CREATE TABLE written AS SELECT 1 AS one")
    run.kill()
    assert run.status("/readyz") == 200, "gunicorn outlives its launcher"
    run.start()
    assert query(run, "SELECT one FROM written") == [(1,)]


def test_a_killed_run_is_ended_by_stop(make_run):
    run = make_run()
    run.start()
    run.kill()
    command = [sys.executable, "-m", "app.serve", "--stop"]
    subprocess.run(command, cwd=ROOT, env=run.environment, check=True, timeout=ENDS_WITHIN)
    assert not run.processes()


def flask(run: Run, *words: str) -> str:
    """What a command says beside a run."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(
        command, cwd=ROOT, env=run.environment, check=True, capture_output=True, text=True
    ).stdout


def query(run: Run, statement: str) -> list[tuple]:
    folder = str(run.data_dir / "postgres")
    connection = psycopg2.connect(host=folder, port=5432, user="postgres", dbname="postgres")
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refusal(run: Run) -> str:
    """What a start says that must not succeed: one line, and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "app.serve"],
        cwd=ROOT,
        env=run.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(done: Callable[[], bool], within: float, explain: Callable[[], str]) -> None:
    """Wait for `done()` to hold, for `within` seconds at most."""
    give_up = time.monotonic() + within
    while not done():
        assert time.monotonic() < give_up, explain()
        time.sleep(0.05)
