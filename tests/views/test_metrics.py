"""`/metrics`: what it tells, to whom, and that dashboard and alerts ask for nothing else."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app.config import ROOT
from app.infra import db
from tests.conftest import MakeApp, browser
from tests.views.database import execute
from tests.world import NOON, World

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
OPERATIONS = ROOT / "docs" / "operations"
HOUR = 3600

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scrape(client: FlaskClient) -> Samples:
    """What `/metrics` tells, by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((f"commit_life_{name}", tuple(sorted(labels.items()))), 0.0)


def growth(client: FlaskClient, name: str, **labels: str) -> Iterator[float]:
    """Yield how much a counter has grown since this was first asked."""
    first = value(scrape(client), name, **labels)
    while True:
        yield value(scrape(client), name, **labels) - first


def test_it_is_plain_text_for_prometheus_and_opens_no_session(world: World):
    for client in (browser(world.app), world.signed_in(world.ada)):
        answer = client.get("/metrics")
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "<" not in answer.text


def test_it_needs_no_database(make_app: MakeApp):
    client = browser(make_app(NOWHERE, revision="1a2b3c"))
    samples = scrape(client)
    ((name, labels),) = [key for key in samples if key[0] == "commit_life_build_info"]
    assert dict(labels)["revision"] == "1a2b3c"
    assert samples[(name, labels)] == 1


def test_requests_are_counted_by_view_and_status_and_never_by_path(world: World):
    ada = world.signed_in(world.ada)
    kept = growth(ada, "requests_total", endpoint="habits.show", status="200")
    missed = growth(ada, "requests_total", endpoint="habits.show", status="404")
    unknown = growth(ada, "requests_total", endpoint="none", status="404")
    took = growth(ada, "request_seconds_count", endpoint="habits.show", status="4xx")
    assert [next(each) for each in (kept, missed, unknown, took)] == [0, 0, 0, 0]
    ada.get(f"/habits/{world.habit}")
    for number in range(3):
        ada.get(f"/habits/99999{number}")
        ada.get(f"/nowhere/{number}")
    assert [next(each) for each in (kept, missed, unknown, took)] == [1, 3, 3, 3]
    assert "nowhere" not in ada.get("/metrics").text


def test_a_fault_is_counted_as_one(world: World):
    ada = world.signed_in(world.ada)
    faults = growth(ada, "requests_total", endpoint="pets.show", status="500")
    assert next(faults) == 0
    execute("ALTER TABLE pets RENAME TO gone")
    ada.get("/pet")
    assert next(faults) == 1


def test_presses_are_counted_by_what_they_did(world: World):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}"
    counts = {act: growth(ada, "commits_total", act=act) for act in ("kept", "undone", "unchanged")}
    assert [next(count) for count in counts.values()] == [0, 0, 0]
    for path in ("commit", "commit", "commit", "undo"):
        ada.post(f"{url}/{path}")
    ada.post("/habits/999999/commit")
    assert {act: next(count) for act, count in counts.items()} == {
        "kept": 1,
        "undone": 1,
        "unchanged": 2,
    }


def test_a_verification_is_told_with_its_time(app: Flask, world: World, client: FlaskClient, at):
    assert world.pillar
    for damage, found in (("", 0), ("UPDATE pets SET xp = xp + 1", 1)):
        if damage:
            execute(damage)
        app.test_cli_runner().invoke(args=["ledger", "verify"])
        samples = scrape(client)
        assert value(samples, "ledger_mismatches") == found
        assert value(samples, "ledger_verified_timestamp_seconds") == NOON.timestamp()


def test_a_connection_is_in_use_inside_a_door_and_given_back_after_a_fault(world: World):
    ada = world.signed_in(world.ada)
    assert value(scrape(ada), "pool_size") == 4
    with db.reading():
        assert value(scrape(ada), "pool_in_use") == 1
    execute("ALTER TABLE pets RENAME TO gone")
    ada.get("/pet")
    assert value(scrape(ada), "pool_in_use") == 0


def dump(folder: Path, name: str, hours: float, *, good: bool = True) -> None:
    """Put a backup that is so many hours old at noon into the folder."""
    for file in [folder / name] + [folder / f"{name}.sha256"] * good:
        file.write_text("")
        os.utime(file, (NOON.timestamp() - hours * HOUR,) * 2)


def told_of_backups(app: Flask) -> dict[str, float]:
    samples = scrape(browser(app))
    found = {name: value for (name, _labels), value in samples.items() if "backup" in name}
    return {name.removeprefix("commit_life_backup_"): found[name] for name in found}


def test_the_last_good_backup_has_an_age(make_app: MakeApp, tmp_path: Path, at):
    app = make_app(NOWHERE, backups_dir=tmp_path)
    assert told_of_backups(app) == {"count": 0}
    dump(tmp_path, "commit-life-20260308T000000Z.dump", 48)
    dump(tmp_path, "commit-life-20260309T000000Z.dump", 24)
    # Neither of these is a good one: no checksum yet, and still being written.
    dump(tmp_path, "commit-life-20260310T000000Z.dump", 1, good=False)
    dump(tmp_path, "commit-life-20260310T000000Z.dump.part", 1)
    day_before = NOON.timestamp() - 24 * HOUR
    good = {"count": 2, "age_seconds": 24 * HOUR, "timestamp_seconds": day_before}
    assert told_of_backups(app) == good
    dump(tmp_path, ".offsite", 48, good=False)
    offsite = {"offsite_timestamp_seconds": NOON.timestamp() - 48 * HOUR}
    assert told_of_backups(app) == good | offsite


def test_without_a_folder_nothing_is_said_of_backups(make_app: MakeApp, tmp_path: Path):
    assert told_of_backups(make_app(NOWHERE)) == {}
    assert told_of_backups(make_app(NOWHERE, backups_dir=tmp_path / "absent")) == {"count": 0}


@pytest.fixture
def told(world: World, make_app: MakeApp, tmp_path: Path) -> set[str]:
    """The names of everything that the app can tell."""
    ada = world.signed_in(world.ada)
    ada.post(f"/habits/{world.habit}/commit")
    dump(tmp_path, "commit-life-20260310T110000Z.dump", 1)
    dump(tmp_path, ".offsite", 1, good=False)
    return {name for name, _labels in scrape(browser(make_app(NOWHERE, backups_dir=tmp_path)))}


def asked(expressions: list[str]) -> set[str]:
    return {name for each in expressions for name in re.findall(r"commit_life_\w+", each)}


def test_alerts_ask_for_what_is_told(told: set[str]):
    groups = yaml.safe_load((OPERATIONS / "alerts.yaml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    names = asked([rule["expr"] for rule in rules])
    assert names <= told
    assert "commit_life_ledger_mismatches" in names
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 8
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert {"summary", "description"} <= rule["annotations"].keys()


def test_the_dashboard_asks_for_what_is_told(told: set[str]):
    board = json.loads((OPERATIONS / "grafana-dashboard.json").read_text())
    targets = [target for panel in board["panels"] for target in panel["targets"]]
    names = asked([target["expr"] for target in targets])
    assert names <= told
    assert "commit_life_request_seconds_bucket" in names
    assert board["templating"]["list"][0]["type"] == "datasource"
    for panel in board["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}"
        assert panel["title"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_every_metric_is_explained(told: set[str]):
    page = (OPERATIONS / "monitoring.md").read_text()
    for name in told:
        assert re.sub(r"_(bucket|sum|count)$", "", name) in page or name in page
