"""What the launcher starts, watches and ends. One more is a class here and an entry in its list."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

from app.infra import family, local_postgres, web_server
from app.infra.local_postgres import LocalPostgresError

# Seconds: for the letter under way, and before a worker that was gone is started once more.
_WORKER_ENDS_WITHIN, _WORKER_AGAIN = 5.0, 5.0


class Ended(Exception):
    """A child is gone without which the run cannot go on. Its text is one sentence."""


class Child(Protocol):
    """A process that the launcher starts, watches and ends."""

    def start(self, environment: dict[str, str]) -> None:
        """Start it in `environment`, to which it may add what those after it need to know."""

    def watch(self) -> str | None:
        """Bring it back if it is gone; return the sentence to say about that, if there is one.

        Raises Ended when it stays gone.
        """

    def end(self) -> bool:
        """End it, also one that a killed launcher had left; tell whether it was there."""


class Database:
    """The embedded PostgreSQL of a DATA_DIR. It comes back when it is gone."""

    def __init__(self, data_dir: Path) -> None:
        """Be that of `data_dir`, not started yet."""
        self._data_dir = data_dir

    def start(self, environment: dict[str, str]) -> None:
        """Start it, or join the others that use it; raises LocalPostgresError."""
        environment["DATABASE_URL"] = local_postgres.acquire(self._data_dir)

    def watch(self) -> str | None:
        """Start it again if it was killed. While that fails the others wait for it."""
        try:
            was_gone = local_postgres.revive(self._data_dir)
        except LocalPostgresError as error:
            return str(error)
        return "PostgreSQL was gone, and is back." if was_gone else None

    def end(self) -> bool:
        """Leave it; the last one out stops it. One that was left running is joined instead."""
        local_postgres.release(self._data_dir)
        return False


class WebServer:
    """gunicorn. It looks after its workers; when it ends itself, something is wrong."""

    def __init__(self, folder: Path, data_dir: Path, port: int) -> None:
        """Be the one that serves `wsgi:app` of `folder` on `port`, not started yet."""
        self._folder, self._data_dir, self._port = folder, data_dir, port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environment: dict[str, str]) -> None:
        """Start it, in a process group of its own."""
        self._process = web_server.start(self._folder, self._data_dir, self._port, environment)

    def watch(self) -> None:
        """Raise Ended when it has ended."""
        code = self._process.poll() if self._process else None
        if code is not None:
            raise Ended(f"gunicorn ended by itself (code {code}).")

    def end(self) -> bool:
        """End it with its workers, whoever started it; tell whether it was there."""
        return web_server.end(self._data_dir)


class Worker:
    """The worker, which sends mail. The app can do without it for a while, so it comes back."""

    def __init__(self, folder: Path, data_dir: Path) -> None:
        """Be the worker of the app in `folder`, not started yet."""
        self._folder, self._sign = folder, data_dir / "worker.alive"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}
        self._started_at = 0.0

    def start(self, environment: dict[str, str]) -> None:
        """Start it, in a process group of its own. It is found again by the file it touches."""
        self._environment, self._started_at = environment, time.monotonic()
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "work", "--sign"]
        self._process = subprocess.Popen(
            [*command, str(self._sign)], cwd=self._folder, env=environment, process_group=0
        )

    def watch(self) -> str | None:
        """Start it again if it is gone, now and then if it goes at once."""
        code = self._process.poll() if self._process else None
        if code is None or time.monotonic() - self._started_at < _WORKER_AGAIN:
            return None
        self.start(self._environment)
        return f"The worker was gone (code {code}), and is started again."

    def end(self) -> bool:
        """End it, whoever started it; tell whether it was there."""
        was_there = family.end(str(self._sign), _WORKER_ENDS_WITHIN)
        if self._process is not None:
            self._process.wait()
        return was_there
