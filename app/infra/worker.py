"""The loop of the worker: each job at its time, one after the other, until it is told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.infra import task

_log = logging.getLogger(__name__)
# Seconds. A job that failed is left alone for a while, so that a fault fills no log.
_LOOK_EVERY, _AFTER_FAULT = 0.5, 30.0


class Shift:
    """The time of a worker, until it is told to stop. Jobs ask it between two pieces of work."""

    def __init__(self, sign: Path | None = None) -> None:
        """Begin; `sign` is a file whose time says that the worker is alive."""
        self._sign, self._over = sign, threading.Event()

    def goes_on(self) -> bool:
        """Tell whether there is time for one more piece of work, which is a sign of life too."""
        if self._sign is not None:
            self._sign.touch()
        return not self._over.is_set()

    def end(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Let nothing more begin, as a signal does."""
        self._over.set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until nothing more may begin."""
        self._over.wait(seconds)


@dataclass(frozen=True, slots=True)
class Job:
    """What the worker does every so many seconds. Whatever is left undone is done next time.

    `run` leaves off when its shift is over. Two workers may run it at once. `end` ends what is
    under way beside the loop, before the worker leaves.
    """

    name: str
    every: float
    run: Callable[[Shift], None]
    end: Callable[[], None] | None = None


def work(jobs: Sequence[Job], shift: Shift) -> None:
    """Do the jobs, one after the other, until the shift is over: by SIGTERM or SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, shift.end)
    due = dict.fromkeys((job.name for job in jobs), 0.0)
    while shift.goes_on():
        for job in jobs:
            if shift.goes_on() and due[job.name] <= time.monotonic():
                due[job.name] = time.monotonic() + _done(job, shift)
        shift.wait(_LOOK_EVERY)
    for job in jobs:
        if job.end is not None:
            job.end()


def _done(job: Job, shift: Shift) -> float:
    """Do a job and return in how many seconds it is done again."""
    task.begin()
    try:
        job.run(shift)
    except Exception:
        # Whatever it is, the other jobs go on.
        _log.exception("The job %s failed; it is done again in %d seconds", job.name, _AFTER_FAULT)
        return max(job.every, _AFTER_FAULT)
    return job.every
