"""Make what the commands stand on: `.venv` from the requirements, `node_modules` from the lock.

Called by the Makefile with "python" or "htmx". Two makes may run at once in one clone: one makes,
the other waits and finds it made. Standard library only: it runs before anything is installed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
READY = VENV / ".ready"
HTMX = ROOT / "node_modules" / ".package-lock.json"


def main(part: str) -> None:
    """Make one part, unless another process has made it in the meantime."""
    with (ROOT / ".environment.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if part == "python" and _is_older(READY, "requirements.txt", "requirements-dev.txt"):
            _make_python()
        elif part == "htmx" and _is_older(HTMX, "package.json", "package-lock.json"):
            _make_htmx()


def _is_older(made: Path, *sources: str) -> bool:
    if not made.exists():
        return True
    return any((ROOT / source).stat().st_mtime > made.stat().st_mtime for source in sources)


def _make_python() -> None:
    version = sys.version.split()[0]
    print(f"Environment: .venv on Python {version} (only now, about a minute)", flush=True)
    if not _has_pip():
        _run([sys.executable, "-m", "venv", "--clear", VENV], "Python could not make .venv")
    quiet = ["-qq", "--disable-pip-version-check"]
    install = [PYTHON, "-m", "pip", "install", *quiet, "--require-hashes"]
    _run([*install, "-r", ROOT / "requirements-dev.txt"], "pip could not install the requirements")
    READY.touch()


def _has_pip() -> bool:
    # An interrupted run, or a Python that was upgraded away, leaves a .venv that does not work.
    check = [PYTHON, "-c", "import pip"]
    return PYTHON.exists() and subprocess.run(check, capture_output=True).returncode == 0


def _make_htmx() -> None:
    if shutil.which("npm") is None:
        print("npm is not installed, so HTMX is left out.", file=sys.stderr)
        return
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    command = ["npm", "ci", "--ignore-scripts", *quiet]
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        print("npm could not fetch HTMX, so it is left out.", file=sys.stderr)
    else:
        os.utime(HTMX)


def _run(command: list[str | Path], sentence: str) -> None:
    if subprocess.run(command).returncode:
        raise SystemExit(f"{sentence}; the reason stands above.")


if __name__ == "__main__":
    main(sys.argv[1])
