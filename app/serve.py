"""The launcher behind `make run`: its children, the migrations between them, a watch over all.

A signal to the launcher ends everything. What a kill -9 of it leaves behind is found and ended by
the next run, or by `make stop`.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.config import ROOT, Settings, SettingsError, environment_for
from app.infra import children, local_postgres, run_lock, web_server
from app.infra.children import Child
from app.infra.local_postgres import LocalPostgresError

HTMX = ROOT / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Seconds. A predecessor gets a moment, because its make may have been killed just now.
LOOK_EVERY = 0.25
PREDECESSOR_ENDS_WITHIN = 5.0
PORT_FREE_WITHIN = 3.0
RUN_ENDS_WITHIN = 15.0
_IN_ONE_SENTENCE = (SettingsError, LocalPostgresError, run_lock.RunLockError, children.Ended)


def main() -> None:
    """Serve until a signal or the end of gunicorn; with --stop, end a run of the same DATA_DIR."""
    parser = argparse.ArgumentParser(prog="python -m app.serve", description=main.__doc__)
    parser.add_argument("--tied", action="store_true", help="end with the process that started it")
    parser.add_argument("--stop", action="store_true", help="end a run of this DATA_DIR")
    options = parser.parse_args()
    try:
        settings = Settings.from_environ()
        if options.stop:
            stop(settings)
        else:
            serve(settings, os.getppid() if options.tied else None)
    except _IN_ONE_SENTENCE as error:
        raise SystemExit(str(error)) from error


def serve(settings: Settings, parent: int | None) -> None:
    """Start everything in its order, watch over it, and end it all however the watch ends.

    `parent` is the process whose end is ours too, None for nobody. Raises SystemExit.
    """
    _on_signals(_leave)
    database, served = _children(settings)
    watched = [*database, *served]
    with run_lock.hold(settings.data_dir, within=PREDECESSOR_ENDS_WITHIN):
        try:
            if _end(watched):
                say("Ended what a killed run had left.")
            _await_port(settings.port)
            environment = _environment(settings)
            _start(database, environment)
            _migrate(environment)
            if not HTMX.exists():
                say("HTMX is not here (npm ci brings it): the app runs as plain forms.")
            _start(served, environment)
            _watch(watched, settings, parent)
        finally:
            _on_signals(signal.SIG_IGN)
            _end(watched)
            say("Stopped.")


def stop(settings: Settings) -> None:
    """End the run of the same DATA_DIR, alive or killed; raises SystemExit when something stays."""
    data_dir, (_database, served) = settings.data_dir, _children(settings)
    try:
        with run_lock.hold(data_dir, within=0):
            pass
    except run_lock.AlreadyServed as error:
        if error.holder:
            os.kill(error.holder, signal.SIGTERM)
    with run_lock.hold(data_dir, within=RUN_ENDS_WITHIN):
        _end(served)
        if not local_postgres.stop(data_dir):
            raise SystemExit(f"Another command uses the database in {data_dir}; it goes on.")
    say("Stopped.")


def say(sentence: str) -> None:
    """Print one line for the person at the terminal, which may be gone by now."""
    with suppress(OSError):
        print(sentence, flush=True)


def _children(settings: Settings) -> tuple[list[Child], list[Child]]:
    """The database, if it is ours, and what starts when its schema is up to date."""
    database: list[Child] = []
    if settings.database_url is None:
        database.append(children.Database(settings.data_dir))
    web = children.WebServer(ROOT, settings.data_dir, settings.port)
    return database, [web, children.Worker(ROOT, settings.data_dir)]


def _environment(settings: Settings) -> dict[str, str]:
    metrics_dir = settings.metrics_dir or settings.data_dir / "metrics"
    metrics_dir.mkdir(exist_ok=True)
    if settings.database_url is None:
        say(f"Database: the embedded PostgreSQL in {settings.data_dir / 'postgres'}")
    return environment_for(settings.database_url or "", metrics_dir)


def _start(several: list[Child], environment: dict[str, str]) -> None:
    for child in several:
        child.start(environment)


def _end(several: list[Child]) -> bool:
    """End them, the last one first; tell whether a killed run had left any."""
    # A list: all of them are ended, not only those before the first that was there.
    there = [child.end() for child in reversed(several)]
    return any(there)


def _migrate(environment: dict[str, str]) -> None:
    say("Migrations: bringing the schema up to date")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SystemExit("The migrations did not run; the reason stands above.")
    if said := done.stdout.strip():
        say(said)


def _watch(watched: list[Child], settings: Settings, parent: int | None) -> NoReturn:
    announced = False
    while True:
        if parent not in (None, os.getppid()):
            raise SystemExit("The command that started this run is gone.")
        for sentence in filter(None, [child.watch() for child in watched]):
            say(sentence)
        if not announced and web_server.answers(settings.port):
            say(f"Commit Life: http://{web_server.HOST}:{settings.port}   (Ctrl-C stops)")
            if settings.database_url is None:
                say(f"An account with a year in it: {_demo_command(settings.data_dir)}")
            announced = True
        time.sleep(LOOK_EVERY)


def _demo_command(data_dir: Path) -> str:
    folder = "" if data_dir == ROOT / "var" else f"DATA_DIR={shlex.quote(str(data_dir))} "
    return f"{folder}.venv/bin/flask --app wsgi demo"


def _await_port(port: int) -> None:
    give_up = time.monotonic() + PORT_FREE_WITHIN
    while not web_server.port_is_free(port):
        if time.monotonic() > give_up:
            raise SystemExit(
                f"PORT {port} is taken by another program; stop that one,"
                f" or choose another: make run PORT={port + 1}"
            )
        time.sleep(0.1)


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in ENDING:
        signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    # Asked once is enough: impatient Ctrl-Cs must not cut the clean end short.
    _on_signals(signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    main()
