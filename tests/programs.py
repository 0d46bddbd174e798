"""The programs that tests start: those of `.ci/programs`, which CI installs, and no others."""

import os
import shutil
from pathlib import Path

import pytest

from app.config import ROOT

# Debian keeps servers where an ordinary account does not look.
_FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/usr/bin"])


def listed() -> dict[str, str]:
    """Return the programs of the list, each with the packages that it needs, blanks between."""
    lines = (ROOT / ".ci" / "programs").read_text(encoding="utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if not line.startswith("#"))


def find(name: str) -> Path:
    """Return where the program is. Skips the test where it is not installed.

    Raises KeyError for a program that is not in the list.
    """
    packages = listed()[name]
    found = shutil.which(name, path=_FOLDERS)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt install {packages})")
    return Path(found)
