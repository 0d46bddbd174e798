"""Who of the workers serves, so that they are replaced one after the other and never all at once.

What is known is which bytes of a file are locked. A lock belongs to a process and falls with it,
however that ends, so nobody is ever thought to serve who is gone.
"""

import fcntl
import os
import tempfile
from threading import Lock

# The byte of the one who counts the others; the workers' own lie behind it.
_COUNTER, _FIRST = 0, 1
# Twice the most workers: a new set of them begins before the old one ends.
_MOST_SLOTS = 128


class Turns:
    """The turns of one gunicorn. Made by the master before it forks, used by each worker."""

    def __init__(self, workers: int, folder: str | None) -> None:
        """Begin with nobody who serves, of `workers`; `folder` None is the system's own."""
        self._workers = workers
        # Never another descriptor of this file: closing one would drop all locks of the process.
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._one_thread = Lock()
        self._serves = self._leaves = False

    def serve(self, slot: int) -> None:
        """Tell that the worker of `slot`, which is this process, has answered a request."""
        if self._serves:
            return
        with self._one_thread:
            if not self._leaves:
                # Whoever counts holds it for a moment.
                self._lock(_FIRST + slot, fcntl.LOCK_EX)
                self._serves = True

    def leave(self, slot: int) -> bool:
        """Tell whether the worker of `slot`, which is this process, may go: all others serve.

        From a yes on it does not serve any more.
        """
        with self._one_thread:
            if self._leaves:
                return True
            self._lock(_COUNTER, fcntl.LOCK_EX)
            try:
                others = sum(self._is_held(n) for n in range(_MOST_SLOTS) if n != slot)
                if others >= self._workers - 1:
                    self._release(_FIRST + slot)
                    self._leaves = self._serves = True
            finally:
                self._release(_COUNTER)
            return self._leaves

    def _is_held(self, slot: int) -> bool:
        try:
            self._lock(_FIRST + slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        self._release(_FIRST + slot)
        return False

    def _release(self, byte: int) -> None:
        self._lock(byte, fcntl.LOCK_UN)

    def _lock(self, byte: int, how: int) -> None:
        fcntl.lockf(self._file, how, 1, byte, os.SEEK_SET)
