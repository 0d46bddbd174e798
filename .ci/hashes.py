"""Write below every pin of the requirements the hashes of the files that it may be installed from.

`make hashes`, after a version was changed. pip-compile asks for them, in an environment that is
thrown away afterwards; every file of a release counts, for all systems and versions of Python.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\s;\\]+)([^\\]*)")
COMPILE = [
    "--quiet",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
]


def main() -> None:
    """Rewrite the files; their pins, markers and comments stay as they are."""
    lines = {path: _bare(path.read_text(encoding="utf-8")) for path in FILES}
    pins = [pin[1] for each in lines.values() for line in each if (pin := PIN.match(line))]
    hashes = _hashes(pins)
    for path, each in lines.items():
        path.write_text("".join(f"{_with(line, hashes)}\n" for line in each), encoding="utf-8")


def _bare(text: str) -> list[str]:
    kept = (line for line in text.splitlines() if not line.lstrip().startswith("--hash="))
    return [line.rstrip(" \\") for line in kept]


def _with(line: str, hashes: dict[str, list[str]]) -> str:
    pin = PIN.match(line)
    return " \\\n    ".join([line, *hashes[_key(pin[1])]]) if pin else line


def _hashes(pins: list[str]) -> dict[str, list[str]]:
    """Of each pin. Markers are left out: what this Python does not need, another one does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pins.in").write_text("\n".join(pins), encoding="utf-8")
        _run(sys.executable, "-m", "venv", folder / "venv")
        _run(folder / "venv/bin/pip", "install", "--quiet", "pip-tools")
        compiled = ("pip-compile", *COMPILE, "--output-file", folder / "pins.txt")
        _run(folder / "venv/bin" / compiled[0], *compiled[1:], folder / "pins.in")
        text = (folder / "pins.txt").read_text(encoding="utf-8").replace("\\\n", "")
    found = (line.split() for line in text.splitlines())
    return {_key(pin): sorted(hashes) for pin, *hashes in found}


def _key(pin: str) -> str:
    name, version = pin.split("==")
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"


def _run(*command: str | Path) -> None:
    if subprocess.run(command).returncode:
        raise SystemExit(f"{command[0]} did not work; the reason stands above.")


if __name__ == "__main__":
    main()
