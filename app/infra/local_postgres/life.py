"""Does a server live? Asked without /proc wherever that can be, since it is often closed.

Root in a container may not look at a process of another user, and with `hidepid` it does not even
see it. What may not be looked at may live; nothing here takes the one for the other.
"""

import errno
import fcntl
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import IO

try:
    import psutil
except ImportError:  # The production image has neither it nor the wheel, but a DATABASE_URL.
    psutil = None  # type: ignore[assignment]

# False where only a DATABASE_URL will do.
CAN_LOOK = psutil is not None


class Look(Enum):
    """What a look at the process of a number tells about the server of a folder."""

    SERVER = "it is the server"
    OTHER = "it is gone, a zombie, or a stranger"
    UNKNOWN = "it may not be looked at"


class Lock:
    """A file that the server's processes hold locked, from the start to the end of the last one.

    They inherit it open, and the kernel takes the lock back however they end. In the file stands
    the number of the server that it was given to last.
    """

    def __init__(self, path: Path) -> None:
        """Be the lock at `path`, a file that is made when it is first wanted."""
        self._path = path

    def is_held(self) -> bool:
        """Tell whether a process holds it, wherever that process lives."""
        with self._path.open("a") as file:
            return not _locked(file, fcntl.LOCK_SH)

    def taken(self) -> IO[str] | None:
        """Return the locked file, to be given to a server and then closed; None if it is held."""
        file = self._path.open("a+")
        if _locked(file, fcntl.LOCK_EX):
            return file
        file.close()
        return None

    @staticmethod
    def give(file: IO[str], number: int) -> None:
        """Note in the locked file which server it was given to."""
        file.truncate(0)
        file.write(str(number))
        file.flush()

    def last_given_to(self) -> int | None:
        """Return the number of the server that it was given to last; None if none is noted."""
        with suppress(OSError, ValueError):
            return int(self._path.read_text())
        return None


def look(number: int, home: Path) -> Look:
    """Look whether process `number` is the server that works in the folder `home`.

    A zombie has no working folder and a stranger another one; a frozen server keeps its own.
    """
    if not exists(number):
        return Look.OTHER
    try:
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE:
            return Look.OTHER
        if process.uids().effective != home.stat().st_uid:
            # PostgreSQL runs only as the owner of its folder.
            return Look.OTHER
        return Look.SERVER if os.path.samefile(process.cwd(), home) else Look.OTHER
    except (OSError, psutil.Error):
        return Look.UNKNOWN if exists(number) else Look.OTHER


def exists(number: int) -> bool:
    """Tell whether there is a process of this number, a zombie too. Asks the kernel, not /proc."""
    try:
        os.kill(number, 0)
    except OSError as error:
        return error.errno == errno.EPERM
    return True


def listener(path: Path) -> int | None:
    """Return the number of the process that listens on a socket; None when there is none.

    0 when somebody listens, or may listen, whose number cannot be told.
    """
    with socket.socket(socket.AF_UNIX) as asked:
        asked.setblocking(False)
        try:
            asked.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError:
            # Not allowed to ask, or a frozen server at which too many have knocked already.
            return 0
        if sys.platform != "linux":
            return 0
        credentials = asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        number: int = struct.unpack("3i", credentials)[0]
        return number


def kill(number: int) -> None:
    """Kill a server and what it has started, as far as that may be seen: the rest follows it."""
    family = []
    with suppress(psutil.Error):
        family = psutil.Process(number).children(recursive=True)
    for each in (*(process.pid for process in family), number):
        with suppress(OSError):
            os.kill(each, signal.SIGKILL)


def _locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
