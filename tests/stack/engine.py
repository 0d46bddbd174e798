"""The real stack, brought up by Docker Compose from a copy of this folder, on ports of its own."""

import json
import logging
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
DOMAIN = "localhost"
# What was measured; `make stack-test` shows it.
log = logging.getLogger("stack")
# Seconds, for one command of the engine.
PATIENCE = 300


# What is closed to the outside; the seconds are those of the request alone, without the engine's.
_ASK = """
import sys, time
from urllib.error import HTTPError
from urllib.request import urlopen
begun = time.monotonic()
try:
    answer = urlopen("http://127.0.0.1:8000" + sys.argv[1], timeout=30)
except HTTPError as error:
    answer = error
text = answer.read().decode()
print(answer.status, time.monotonic() - begun, text, sep="\\n", end="")
"""


class Inside(NamedTuple):
    """An answer to a request from inside a container."""

    status: int
    seconds: float
    text: str


class Stack:
    """A stack of its own name, folder, volumes and ports; `overrides` are further compose files."""

    def __init__(self, folder: Path, *overrides: Path, profiles: str = "") -> None:
        self.folder = folder
        self.name = f"commit-life-{secrets.token_hex(3)}"
        self.port, self.http_port = _free_port(), _free_port()
        self._files = [self.folder / "compose.yaml", *overrides]
        self._environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_FILE": ":".join(map(str, self._files)),
            "COMPOSE_PROFILES": profiles,
            "BIND": "127.0.0.1",
            "HTTP_PORT": str(self.http_port),
            "HTTPS_PORT": str(self.port),
        }
        copy_project(self.folder)
        self.run("./setup.sh", "--domain", DOMAIN, "--public")

    def run(self, *command: str, check: bool = True) -> str:
        """Run a command in the stack's folder and environment, and return what it printed."""
        code, said = self.attempt(*command)
        if check and code:
            raise AssertionError(f"{' '.join(command)} ended with {code}:\n{said}")
        return said

    def attempt(self, *command: str, **environment: str) -> tuple[int, str]:
        """Run a command that may fail, with more in its environment: its exit code, its words."""
        done = subprocess.run(
            command, cwd=self.folder, env={**self._environment, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def started(self, *command: str) -> subprocess.Popen[str]:
        """Start a command that goes on beside the test, with pipes to it and from it."""
        return subprocess.Popen(
            command, cwd=self.folder, env=self._environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def compose(self, *command: str, check: bool = True) -> str:
        """Run a command of docker compose."""
        return self.run("docker", "compose", *command, check=check)

    def up(self, *options: str) -> None:
        """Bring everything up, and wait until it is healthy."""
        self.compose("up", "--detach", "--no-build", "--wait", *options)

    def down(self) -> None:
        """Take everything away, the data too."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5")

    def inside(self, service: str, *command: str, check: bool = True) -> str:
        """Run a command in the container of a service."""
        return self.compose("exec", "-T", service, *command, check=check)

    def ids(self, service: str) -> list[str]:
        """The containers of a service, whatever their state."""
        return self.compose("ps", "--all", "--quiet", service).split()

    def engine(self, verb: str, service: str, *options: str) -> None:
        """Do `verb` (kill, stop, start, pause, unpause, restart) to the containers of a service."""
        self.run("docker", verb, *options, *self.ids(service))

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of the first container of a service."""
        found: dict[str, Any]
        [found] = json.loads(self.run("docker", "inspect", self.ids(service)[0]))
        return found

    def sql(self, statement: str, service: str = "db", database: str = "commit_life") -> str:
        """Ask the database itself; the answer has one line for each row, columns apart by |."""
        psql = ["psql", "-U", "postgres", "-d", database, "-AtXq", "-v", "ON_ERROR_STOP=1"]
        return self.inside(service, *psql, "-c", statement).strip()

    def verify(self) -> str:
        """What `ledger verify` says; fails where a balance does not follow from the ledger."""
        return self.inside("app", "flask", "--app", "wsgi", "ledger", "verify")

    def logs(self, service: str) -> str:
        """Everything that a service has written."""
        return "".join(self.run("docker", "logs", each) for each in self.ids(service))

    def memory(self, service: str) -> float:
        """How many MiB the first container of a service holds."""
        stats = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}"]
        used = self.run(*stats, self.ids(service)[0]).split("/")[0].strip()
        return float(used[:-3]) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[used[-3:]]

    def lines(self, service: str) -> list[dict[str, Any]]:
        """The lines of a service's log that are JSON, as the app and nginx write them."""
        return [
            json.loads(line) for line in self.logs(service).splitlines() if line.startswith("{")
        ]

    def asks_itself(self, path: str) -> Inside:
        """What the app answers to a request from inside its own container."""
        status, seconds, text = self.inside("app", "python", "-c", _ASK, path).split("\n", 2)
        return Inside(int(status), float(seconds), text)

    def healthy(self, service: str, within: float = 60) -> None:
        """Wait until a service is healthy."""
        eventually(lambda: self._health(service) == "healthy", within)

    def _health(self, service: str) -> str:
        template = "{{.State.Health.Status}}"
        return self.run("docker", "inspect", "--format", template, self.ids(service)[0]).strip()

    @contextmanager
    def started_again(self, service: str) -> Iterator[None]:
        """Whatever happens to a service inside, afterwards it runs and is healthy."""
        try:
            yield
        finally:
            self.engine("start", service)
            self.healthy(service)

    @contextmanager
    def frozen(self, service: str) -> Iterator[None]:
        """Freeze a service, as a machine that hangs."""
        self.engine("pause", service)
        try:
            yield
        finally:
            self.engine("unpause", service)


def eventually(holds: Callable[[], object], within: float = 30) -> float:
    """Ask until it holds, and return after how many seconds it did. Fails when it never does."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > within:
            raise AssertionError(f"this did not come true within {within} s")
        time.sleep(0.1)
    return time.monotonic() - begun


def trusting() -> ssl.SSLContext:
    """TLS without a look at the certificate, which is of the stack's own making."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def copy_project(folder: Path) -> None:
    """Copy what the repository holds, and what is new in it, to `folder`."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
