"""One launcher to a DATA_DIR: a locked file that holds the launcher's process number.

The kernel takes the lock back from a killed process, so an old number alone means nothing.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RunLockError(Exception):
    """DATA_DIR cannot be served now. Its text is one sentence."""


class AlreadyServed(RunLockError):
    """Another launcher has the folder; `holder` is its process number, None before it is known."""

    def __init__(self, data_dir: Path, holder: int | None) -> None:
        super().__init__(
            f"DATA_DIR {data_dir} is served already (process {holder});"
            " stop that run, or choose another DATA_DIR and PORT."
        )
        self.holder = holder


@contextmanager
def hold(data_dir: Path, within: float) -> Iterator[None]:
    """Be the only launcher of `data_dir` (made if missing) inside the block.

    Tries for `within` seconds; raises AlreadyServed, or RunLockError where it cannot write.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / "run.lock").open("a+")
    except OSError as error:
        raise RunLockError(f"DATA_DIR must be a folder open for writing: {error}.") from error
    with file:
        give_up = time.monotonic() + within
        while not _locked(file.fileno()):
            if time.monotonic() >= give_up:
                file.seek(0)
                number = file.read()
                raise AlreadyServed(data_dir, int(number) if number else None)
            time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
