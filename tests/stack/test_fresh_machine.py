"""`make run` in a container with Docker's ordinary capabilities, on Python 3.13, as whoever."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.stack.engine import copy_project, eventually

# Seconds, for the packages to come and for a first start.
BUILT_WITHIN, READY_WITHIN = 600, 180
_READY = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"
# Everything but PID 1, and this shell itself.
_KILL_ALL = "kill -9 -1"


class Machine:
    """A container in which a person types."""

    def __init__(self, image: str, *options: str) -> None:
        self._id = docker("run", "--detach", "--network", "none", *options, image).strip()

    def types(self, script: str, *options: str, within: float = 60) -> str:
        """A line of shell, and what it says. Raises CalledProcessError."""
        return docker("exec", *options, self._id, "sh", "-c", script, within=within)

    def start(self) -> None:
        """`make run`, until it says that it serves: what was there before may answer as well."""
        self.types(": >/tmp/said; chmod 666 /tmp/said", "--user", "0")
        self.types("exec make run >>/tmp/said 2>&1", "--detach")
        try:
            eventually(lambda: "Commit Life: http" in self.types("cat /tmp/said"), READY_WITHIN)
        except AssertionError as error:
            raise AssertionError(self.types("cat /tmp/said; cat var/postgres/log")) from error
        assert self.is_ready()

    def is_ready(self) -> bool:
        with suppress(subprocess.CalledProcessError):
            self.types(f'.venv/bin/python -c "{_READY}"')
            return True
        return False

    def sql(self, statement: str) -> str:
        """Ask the database, as the app does."""
        code = (
            "import psycopg2, os; from app.infra.local_postgres.cluster import Cluster;"
            "from pathlib import Path; c = psycopg2.connect(Cluster(Path('var/postgres').resolve())"
            f".url); c.autocommit = True; k = c.cursor(); k.execute('{statement}');"
            "print(k.fetchone()[0] if k.description else '')"
        )
        return self.types(f'.venv/bin/python -c "{code}"').strip()

    def numbers(self, words: str) -> str:
        """The numbers of the processes whose command line has these words, beside zombies."""
        # Not by pgrep, which a slim image has not; in brackets, so that this shell has them not.
        words = f"[{words[0]}]{words[1:]}"
        script = (
            "for each in /proc/[0-9]*; do"
            f" if tr '\\0' ' ' <$each/cmdline 2>/dev/null | grep -q '{words}';"
            " then basename $each; fi; done"
        )
        return " ".join(self.types(script, "--user", "0").split())

    def remove(self) -> None:
        docker("rm", "--force", self._id)


def docker(*command: str | Path, within: float = 60) -> str:
    done = subprocess.run(
        ["docker", *command], capture_output=True, text=True, check=False, timeout=within
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module", params=["root", "ordinary", "private"])
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A machine with the packages on it: as root, as somebody, and as root in a closed folder."""
    folder = tmp_path_factory.mktemp("fresh")
    copy_project(folder)
    tag = f"commit-life-fresh-{request.param}"
    build = ["build", "--quiet", "--network", "host", "--target", request.param, "--tag", tag]
    docker(*build, "--file", folder / "tests/stack/fresh.Dockerfile", folder, within=BUILT_WITHIN)
    return tag


@pytest.fixture
def machine(image: str) -> Iterator[Machine]:
    machine = Machine(image)
    yield machine
    machine.remove()


def test_a_run_answers_is_killed_starts_again_and_stops(machine: Machine):
    machine.start()
    machine.sql("CREATE TABLE written AS SELECT 7 AS number")
    assert machine.types("stat -c %a /root", "--user", "0").strip() == "700"
    # Long enough for the launcher to have looked after the database, four times a second.
    time.sleep(2)
    server = machine.numbers("postgres -D")
    assert machine.is_ready()

    # The launcher alone: what it had started lives on.
    machine.types(f"kill -9 {machine.numbers('app.serve')}")
    assert machine.numbers("postgres -D") == server
    machine.start()
    assert machine.sql("SELECT number FROM written") == "7"
    assert machine.numbers("postgres -D") == server

    # The database alone.
    machine.types(f"kill -9 {machine.numbers('postgres -D')}", "--user", "0")
    eventually(lambda: machine.numbers("postgres -D") not in ("", server))
    eventually(machine.is_ready)

    # Everything at once.
    with suppress(subprocess.CalledProcessError):
        machine.types(_KILL_ALL)
    machine.start()
    assert machine.sql("SELECT number FROM written") == "7"

    machine.types("make stop")
    assert machine.numbers("postgres -D") == machine.numbers("gunicorn") == ""


@pytest.fixture
def blind(image: str) -> Iterator[Machine]:
    """A machine on which nobody sees what others run."""
    # For the mount alone: what may be seen of others is a matter of SYS_PTRACE.
    machine = Machine(image, "--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined")
    machine.types("mount -o remount,hidepid=2 /proc", "--user", "0")
    yield machine
    machine.remove()


def test_it_is_the_same_where_other_peoples_processes_cannot_be_seen(blind: Machine):
    machine = blind
    machine.start()
    machine.sql("CREATE TABLE written AS SELECT 7 AS number")
    time.sleep(2)
    assert machine.is_ready()
    with suppress(subprocess.CalledProcessError):
        machine.types(_KILL_ALL)
    machine.start()
    assert machine.sql("SELECT number FROM written") == "7"
    machine.types("make stop")
    assert not machine.is_ready()
