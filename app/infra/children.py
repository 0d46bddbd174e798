"""What the launcher starts, watches and ends. One more is a class here and an entry in its list."""

import subprocess
from pathlib import Path
from typing import Protocol

from app.infra import local_postgres, web_server
from app.infra.local_postgres import LocalPostgresError


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
