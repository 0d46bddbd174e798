"""PostgreSQL's side of a request: the CPU time of the processes that serve the app."""

import ctypes
import math
import time
from typing import Any

import psutil
from sqlalchemy import Engine, event


class Backends:
    """The server's processes behind the connections of an engine.

    A process's own clock counts nanoseconds. The `utime` and `stime` of `/proc` count hundredths
    of a second, in which ten statements fit.
    """

    def __init__(self, engine: Engine) -> None:
        self._clocks: list[int] = []
        self._database = engine.url.database or ""
        event.listen(engine, "connect", self._note)
        # Connections that are there already would stay unknown.
        engine.dispose()

    def seconds(self) -> float:
        """Wait until they rest, and return the CPU seconds that they have spent so far.

        They work on for a moment after they have answered. nan where the server's processes are
        not to be seen from here.
        """
        spent = self._spent()
        while (later := self._spent()) > spent:
            spent = later
        return spent

    def _spent(self) -> float:
        try:
            spent = [time.clock_gettime(clock) for clock in self._clocks]
        except OSError:
            # A connection was renewed. The one request that this falls into counts wrongly, which
            # is what medians are for.
            self._clocks = [clock for clock in self._clocks if _runs(clock)]
            return self._spent()
        return sum(spent) if spent else math.nan

    def _note(self, connection: Any, _record: object) -> None:
        process = connection.info.backend_pid
        # Behind pgbouncer, in a container or elsewhere, the number is that of nobody or a stranger.
        if self._database in _title(process) and (clock := _clock_of(process)) is not None:
            self._clocks.append(clock)


def _title(process: int) -> str:
    try:
        return " ".join(psutil.Process(process).cmdline())
    except psutil.Error:
        return ""


def _clock_of(process: int) -> int | None:
    clock = ctypes.c_int()
    try:
        failed = ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock))
    except AttributeError:  # Not every system has it.
        return None
    return None if failed else clock.value


def _runs(clock: int) -> bool:
    try:
        time.clock_gettime(clock)
    except OSError:
        return False
    return True
