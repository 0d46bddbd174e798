"""Secrets are where they are used and nowhere else, and the app refuses to start without."""

import subprocess
from pathlib import Path

import pytest

from tests.stack.engine import Stack, copy_project
from tests.stack.visitor import Visitor

SERVICES = ("nginx", "app", "migrate", "db", "backup")


def test_no_secret_shows_in_what_the_engine_knows_or_the_containers_say(stack: Stack, ada: Visitor):
    ada.press(ada.habits()[0])
    kept = [file for file in (stack.folder / "secrets").iterdir() if file.suffix != ".crt"]
    values = {file.name: file.read_text().strip() for file in kept if file.suffix != ".domain"}
    values |= {"password": "a-long-enough-phrase", "cookie": max(ada.cookies.values(), key=len)}
    assert {"secret_key", "database_password", "admin_password", "self_signed.key"} <= set(values)
    for service in SERVICES:
        shown = stack.run("docker", "inspect", *stack.ids(service)) + stack.logs(service)
        if service != "migrate":
            shown += stack.inside(service, "env")
        for name, value in values.items():
            assert not value or value not in shown, f"{service} shows {name}"


@pytest.mark.parametrize("key", ["", "too short", "a" * 64], ids=["none", "short", "monotonous"])
def test_the_app_refuses_to_start_without_a_secret_key_of_its_own(stack: Stack, key: str):
    weak = stack.folder / "secrets/weak"
    weak.write_text(key)
    code, said = stack.attempt(
        "docker", "compose", "run", "--rm", "-T", "--no-deps", "--volume", f"{weak}:/weak:ro",
        "--env", "SECRET_KEY_FILE=/weak", "app",
    )  # fmt: skip
    lines = [line for line in said.splitlines() if "Container" not in line]
    assert code != 0
    assert len(lines) == 1, said
    assert lines[0].startswith("SECRET_KEY")


def test_the_compose_file_can_be_read_before_there_is_a_setting_or_a_secret(tmp_path: Path):
    copy_project(tmp_path)
    assert not (tmp_path / ".env").exists()
    assert not (tmp_path / "secrets").exists()
    for profiles in ([], ["--profile", "*"]):
        command = ["docker", "compose", *profiles, "config", "--quiet"]
        subprocess.run(command, cwd=tmp_path, check=True)
