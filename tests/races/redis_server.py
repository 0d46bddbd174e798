"""A Redis of a test's own, on a socket in a folder of its own: started late, frozen, killed."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from tests import programs
from tests.races.replica.servers import until


class RedisServer:
    """One that is not started yet, in `folder`."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._folder, self._program, self._process = folder, program, None
        self.client = redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start it, if it does not run, and wait until it answers."""
        if self._process is None:
            command = [self._program, "--port", "0", "--unixsocket", str(self.socket)]
            command += ["--save", "", "--dir", str(self._folder)]
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self._answers)

    def kill(self) -> None:
        """Kill it, if it runs; its socket stays behind, as after a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It stands still inside the block: connections are taken, and nothing is said."""
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)
            until(self._answers)

    def keys(self, pattern: str) -> list[str]:
        """The keys that fit."""
        return [key.decode() for key in self.client.keys(pattern)]

    def _answers(self) -> bool:
        try:
            return self.client.ping()
        except redis.RedisError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A server that is not started yet. Skips the test where there is no program for it."""
    with TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder), programs.find("redis-server"))
        try:
            yield server
        finally:
            server.kill()
