"""The embedded PostgreSQL of a DATA_DIR, shared by every process that works on that folder.

Each user holds a shared file lock, which the kernel takes back however the process ends. So no
list of process ids can go stale: who leaves and then gets the lock alone was the last, and stops
the server. A server whose users were all killed runs on until the next one leaves, or stop().
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.infra.local_postgres.cluster import Cluster, LocalPostgresError

__all__ = ["LocalPostgresError", "acquire", "release", "revive", "stop"]

_claims: dict[Path, tuple[int, IO[str]]] = {}


def acquire(data_dir: Path) -> str:
    """Use the server of `data_dir` until release() or exit; its URL. Raises LocalPostgresError."""
    with _alone(data_dir):
        if _claims.get(data_dir, (0, None))[0] != os.getpid():
            users = (data_dir / "postgres.users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            _claims[data_dir] = (os.getpid(), users)
            atexit.register(release, data_dir)
        return Cluster(data_dir / "postgres").wake().url


def revive(data_dir: Path) -> bool:
    """Start the server again if it was killed; says whether it was. Leaves a frozen one alone."""
    cluster = Cluster(data_dir / "postgres")
    if cluster.state() == "ready":
        return False
    with _alone(data_dir):
        cluster.wake()
    return True


def release(data_dir: Path) -> None:
    """Leave the server; the last one out stops it. A forked child has no part in its parent's."""
    process, users = _claims.pop(data_dir, (0, None))
    if users is not None and process == os.getpid():
        # Unlocked by name: a copy of the file that a child inherited would keep the lock.
        fcntl.flock(users, fcntl.LOCK_UN)
        users.close()
        stop(data_dir)


def stop(data_dir: Path) -> bool:
    """Stop the server unless a process uses it; says whether none is left running."""
    with _alone(data_dir), (data_dir / "postgres.users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        Cluster(data_dir / "postgres").stop()
        return True


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        gate = (data_dir / "postgres.lock").open("a")
    except OSError as error:
        raise LocalPostgresError(f"DATA_DIR must be a folder open for writing: {error}.") from error
    with gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
