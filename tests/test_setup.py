"""setup.sh: two answers become settings and secrets, and a second run changes nothing else."""

import os
import pty
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests import programs

ROOT = Path(__file__).parent.parent
SECRETS = ("secret_key", "database_password", "admin_password", "replication_password")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing but the script."""
    shutil.copy2(ROOT / "setup.sh", tmp_path)
    return tmp_path


def setup(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["./setup.sh", *options], cwd=folder, text=True, capture_output=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def answered(folder: Path, *answers: str) -> int:
    """Run the script in a terminal and type the answers."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(["./setup.sh"], cwd=folder, stdin=theirs, stdout=subprocess.DEVNULL)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    code = running.wait(timeout=30)
    os.close(ours)
    os.close(theirs)
    return code


def settings(folder: Path) -> dict[str, str]:
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_for_yourself_everybody_has_every_pillar_and_nobody_signs_up(folder: Path):
    assert setup(folder, "--domain", "habits.example.org", "--private").returncode == 0
    assert settings(folder) == {
        "DOMAIN": "habits.example.org", "FREE_PILLARS": "0", "REGISTRATION": "invite"
    }  # fmt: skip


def test_a_public_service_takes_everybody_and_gives_three_pillars(folder: Path):
    assert setup(folder, "--domain=Habits.Example.org", "--public").returncode == 0
    assert settings(folder) == {
        "DOMAIN": "habits.example.org", "FREE_PILLARS": "3", "REGISTRATION": "open"
    }  # fmt: skip


def test_it_asks_what_it_was_not_told(folder: Path):
    assert answered(folder, "habits.example.org", "what", "1") == 0
    assert settings(folder)["REGISTRATION"] == "invite"
    # An empty answer keeps the domain.
    assert answered(folder, "", "2") == 0
    assert settings(folder) == {
        "DOMAIN": "habits.example.org", "FREE_PILLARS": "3", "REGISTRATION": "open"
    }  # fmt: skip


def test_without_a_terminal_and_without_an_answer_it_says_how_it_is_called(folder: Path):
    done = setup(folder, "--private")
    assert done.returncode == 2
    assert "--domain NAME" in done.stderr
    assert not (folder / ".env").exists()


@pytest.mark.parametrize(
    "domain", ["https://a.org", "a.org/x", "a b", "-a.org", "a..org", "", "a$b"]
)
def test_what_is_no_domain_is_refused_and_nothing_is_written(folder: Path, domain: str):
    done = setup(folder, "--domain", domain, "--private")
    assert done.returncode != 0
    assert {path.name for path in folder.iterdir()} == {"setup.sh"}


def test_a_second_run_keeps_secrets_certificate_and_what_was_written_by_hand(folder: Path):
    setup(folder, "--domain", "habits.example.org", "--public")
    with (folder / ".env").open("a") as env:
        env.write("HTTPS_PORT=8443\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = setup(folder, "--domain", "habits.example.org", "--public")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert "https://habits.example.org:8443" in done.stdout


def test_settings_are_never_readable_by_others_while_they_are_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    setup(folder, "--domain", "habits.example.org", "--public")
    # A `rm` that notes how the file stood just before it goes.
    watching = folder / "watching"
    watching.mkdir()
    (watching / "rm").write_text(
        f'#!/bin/sh\nstat -c %a .env .env.new >>{folder}/modes 2>/dev/null\nexec /bin/rm "$@"\n'
    )
    (watching / "rm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{watching}:{os.environ['PATH']}")
    setup(folder, "--domain", "other.example.org", "--private")
    assert settings(folder)["DOMAIN"] == "other.example.org"
    assert set((folder / "modes").read_text().split()) == {"600"}


def test_another_domain_gets_another_certificate_and_keeps_the_secrets(folder: Path):
    setup(folder, "--domain", "habits.example.org", "--private")
    before = {name: (folder / "secrets" / name).read_bytes() for name in SECRETS}
    setup(folder, "--domain", "127.0.0.1", "--private")
    assert before == {name: (folder / "secrets" / name).read_bytes() for name in SECRETS}
    show = [
        programs.find("openssl"),
        "x509",
        "-noout",
        "-text",
        "-in",
        folder / "secrets/self_signed.crt",
    ]
    assert "IP Address:127.0.0.1" in subprocess.run(show, capture_output=True, text=True).stdout


def test_secrets_are_long_and_different_and_their_folder_is_closed(folder: Path):
    setup(folder, "--domain", "localhost", "--private")
    secrets = {(folder / "secrets" / name).read_text() for name in SECRETS}
    assert len(secrets) == len(SECRETS)
    assert {len(secret) for secret in secrets} == {64}
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
