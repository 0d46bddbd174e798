"""What is installed is what was chosen: every pin has hashes, and pip insists on them."""

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.config import ROOT

FILES = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
INSTALLERS = [ROOT / ".ci" / "environment.py", ROOT / "Dockerfile"]
_PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][^\s;]*(; python_full_version < \"[0-9.]+\")?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def logical_lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_pin_has_hashes_and_nothing_says_where_to_get_it(path: Path):
    for line in logical_lines(path):
        if line == "-r requirements.txt":
            continue
        pin, *hashes = line.split("    --")
        assert _PIN.fullmatch(pin.strip()), line
        assert hashes, f"{pin} has none"
        assert all(_HASH.fullmatch(f"--{each}".strip()) for each in hashes), pin
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", INSTALLERS, ids=lambda path: path.name)
def test_whatever_installs_them_insists(path: Path):
    assert path.read_text(encoding="utf-8").count("--require-hashes") == 1


def test_pip_refuses_another_file_of_the_same_name_and_version(tmp_path: Path):
    (line,) = (line for line in logical_lines(FILES[0]) if line.startswith("blinker=="))
    wheel = tmp_path / f"{line.split()[0].replace('==', '-')}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        info = f"blinker-{wheel.name.split('-')[1]}.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: blinker\nVersion: 1.9.0")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    download = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--no-index",
        "--no-cache-dir",
    ]
    download += ["--find-links", str(tmp_path), "--dest", str(tmp_path / "got"), "--requirement"]
    asked = tmp_path / "asked.txt"

    asked.write_text(line)
    refused = subprocess.run([*download, asked], capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "DO NOT MATCH" in refused.stderr

    own = hashlib.sha256(wheel.read_bytes()).hexdigest()
    asked.write_text(f"{line.split()[0]} --hash=sha256:{own}")
    subprocess.run([*download, asked], capture_output=True, check=True)
