"""Processes that are found again by a mark: a path that stands in their command line.

No number tells them from everything else on the machine after a launcher was killed; a path below
its DATA_DIR does.
"""

import signal
import time
from contextlib import suppress

import psutil

# Seconds.
_KILLED_WITHIN, _LOOK_EVERY = 1.0, 0.05


def end(mark: str, within: float) -> bool:
    """End all with the mark, by force what is there after `within` seconds; was there any?"""
    found = _marked(mark)
    members = {process.pid for process in found}
    for process in found:
        # A parent tells its children; without one they are told here.
        if process.info["ppid"] not in members:
            _signal(process, signal.SIGTERM)
    if not _gone(mark, within):
        for process in _marked(mark):
            _signal(process, signal.SIGKILL)
        _gone(mark, _KILLED_WITHIN)
    return bool(found)


def _gone(mark: str, within: float) -> bool:
    give_up = time.monotonic() + within
    while _marked(mark):
        if time.monotonic() > give_up:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _marked(mark: str) -> list[psutil.Process]:
    # A zombie has no command line any more, so it is not counted as alive.
    processes = psutil.process_iter(["cmdline", "ppid"])
    return [process for process in processes if mark in (process.info["cmdline"] or ())]
