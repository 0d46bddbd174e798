"""Export: one zip with everything of an account and nothing of others, from one moment."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from zipfile import ZipFile

import jsonschema
import pytest
from flask.testing import FlaskClient

from app.config import ROOT
from app.infra import db
from app.operations import demo
from app.queries import accounts, export
from app.rules.identity import FRESH
from tests import world as make
from tests.views.database import execute, scalar
from tests.views.letters import letters
from tests.views.pages import page
from tests.world import NOON, PASSWORD_HASH, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

SCHEMA = json.loads((ROOT / "docs/formats/commit-life-1.schema.json").read_text())
FILES = ["README.txt", "commit-life.json", "habits.csv", "days.csv", "ledger.csv"]


@pytest.fixture
def ada(world: World) -> FlaskClient:
    return world.signed_in(world.ada)


def unpacked(packed: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(packed))


def told(file: ZipFile) -> dict:
    """Return commit-life.json, which says what its schema allows and nothing else."""
    everything = json.loads(file.read("commit-life.json"))
    jsonschema.validate(everything, SCHEMA, format_checker=jsonschema.FormatChecker())
    return everything


def table(file: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read(name).decode())))


def exported(client: FlaskClient) -> ZipFile:
    answer = client.post("/export", data=page(client.get("/export")).form("/export").fields)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return unpacked(answer.data)


def test_a_press_downloads_it_and_the_page_says_what_is_inside(ada: FlaskClient):
    assert "/export" in ada.get("/settings").text
    assert "/export" in ada.get("/settings/leave").text
    answer = ada.post("/export", data=page(ada.get("/export")).form("/export").fields)
    said = "attachment; filename=commit-life-2026-03-10.zip"
    assert answer.headers["Content-Disposition"] == said
    assert answer.headers["Cache-Control"] == "no-store"
    file = unpacked(answer.data)
    assert file.namelist() == FILES
    assert file.testzip() is None
    assert "docs/formats/commit-life-1.schema.json" in file.read("README.txt").decode()
    assert "Everything in it was taken along in a file." in ada.get("/settings/audit").text


def test_a_year_is_all_there_and_agrees_with_the_database(world: World):
    with db.patient(300), db.transaction() as writing:
        demo.make(writing, PASSWORD_HASH, "Europe/Berlin", demo.SEED)
    with db.reading() as reading:
        account = accounts.by_email(reading, demo.EMAIL)
    packed = io.BytesIO()
    with db.snapshot() as reading:
        export.write(reading, account.id, NOON, packed)
    file = unpacked(packed.getvalue())
    everything = told(file)
    tables = {
        "pets": "pets", "finds": "finds", "pillars": "pillars", "habits": "habits",
        "rests": "rests", "commits": "commits", "amounts": "amounts", "notes": "notes",
        "ledger": "ledger_entries", "moments": "moments",
    }  # fmt: skip
    for part, of in tables.items():
        many = scalar(f"SELECT count(*) FROM {of} WHERE user_id = :me", me=account.id)
        assert len(everything[part]) == many, part
    assert sum(map(len, (everything[part] for part in tables))) > 5000
    earned = sum(line["amount"] for line in everything["ledger"])
    assert earned == sum(pet["xp"] for pet in everything["pets"])
    days = table(file, "days.csv")
    assert sum(day["kept"] == "yes" for day in days) == len(everything["commits"])
    assert sum(bool(day["note"]) for day in days) == len(everything["notes"])
    assert sum(bool(day["amount"]) for day in days) == scalar(
        "SELECT count(DISTINCT (habit_id, day)) FROM amounts WHERE user_id = :me", me=account.id
    )
    assert len(table(file, "habits.csv")) == len(everything["habits"])
    assert len(table(file, "ledger.csv")) == len(everything["ledger"])


def test_what_belongs_together_is_named_alike_and_the_same_each_time(
    ada: FlaskClient, world: World
):
    make.keep(world.ada, world.habit)
    first, second = told(exported(ada)), told(exported(ada))
    assert first == second
    (commit,), (line,) = first["commits"], first["ledger"]
    (habit,) = [one for one in first["habits"] if one["uid"] == commit["habit"]]
    assert (line["habit"], line["pillar"]) == (habit["uid"], habit["pillar"])
    assert line["pet"] in {pet["uid"] for pet in first["pets"]}
    assert commit["day"] == line["day"] == TUESDAY.isoformat()


def test_nothing_of_anybody_else_is_in_it(ada: FlaskClient, world: World):
    theirs = make.habit(world.bob, make.pillar(world.bob), "A secret of Bob's")
    make.keep(world.bob, theirs)
    file = exported(ada)
    for name in FILES:
        assert "Bob" not in file.read(name).decode()
    assert told(file)["account"]["email"] == "ada@example.org"
    assert told(exported(world.signed_in(world.bob)))["habits"][-1]["name"] == "A secret of Bob's"


@pytest.mark.parametrize("name", ["=1+1", "+49", "-7", "@SUM(A1)"])
def test_no_cell_is_a_formula(ada: FlaskClient, world: World, name: str):
    """Line 35 of docs/security.md."""
    habit = make.habit(world.ada, world.pillar, name)
    make.keep(world.ada, habit)
    file = exported(ada)
    for table_name in ("habits.csv", "days.csv", "ledger.csv"):
        assert table(file, table_name)[-1]["habit"] == f"'{name}"
    assert told(file)["habits"][-1]["name"] == name


def test_it_asks_who_somebody_is_unless_that_was_proved_lately(ada: FlaskClient, at: Callable):
    """Line 13 of docs/security.md."""
    at(NOON + FRESH + timedelta(seconds=1))
    answer = ada.post("/export", data=page(ada.get("/export")).form("/export").fields)
    assert answer.headers["Location"].startswith("/settings/proof")


def test_an_account_that_is_gone_has_no_export(ada: FlaskClient, world: World):
    execute("DELETE FROM users WHERE id = :me", me=world.ada.user_id)
    assert ada.post("/export").status_code in {303, 401}
    assert letters() == []
