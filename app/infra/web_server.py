"""gunicorn as the launcher runs it: started with a pid file in DATA_DIR, found again by it.

The pid file's path stands in the command line of master and workers and of nothing else, so a
killed launcher's gunicorn is told from everything else on the machine, whatever its number.
"""

import http.client
import socket
import subprocess
import sys
from pathlib import Path

from app.infra import family
from app.infra.deadline import REQUEST_SECONDS

HOST = "127.0.0.1"
# Seconds that requests under way get to end.
END_WITHIN = REQUEST_SECONDS + 1.0


def start(
    folder: Path, data_dir: Path, port: int, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start gunicorn on `wsgi:app` of `folder`, in the environment given."""
    pid_file = Path(_mark(data_dir))
    # gunicorn refuses to start when the number in an old file has gone to another program.
    pid_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.workers"]
    command += ["--bind", f"{HOST}:{port}", "--pid", str(pid_file), "--log-level", "warning"]
    # A process group of its own: Ctrl-C in the terminal would reach master and workers besides the
    # launcher's orderly SIGTERM, and two interrupts at once can lock up a worker for good.
    return subprocess.Popen([*command, "wsgi:app"], cwd=folder, env=environment, process_group=0)


def end(data_dir: Path) -> bool:
    """End the gunicorn of `data_dir`, whoever started it; says whether there was one."""
    return family.end(_mark(data_dir), END_WITHIN)


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


def _mark(data_dir: Path) -> str:
    return str(data_dir / "gunicorn.pid")
