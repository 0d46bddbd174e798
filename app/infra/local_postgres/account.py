"""Who the embedded PostgreSQL runs as, and the folder of its socket.

PostgreSQL refuses to run as root; there it gets an account of its own, which must reach its files.
Whoever reaches the socket is the database's superuser, so its folder is closed to everyone else.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

NAME = "pgserver"
SOCKET = ".s.PGSQL.5432"
# Systems allow a socket's path 103 to 107 bytes.
LONGEST_PATH = 100
# Root's, and open to all for reading.
COPIES = Path("/var/cache")


def identity() -> dict[str, Any]:
    """The arguments of `subprocess.run` that start a program as the right user."""
    if os.geteuid() != 0:
        return {}
    return {"user": NAME, "group": pwd.getpwnam(NAME).pw_gid, "extra_groups": []}


def socket_folder(home: Path) -> Path:
    """The data folder itself, or where its path is too long for a socket, one in /tmp.

    Not in TMPDIR, which may differ between two processes that share the server.
    """
    if len(os.fsencode(home / SOCKET)) <= LONGEST_PATH:
        return home
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"commit-life-{os.geteuid()}-{digest}"


def name(folder: Path) -> Path:
    """What a program that works in `folder` calls it, when the right user has started it there.

    Root's folders may lie where the account may not go through. It is put into its own and need
    not find the way: so no folder on that way has to be opened.
    """
    return folder if os.geteuid() != 0 else Path("/proc/self/cwd")


def reachable(programs: Path) -> Path:
    """Return where the account, made if it is missing, can start what is in the folder `programs`.

    That is the folder itself, or a copy where it lies in a private one. Raises OSError.
    """
    if os.geteuid() != 0:
        return programs
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/false", NAME], check=False)
    server = programs / "bin" / "postgres"
    on_the_way = (server, *server.parents)
    if all(each.stat().st_mode & stat.S_IXOTH for each in on_the_way):
        return programs
    status = server.stat()
    mark = f"{server}\n{status.st_mtime_ns}\n{status.st_size}"
    copy = COPIES / f"commit-life-{hashlib.sha256(mark.encode()).hexdigest()[:16]}"
    if not copy.exists():
        _copied(programs, copy)
    return copy / programs.parent.name / programs.name


def _copied(programs: Path, copy: Path) -> None:
    # Beside and then renamed: another start may use it at any time.
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    package = programs.parent
    shutil.copytree(programs, draft / package.name / programs.name, symlinks=True)
    # Where a wheel for Linux keeps the libraries of its programs.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX,go-w", draft], check=True)
    try:
        draft.rename(copy)
    except OSError:
        if not copy.exists():
            raise
        shutil.rmtree(draft)


def give(folder: Path) -> None:
    """Make `folder` if it is missing, and let only the account enter it.

    Raises PermissionError when it belongs to somebody else.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and folder.lstat().st_uid == 0:
        shutil.chown(folder, NAME, identity()["group"])
    owner = pwd.getpwnam(NAME).pw_uid if os.geteuid() == 0 else os.geteuid()
    status = folder.lstat()
    if status.st_uid != owner or stat.S_IMODE(status.st_mode) & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} is open to somebody else")
