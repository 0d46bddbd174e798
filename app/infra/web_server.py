"""gunicorn as the launcher runs it: started with a pid file in DATA_DIR, found again by it.

The pid file's path stands in the command line of master and workers and of nothing else, so a
killed launcher's gunicorn is told from everything else on the machine, whatever its number.
"""

import http.client
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from app.infra.deadline import REQUEST_SECONDS

HOST = "127.0.0.1"
# Seconds that requests under way get to end, and then the processes.
END_WITHIN, KILL_WITHIN = REQUEST_SECONDS + 1.0, 1.0


def start(
    folder: Path, data_dir: Path, port: int, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start gunicorn on `wsgi:app` of `folder`, in the environment given."""
    pid_file = data_dir / "gunicorn.pid"
    # gunicorn refuses to start when the number in an old file has gone to another program.
    pid_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.workers"]
    command += ["--bind", f"{HOST}:{port}", "--pid", str(pid_file), "--log-level", "warning"]
    # A process group of its own: Ctrl-C in the terminal would reach master and workers besides the
    # launcher's orderly SIGTERM, and two interrupts at once can lock up a worker for good.
    return subprocess.Popen([*command, "wsgi:app"], cwd=folder, env=environment, process_group=0)


def end(data_dir: Path) -> bool:
    """End the gunicorn of `data_dir`, whoever started it; says whether there was one."""
    family = _family(data_dir)
    members = {process.pid for process in family}
    for process in family:
        # The master tells its workers; without a master they are told here.
        if process.info["ppid"] not in members:
            _signal(process, signal.SIGTERM)
    if not _gone(data_dir, END_WITHIN):
        for process in _family(data_dir):
            _signal(process, signal.SIGKILL)
        _gone(data_dir, KILL_WITHIN)
    return bool(family)


def port_is_free(port: int) -> bool:
    """Can gunicorn listen there? Raises PermissionError for a port that is root's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Does a worker answer already?"""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _gone(data_dir: Path, within: float) -> bool:
    give_up = time.monotonic() + within
    while _family(data_dir):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _family(data_dir: Path) -> list[psutil.Process]:
    # A zombie has no command line any more, so it is not counted as alive.
    mark = str(data_dir / "gunicorn.pid")
    processes = psutil.process_iter(["cmdline", "ppid"])
    return [process for process in processes if mark in (process.info["cmdline"] or ())]
