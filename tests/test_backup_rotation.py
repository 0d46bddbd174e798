"""The folder of the backups may hold anything: the script goes by the names that it gives."""

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.config import ROOT
from app.infra import backups, departed

FOREIGN = (
    "commit-life-foo.dump",
    "commit-life-20261399T000000Z.dump",
    "commit-life-20200101T000000Z copy.dump",
    "commit-life-20200101T000000Z.dump\n.dump",
    "commit-life-*.dump",
    "-rf.dump",
    "notes of mine.txt",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The scripts with their places in a folder, and a database whose dump is one word."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "dumps").mkdir()
    (tmp_path / "password").write_text("a password")
    moved = {
        "/usr/local/lib/backup/common.sh": f"{tmp_path}/bin/common.sh",
        "BACKUPS=/var/lib/postgresql": f"BACKUPS={tmp_path}/dumps",
        "/run/secrets/admin_password": f"{tmp_path}/password",
        "/tmp/passwords": f"{tmp_path}/passwords",
    }
    for name in ("backup", "common.sh"):
        text = (ROOT / "deploy/backup" / name).read_text()
        for before, after in moved.items():
            text = text.replace(before, after)
        (tmp_path / "bin" / name).write_text(text)
    (tmp_path / "bin/pg_dump").write_text('#!/bin/sh\necho whole >"$4"\n')
    (tmp_path / "bin/pg_restore").write_text("#!/bin/sh\n")
    for program in (tmp_path / "bin").iterdir():
        program.chmod(0o755)
    return tmp_path


def backup(place: Path, command: str) -> "subprocess.CompletedProcess[str]":
    path = f"{place}/bin:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", place / "bin/backup", command],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_foreign_names_neither_stop_the_rotation_nor_are_touched(place: Path):
    today = datetime.now(UTC).date()
    for back in range(2, 60):
        day = today - timedelta(days=back)
        dump = place / "dumps" / f"commit-life-{day:%Y%m%d}T031500Z.dump"
        dump.write_text("whole")
        dump.with_name(f"{dump.name}.sha256").write_text("sum")
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        os.utime(dump, (instant, instant))
    for name in FOREIGN:
        (place / "dumps" / name).write_text("mine")
    done = backup(place, "now")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Backed up:" in done.stdout
    left = {path.name for path in (place / "dumps").iterdir()}
    assert left >= set(FOREIGN)
    ours = {name for name in left - set(FOREIGN) if name.endswith(".dump")}
    assert all(re.fullmatch(r"commit-life-\d{8}T\d{6}Z\.dump", name) for name in ours)
    # Seven days, four weeks, six months at most, and some of these are the same.
    assert 7 < len(ours) < 7 + 4 + 6


def test_a_foreign_file_is_no_good_backup(place: Path):
    for name in FOREIGN:
        (place / "dumps" / name).write_text("mine")
    (place / "dumps" / "other.dump").write_text("mine")
    (place / "dumps" / "other.dump.sha256").write_text("sum")
    assert backup(place, "healthy").returncode == 1
    assert backups.look(place / "dumps").count == 0
    backup(place, "now")
    assert backup(place, "healthy").returncode == 0
    assert backups.look(place / "dumps").count == 1


def test_the_list_of_who_left_grows_and_goes_back_with_no_database(place: Path):
    """What a database that was restored knows no more stays in the list."""
    listed = place / "dumps" / "departed"

    def note(said: str) -> str:
        (place / "bin/psql").write_text(f"#!/bin/sh\ncat >/dev/null\n{said}\n")
        (place / "bin/psql").chmod(0o755)
        subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f". {place}/bin/common.sh; note_departed"],
            env={**os.environ, "PATH": f"{place}/bin:{os.environ['PATH']}"}, check=True,
        )  # fmt: skip
        return listed.read_text() if listed.exists() else ""

    assert note("exit 2") == ""
    assert (
        note("echo '7 2026-03-10T12:00:00.000001+00:00'") == "7 2026-03-10T12:00:00.000001+00:00\n"
    )
    both = "7 2026-03-10T12:00:00.000001+00:00\n9 2026-03-11T08:00:00.000000+00:00\n"
    assert note("echo '9 2026-03-11T08:00:00.000000+00:00'") == both
    for nothing in ("exit 2", "true"):
        assert note(nothing) == both
    # A disk that is full.
    (place / "bin/sort").write_text("#!/bin/sh\nhead -n 1\nexit 2\n")
    (place / "bin/sort").chmod(0o755)
    assert note("echo '11 2026-03-12T08:00:00.000000+00:00'") == both
    assert not list((place / "dumps").glob("*.part"))
    assert list(departed.listed(place / "dumps")) == [
        (7, datetime(2026, 3, 10, 12, 0, 0, 1, tzinfo=UTC)),
        (9, datetime(2026, 3, 11, 8, tzinfo=UTC)),
    ]
    assert list(departed.listed(place)) == list(departed.listed(None)) == []
