"""`ledger verify`: silent about a clean world, and every kind of damage has a line of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars
from app.queries.ledger import verify
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

# Ada's newest entry written once more, with nothing in it, so that only its number is wrong.
COPY = """
    INSERT INTO ledger_entries
        (user_id, habit_id, pillar_id, pet_id, day, label, amount, created_at)
    SELECT user_id, habit_id, pillar_id, pet_id, day, label, 0, created_at FROM ledger_entries
    WHERE amount > 0 ORDER BY id DESC LIMIT 1
"""

# What is done to the books, and what a line must then say.
DAMAGE = {
    "a pillar has too much XP": ("UPDATE pillars SET xp = xp + 1", "pillar {pillar} has 54 XP"),
    "a pillar has too little XP": ("UPDATE pillars SET xp = 0", "pillar {pillar} has 0 XP"),
    "a pet has too much XP": ("UPDATE pets SET xp = xp + 7", "pet {pet} has 60 XP"),
    "a pet has a day too many": (
        "UPDATE pets SET days_kept = days_kept + 1",
        "pet {pet} has 6 days, by the ledger 5 days",
    ),
    "a pet has a day too few": (
        "UPDATE pets SET days_kept = days_kept - 1",
        "pet {pet} has 4 days, by the ledger 5 days",
    ),
    "a commit is missing": (
        "DELETE FROM commits WHERE day = '2026-03-10'",
        "stands, by the ledger no commit of habit {habit} on 2026-03-10",
    ),
    "a commit came from nowhere": (
        "INSERT INTO commits SELECT user_id, habit_id, '2026-02-01', created_at FROM commits"
        " WHERE day = '2026-03-10'",
        "commit of habit {habit} on 2026-02-01, by the ledger 0 standing entries",
    ),
    "an imported commit gave XP": (
        "UPDATE commits SET import_id = 1 WHERE day = '2026-03-10'",
        "commit of habit {habit} on 2026-03-10, by the ledger 1 standing entries",
    ),
    "an entry is missing": (
        "DELETE FROM ledger_entries WHERE day = '2026-03-10'",
        "commit of habit {habit} on 2026-03-10, by the ledger 0 standing entries",
    ),
    "an entry stands twice": (
        COPY,
        "commit of habit {habit} on 2026-03-10, by the ledger 2 standing entries",
    ),
    "an entry was changed": (
        "UPDATE ledger_entries SET amount = 500 WHERE id = (SELECT max(id) FROM ledger_entries)",
        "pet {pet} has 53 XP, by the ledger 542 XP",
    ),
    "an old day earned something new": (
        "UPDATE ledger_entries SET amount = 10, created_at = created_at + interval '30 days'"
        " WHERE day = '2026-03-08' AND reverses_id IS NULL",
        "gives 10 XP for 2026-03-08, by the ledger it gave 0 XP before",
    ),
    "a reversal takes too little": (
        "UPDATE ledger_entries SET amount = -1 WHERE reverses_id IS NOT NULL",
        "takes back 1 XP, by the ledger entry",
    ),
    "a reversal takes from another pet": (
        "UPDATE ledger_entries SET pet_id = 0 WHERE reverses_id IS NOT NULL",
        "takes back 10 XP",
    ),
    "a reversal takes from another pillar": (
        "UPDATE ledger_entries SET pillar_id = 0 WHERE reverses_id IS NOT NULL",
        "takes back 10 XP",
    ),
    "a reversal reverses nothing": (
        "UPDATE ledger_entries SET reverses_id = 0 WHERE reverses_id IS NOT NULL",
        "by the ledger entry 0 gave nothing",
    ),
    "the pillars are miscounted": (
        "UPDATE users SET pillar_count = 3",
        "pillar count 3, by the ledger 1 pillars",
    ),
    "a habit does not say that it counts": (
        "UPDATE schedules SET measure = 'at_least', target = 5",
        "habit {habit} counts nothing, by the ledger and its terms say otherwise",
    ),
    "a habit says that it counts": (
        "UPDATE habits SET counted = true",
        "habit {habit} counts amounts, by the ledger and its terms say otherwise",
    ),
    "an amount came before its habit": (
        "INSERT INTO amounts (user_id, habit_id, day, amount, created_at)"
        " SELECT user_id, habit_id, '2025-12-31', 1, created_at FROM commits"
        " WHERE day = '2026-03-10'",
        "habit {habit} has amounts on 2025-12-31, by the ledger and begins on 2026-01-01",
    ),
    "a stored run is too short": (
        "UPDATE habits SET folded_run = 1",
        "run=1, best=2, kept=2, ",
    ),
    "a stored best is too long": (
        "UPDATE habits SET folded_best = 9",
        "habit {habit} stores Fold(",
    ),
    "stored days are too many": (
        "UPDATE habits SET folded_kept = folded_kept + 1",
        "habit {habit} stores Fold(",
    ),
    "a stored fold is of another day": (
        "UPDATE habits SET folded_on = '2026-03-09'",
        "habit {habit} stores Fold(through=datetime.date(2026, 3, 9), run=2, best=2, kept=2, ",
    ),
    **{
        f"a stored {column} is wrong": (
            f"UPDATE habits SET folded_{column} = {wrong}",
            "habit {habit} stores Fold(",
        )
        for column, wrong in {
            "toward": "3",
            "shields": "2",
            "since": "folded_since + 1",
            "idle": "1",
            "overdue": "1",
            "strength": "folded_strength + 0.001",
        }.items()
    },
    "an address is missing": (
        "DELETE FROM addresses",
        "ada@example.org is not among the addresses",
    ),
    "an address was changed": (
        "UPDATE users SET email = 'eve@example.org'",
        "eve@example.org is not among the addresses",
    ),
    "an account is missing": (
        "DELETE FROM users",
        "ada@example.org is the address of no such account",
    ),
}


@pytest.fixture
def kept(world: World) -> World:
    """Ada kept her habit on five days in a row up to today, and took one of today back before."""
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    for days in (4, 3, 2, 1, 0):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=days))
    return world


def differences() -> list[str]:
    with db.reading() as session:
        return list(verify.differences(session))


def damage(statement: str) -> None:
    with db.transaction() as session:
        assert session.execute(text(statement)).rowcount, "nothing was damaged"


def test_an_empty_world_has_no_differences(app: Flask):
    assert differences() == []


def test_a_clean_world_has_no_differences(kept: World):
    make.keep(kept.ada, kept.habit, TUESDAY - timedelta(days=30))
    make.keep(kept.bob, make.habit(kept.bob, make.pillar(kept.bob)))
    assert differences() == []


def test_an_imported_commit_without_an_entry_and_a_fold_not_known_are_no_differences(kept: World):
    damage(
        "INSERT INTO commits SELECT user_id, habit_id, '2026-02-01', created_at, 1 FROM commits"
        " WHERE day = '2026-03-10'"
    )
    damage("UPDATE habits SET folded_on = NULL")
    assert differences() == []


def test_what_was_moved_archived_and_deleted_leaves_no_differences(kept: World):
    other = make.pillar(kept.ada, "Mind")
    gone = make.habit(kept.ada, other, "Walk")
    make.keep(kept.ada, gone)
    with db.transaction() as session:
        habits.move_to(session, kept.ada, kept.habit, other)
    make.take_back(kept.ada, kept.habit)
    with db.transaction() as session:
        habits.delete(session, kept.ada, gone)
    with db.transaction() as session:
        pillars.archive(session, kept.ada, other)
    with db.transaction() as session:
        pillars.delete(session, kept.ada, kept.pillar)
    assert differences() == []


def test_a_stored_fold_that_forgot_an_amount_is_a_difference(kept: World):
    terms = {"kind": "at_least", "target": "50"}
    habit = make.habit(kept.ada, kept.pillar, starts_on=TUESDAY - timedelta(days=20), **terms)
    for back in (10, 0):
        make.add(kept.ada, habit, "25", TUESDAY - timedelta(days=back))
    assert differences() == []
    damage("UPDATE amounts SET amount = 20 WHERE day < '2026-03-05'")
    assert f"habit {habit} stores Fold(" in "".join(differences())


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named(kept: World, kind: str):
    statement, told = DAMAGE[kind]
    damage(statement)
    with db.reading() as session:
        pet = session.scalar(text("SELECT id FROM pets"))
    expected = told.format(pillar=kept.pillar, pet=pet, habit=kept.habit)
    lines = differences()
    assert any(expected in line for line in lines), lines
    assert all(line.startswith(f"user {kept.ada.user_id}: ") for line in lines)


def test_a_reversal_that_is_reversed_is_named_though_nothing_was_given(kept: World):
    old = TUESDAY - timedelta(days=30)
    make.keep(kept.ada, kept.habit, old)
    make.take_back(kept.ada, kept.habit, old)
    damage(
        "INSERT INTO ledger_entries (user_id, habit_id, pillar_id, pet_id, day, label, amount,"
        " reverses_id, created_at) SELECT user_id, habit_id, pillar_id, pet_id, day, label, 0, id,"
        " created_at FROM ledger_entries WHERE reverses_id IS NOT NULL AND amount = 0"
    )
    (line,) = differences()
    assert "takes back 0 XP" in line


def test_an_old_day_that_gives_back_more_than_it_had_is_named(kept: World, at: Callable):
    day = TUESDAY - timedelta(days=3)
    at(NOON + timedelta(days=9))
    make.take_back(kept.ada, kept.habit, day)
    make.keep(kept.ada, kept.habit, day)
    assert differences() == []
    damage("""
        UPDATE ledger_entries SET amount = amount + 1
        WHERE id = (SELECT max(id) FROM ledger_entries);
        UPDATE pets SET xp = xp + 1; UPDATE pillars SET xp = xp + 1
    """)
    (line,) = differences()
    assert "XP for 2026-03-07, by the ledger it gave 10 XP before" in line


def test_an_address_that_leads_to_another_account_is_named_on_both_sides(kept: World):
    damage("UPDATE addresses SET user_id = user_id + 1")
    assert differences() == [
        f"user {kept.ada.user_id}: ada@example.org is not among the addresses",
        f"user {kept.ada.user_id + 1}: ada@example.org is the address of no such account",
    ]


def test_damage_of_one_user_is_not_laid_to_another(kept: World):
    make.keep(kept.bob, make.habit(kept.bob, make.pillar(kept.bob)))
    damage(f"UPDATE pets SET xp = xp + 1 WHERE user_id = {kept.bob.user_id}")
    (line,) = differences()
    assert line.startswith(f"user {kept.bob.user_id}: pet")


def test_a_habit_without_a_schedule_is_told_and_not_a_crash(kept: World):
    damage("DELETE FROM schedules")
    assert any(f"habit {kept.habit} has no schedule" in line for line in differences())


def test_the_command_ends_with_0_and_one_line_when_all_agrees(app: Flask, kept: World):
    result = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert (result.exit_code, result.output) == (0, "All balances agree with 7 ledger entries.\n")


def test_the_command_ends_with_1_and_every_difference(app: Flask, kept: World):
    damage("UPDATE pets SET xp = xp + 1, days_kept = days_kept + 1")
    result = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert (result.exit_code, result.output.splitlines()) == (1, differences())
    assert len(differences()) == 2
