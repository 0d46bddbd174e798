"""What a server is set up with: linted, and read by the programs that will read it there."""

import gzip
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import babel
import brotli
import pytest
import yaml

from app.publish import publish
from app.web.assets import build

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent
SCRIPTS = [
    *ROOT.glob("*.sh"), *ROOT.glob("nginx/*.sh"), *ROOT.glob("deploy/*/*.sh"), ROOT / "deploy/roll",
    ROOT / "deploy/app/serve", ROOT / "deploy/backup/backup", ROOT / "deploy/backup/restore",
]  # fmt: skip
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
DEFAULT = {name for name, service in SERVICES.items() if "profiles" not in service}

each_service = pytest.mark.parametrize("name", SERVICES)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_is_clean():
    run(TOOLS / "hadolint", "Dockerfile")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_script_is_clean(script: Path):
    run(TOOLS / "shellcheck", "--external-sources", "--source-path", ROOT, script)


def test_every_script_that_is_run_may_be_run():
    sourced = ROOT / "deploy/backup/common.sh"
    for script in {*SCRIPTS} - {sourced}:
        assert script.stat().st_mode & stat.S_IXUSR, script


def test_the_services_are_those_that_scripts_and_people_name():
    assert {"nginx", "app", "worker", "migrate", "db", "backup"} == DEFAULT
    profiles = {name: SERVICES[name]["profiles"] for name in set(SERVICES) - DEFAULT}
    assert profiles == {
        "pgbouncer": ["scale"], "redis": ["scale"], "replica": ["scale"],
        "certbot": ["tls"], "offsite": ["offsite"],
    }  # fmt: skip


@each_service
def test_a_service_can_do_no_more_than_it_needs(name: str):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["init"]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert 0 < service["pids_limit"] <= 256
    assert ("ports" in service) == (name == "nginx")


@each_service
def test_a_service_is_started_again_and_says_how_it_is(name: str):
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    # The image of the app brings its own.
    assert "healthcheck" in service or name == "app"


@each_service
def test_the_way_out_is_for_those_that_need_it(name: str):
    assert ("outside" in SERVICES[name]["networks"]) == (
        name in {"nginx", "worker", "certbot", "offsite"}
    )


def test_all_limits_together_leave_room_on_a_machine_of_two_gigabytes():
    # When the others begin, migrate has ended.
    lasting = DEFAULT - {"migrate"}
    megabytes = sum(int(SERVICES[name]["mem_limit"].removesuffix("m")) for name in lasting)
    assert megabytes <= 1600


def test_the_connections_of_the_app_fit_the_database():
    given = re.search(
        r"^max_connections = (\d+)", (ROOT / "deploy/db/postgresql.conf").read_text(), re.M
    )
    assert given
    # Two workers with a pool of four, twice while one version follows another, and the replica's;
    # and the pool of the worker that sends mail.
    assert int(given[1]) >= 3 * 2 * 4 + 4 + 16


def test_nothing_that_is_secret_has_a_default():
    assert "PASSWORD:-" not in (ROOT / "compose.yaml").read_text()
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            assert not variable.endswith(("PASSWORD", "SECRET_KEY")), f"{name}: {variable}"


def test_published_files_stand_beside_their_compressed_siblings(tmp_path: Path):
    assets = build()
    publish(assets, tmp_path)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 3 * len(assets.files)
    for url, asset in assets.files.items():
        name = url.removeprefix("/static/")
        assert (tmp_path / name).read_bytes() == asset.body
        assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == asset.body
        assert brotli.decompress((tmp_path / "br" / name).read_bytes()) == asset.body


def test_an_image_writes_days_with_what_is_left_of_babel(tmp_path: Path):
    source = Path(babel.__file__).parent
    shutil.copytree(source, tmp_path / "venv/babel")
    (strip,) = re.findall(r"find /venv (.*) -delete", (ROOT / "Dockerfile").read_text())
    run("find", tmp_path / "venv", *shlex.split(strip), "-delete")
    left = {path.stem for path in (tmp_path / "venv/babel/locale-data").glob("*.dat")}
    assert {"root", "en"} <= left
    assert "de" not in left
    code = (
        "import babel; from datetime import date; from app.web import formats;"
        "print(babel.__file__, *(formats.day(tag, pattern, date(2026, 3, 10))"
        " for tag, patterns in formats.PATTERNS.items() for pattern in ('long day', 'short day')))"
    )
    paths = {"PYTHONPATH": f"{tmp_path}/venv:{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], env=paths, capture_output=True, text=True)
    assert done.stdout.split(" ", 1) == [
        f"{tmp_path}/venv/babel/__init__.py", "Tuesday, 10 March 10 Mar 2026\n"
    ], done.stderr  # fmt: skip
