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


def admit(programs: Path, home: Path) -> None:
    """Make the account if it is needed, and let it reach the programs and the folder of `home`."""
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/false", NAME], check=False)
    subprocess.run(["chmod", "-R", "a+rX", programs.parent], check=True)
    for folder in (*programs.parents, *home.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


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
