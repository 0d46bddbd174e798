"""A primary and a standby that follows it, both real, for the tests of the replica."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psutil
import psycopg2
from psycopg2 import errors

from app.infra.local_postgres import account, cluster
from app.infra.local_postgres.cluster import Cluster
from app.infra.replica import ReplicaFailed

_WITHIN = 15.0
# As on a server of one's own: the app's role sees nothing of the statistics of others.
_ROLES = (
    "CREATE ROLE commit_life LOGIN",
    "CREATE ROLE copyist LOGIN REPLICATION",
    "CREATE DATABASE commit_life OWNER commit_life",
)
# A conflict with what is replayed ends at once, and a walsender notices soon who is gone. Rows that
# somebody reads here are not cleaned away there: of conflicts, those with a lock are left.
_QUICK = (
    "max_standby_streaming_delay = 0\nwal_receiver_status_interval = 1\nhot_standby_feedback = on\n"
)


@dataclass
class Pair:
    """The primary, the standby, and the URLs at which an unprivileged role finds them."""

    primary: Cluster
    standby: Cluster

    @property
    def url(self) -> str:
        return self.url_of(self.primary)

    @property
    def replica_url(self) -> str:
        return self.url_of(self.standby)

    def url_of(self, server: Cluster, user: str = "commit_life") -> str:
        return f"postgresql://{user}@/commit_life?host={quote(str(server.sockets))}&port=5432"

    def ask(self, server: Cluster, statement: str) -> Any:
        """The one value that a statement of the superuser returns, None if it returns none."""
        with closing(psycopg2.connect(self.url_of(server, "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None

    def caught_up(self) -> None:
        """Wait until the standby streams and has replayed all that the primary has written."""
        end = self.ask(self.primary, "SELECT pg_current_wal_insert_lsn()::text")
        until(
            lambda: self.ask(
                self.standby,
                f"SELECT pg_last_wal_replay_lsn() >= '{end}'"
                " AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')",
            )
        )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The standby goes on hearing and stops replaying inside the block."""
        self.ask(self.standby, "SELECT pg_wal_replay_pause()")
        until(lambda: self.ask(self.standby, "SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            self.ask(self.standby, "SELECT pg_wal_replay_resume()")

    def kill_standby(self) -> None:
        """Kill the standby's first process; the others end with it."""
        server = psutil.Process(self.postmaster())
        others = server.children(recursive=True)
        os.kill(server.pid, signal.SIGKILL)
        psutil.wait_procs(others, timeout=_WITHIN)

    def postmaster(self) -> int:
        return int((self.standby.home / "postmaster.pid").read_text().split()[0])


@contextmanager
def pair() -> Iterator[Pair]:
    """Make a primary, copy it, and have the copy follow."""
    with TemporaryDirectory(prefix="pair-") as name:
        folder = Path(name).resolve()
        # The copy has to find the way to the primary, and their account is not ours.
        folder.chmod(0o711)
        made = Pair(Cluster(folder / "primary"), Cluster(folder / "standby"))
        try:
            made.primary.wake()
            for statement in _ROLES:
                _administer(made.primary, statement)
            _copy(made)
            made.standby.wake()
            yield made
        finally:
            made.standby.stop()
            made.primary.stop()


def _copy(pair: Pair) -> None:
    programs = account.reachable(Path(cluster.WHEEL.origin).parent / "pginstall18")
    account.give(pair.standby.home)
    source = f"host={pair.primary.sockets} port=5432 user=copyist"
    options = ["--wal-method=stream", "--write-recovery-conf", "--checkpoint=fast"]
    subprocess.run(
        [programs / "bin" / "pg_basebackup", "-d", source, "-D", str(pair.standby.home), *options],
        check=True, capture_output=True, cwd="/", **account.identity(),
    )  # fmt: skip
    # It stands beside the primary's socket, and names its process.
    (pair.standby.home / f"{account.SOCKET}.lock").unlink(missing_ok=True)
    with (pair.standby.home / "postgresql.auto.conf").open("a") as configuration:
        configuration.write(_QUICK)


def _administer(server: Cluster, statement: str) -> None:
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


def until(done: Callable[[], Any], within: float = _WITHIN) -> None:
    """Wait until `done` says so. A question that was in the way of the replay is asked again."""
    give_up = time.monotonic() + within
    while not _says_so(done):
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.02)


def _says_so(done: Callable[[], Any]) -> bool:
    try:
        return bool(done())
    except (ReplicaFailed, errors.SerializationFailure):
        return False
