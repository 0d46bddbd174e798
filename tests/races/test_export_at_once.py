"""An export tells of one moment, whatever is pressed meanwhile, in memory that does not grow."""

import csv
import io
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from app.infra import db
from app.queries import export
from tests import world as make
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

_HABITS, _DAYS = 20, 5000
_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_LONG_LIFE = [
    text(statement)
    for statement in (
        """
        INSERT INTO habits (user_id, pillar_id, name, effort, position, created_at)
        SELECT :me, :pillar, 'Long ' || n, 'easy', n, now() FROM generate_series(1, :habits) AS n
        """,
        """
        INSERT INTO schedules (user_id, habit_id, starts_on, kind)
        SELECT user_id, id, '2010-01-01', 'daily' FROM habits
        WHERE user_id = :me AND name LIKE 'Long %'
        """,
        """
        INSERT INTO commits (user_id, habit_id, day, created_at)
        SELECT h.user_id, h.id, date '2010-01-01' + n, now()
        FROM habits h, generate_series(1, :days) AS n
        WHERE h.user_id = :me AND h.name LIKE 'Long %'
        """,
    )
]


def test_what_is_pressed_meanwhile_is_wholly_in_it_or_not_at_all(world: World):
    ada, press, habits = world.signed_in(world.ada), world.signed_in(world.ada), []
    habits = [make.habit(world.ada, world.pillar, f"Walk {number}") for number in range(3)]
    over = Event()

    def presses() -> int:
        done = 0
        while not over.is_set():
            for habit in habits:
                for verb in ("commit", "undo"):
                    done += press.post(f"/habits/{habit}/{verb}").status_code == 303
        return done

    sizes = set()
    with ThreadPoolExecutor() as pool:
        pressing = pool.submit(presses)
        try:
            for _ in range(8):
                answer = ada.post("/export")
                assert answer.status_code == 200
                sizes.add(agreeing(ZipFile(io.BytesIO(answer.data))))
        finally:
            over.set()
        assert pressing.result() > 10
    # They were taken while the ledger grew.
    assert len(sizes) > 1


def agreeing(file: ZipFile) -> int:
    """Return the lines of the ledger of an export whose parts agree with each other."""
    told = json.loads(file.read("commit-life.json"))
    taken_back = {line["takes_back"] for line in told["ledger"]}
    standing = [
        line for line in told["ledger"]
        if line["takes_back"] is None and line["line"] not in taken_back
    ]  # fmt: skip
    kept = {(commit["habit"], commit["day"]) for commit in told["commits"]}
    assert {(line["habit"], line["day"]) for line in standing} == kept
    xp = sum(line["amount"] for line in standing)
    assert xp == sum(pet["xp"] for pet in told["pets"]) == sum(p["xp"] for p in told["pillars"])
    days = csv.DictReader(io.StringIO(file.read("days.csv").decode()))
    assert sum(day["kept"] == "yes" for day in days) == len(kept)
    lines = len(list(csv.reader(io.StringIO(file.read("ledger.csv").decode())))) - 1
    assert lines == len(told["ledger"])
    return lines


@pytest.mark.skipif(not _CLEAR.exists(), reason="only Linux tells the peak of memory anew")
def test_a_long_life_takes_no_more_memory_than_a_short_one(world: World):
    me, pillar = world.ada.user_id, world.pillar
    short, _ = peak(me)
    with db.patient(60), db.transaction() as writing:
        for statement in _LONG_LIFE:
            values = {"me": me, "pillar": pillar, "habits": _HABITS, "days": _DAYS}
            writing.execute(statement, values)
    long, packed = peak(me)
    assert packed > 200_000
    # All rows at once would take sixty.
    assert long - short < 12_000


def peak(me: int) -> tuple[int, int]:
    """Return the most memory that this process had during an export in kB, and the file's size."""
    with tempfile.TemporaryFile() as file:
        _CLEAR.write_text("5")
        with db.patient(60), db.snapshot() as reading:
            export.write(reading, me, NOON, file)
        said = _STATUS.read_text().partition("VmHWM:")[2]
        return int(said.split()[0]), file.tell()
