"""A real gunicorn as containers run it, on a folder of its own."""

import http.client
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.config import ROOT
from tests.races.test_launcher import until

STARTS_WITHIN, ENDS_WITHIN = 30.0, 15.0
COUNTED = re.compile(r'^commit_life_requests_total{endpoint="health.healthz",.*} (\S+)$', re.M)
SLOTS = re.compile(r'^commit_life_pool_size{pid="(\w+)"} 4\.0$', re.M)


@dataclass
class Place:
    """A gunicorn on a folder of its own, and the environment that its commands share."""

    folder: Path
    port: int
    database_url: str
    code: Path = ROOT
    gunicorn: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "a key that only these tests know, of 32+",
            "LOG_FORMAT": "json",
            "PROXY_HOPS": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }

    def start(self, *options: str) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:app.workers", *options]
        self.gunicorn = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{self.port}", "wsgi:app"],
            cwd=self.code,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "said").open("wb"),
        )
        until(lambda: set(self.slots()) == {"0", "1"}, STARTS_WITHIN, self.said)

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """The status and the text of an answer, 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={"Connection": "close", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def end(self, worker: int) -> None:
        """Kill a worker, and wait until there are as many as before."""
        os.kill(worker, signal.SIGKILL)
        until(lambda: len(self.workers() - {worker}) == 2, STARTS_WITHIN, self.said)

    def metrics(self) -> str:
        return self.get("/metrics")[1]

    def slots(self) -> list[str]:
        return sorted(SLOTS.findall(self.metrics()))

    def counted(self) -> float:
        """How often /healthz was answered, by all workers together."""
        return sum(map(float, COUNTED.findall(self.metrics())))

    def files(self) -> set[str]:
        return {file.name for file in (self.folder / "metrics").iterdir()}

    def workers(self) -> set[int]:
        assert self.gunicorn is not None
        children = psutil.Process(self.gunicorn.pid).children()
        return {child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE}

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
