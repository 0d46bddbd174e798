"""A commit that was imported: it counts as kept, gave no XP, and is taken back like any other."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits
from app.queries.ledger import verify
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.outcome import Act
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

IMPORTED = text("""
    INSERT INTO commits (user_id, habit_id, day, created_at, import_id)
    VALUES (:me, :habit, :day, :now, 1)
""")


def imported(me: Actor, habit_id: int, day: date = TUESDAY) -> None:
    """Write a commit as an import does: no line in the ledger, and no fold of a day before."""
    with db.transaction() as session:
        values = {"me": me.user_id, "habit": habit_id, "day": day, "now": NOON}
        session.execute(IMPORTED, values)
        session.execute(text("UPDATE habits SET folded_on = NULL WHERE id = :habit"), values)


def rows(statement: str) -> list[tuple]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def balances() -> list[tuple]:
    """Return XP and days of the pet, and the XP of every pillar."""
    return rows("SELECT xp, days_kept FROM pets UNION ALL SELECT xp, id FROM pillars")


def differences() -> list[str]:
    with db.reading() as session:
        return list(verify.differences(session))


def test_an_imported_commit_counts_and_is_no_difference(world: World):
    imported(world.ada, world.habit, TUESDAY - timedelta(days=1))
    imported(world.ada, world.habit)
    again = make.keep(world.ada, world.habit, key="a")
    assert (again.act, again.kept, again.row.streak) == (Act.UNCHANGED, True, 2)
    assert (again.pet.xp, again.pet.kept, again.pillars[0].kept) == (0, 1, 1)
    assert differences() == []


@pytest.mark.parametrize("back", [0, 3, 20])
def test_taking_an_imported_commit_back_gives_nothing_back(world: World, back: int):
    day = TUESDAY - timedelta(days=back)
    imported(world.ada, world.habit, day)
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=day)
    make.keep(world.ada, walk, day)
    before, lines = balances(), rows("SELECT * FROM ledger_entries")
    undone = make.take_back(world.ada, world.habit, day, key="a")
    assert (undone.act, undone.amount, undone.kept) == (Act.UNDONE, 0, False)
    assert [header.id for header in undone.pillars] == [world.pillar]
    assert balances() == before == [(undone.pet.xp, undone.pet.days_kept), before[1]]
    assert undone.pillars[0].xp == before[1][0]
    assert rows("SELECT * FROM ledger_entries") == lines
    assert differences() == []


def test_the_key_that_took_an_imported_commit_back_is_remembered(world: World):
    imported(world.ada, world.habit)
    make.take_back(world.ada, world.habit, key="a")
    assert rows("SELECT key, route FROM presses") == [("a", f"undo/{world.habit}")]
    make.keep(world.ada, world.habit)
    assert make.take_back(world.ada, world.habit, key="a").kept
    with pytest.raises(Invalid):
        make.keep(world.ada, world.habit, key="a")


def test_a_day_that_was_imported_and_taken_back_is_free_again(world: World):
    imported(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    kept = make.keep(world.ada, world.habit)
    assert (kept.act, kept.amount, kept.pet.xp, kept.pet.days_kept) == (Act.KEPT, 10, 10, 1)
    assert make.take_back(world.ada, world.habit).amount == 10
    assert differences() == []


def test_an_imported_commit_is_taken_back_from_no_pillar_that_its_habit_has_left(
    world: World, statements: Callable
):
    imported(world.ada, world.habit)
    mind = make.pillar(world.ada, "Mind")
    ada, habit_id = world.ada, world.habit
    with db.transaction() as session:
        habits.move_to(session, ada, habit_id, mind)
    with statements() as seen:
        undone = make.take_back(ada, habit_id, key="a")
    assert [header.id for header in undone.pillars] == [mind]
    # Lock, read and write, and one for the key that no line of the ledger holds.
    assert len(seen) == 4
    assert differences() == []


def test_an_imported_commit_that_is_taken_back_is_no_difference_beside_others(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    imported(world.ada, world.habit, TUESDAY - timedelta(days=1))
    assert make.keep(world.ada, world.habit).row.streak == 3
    undone = make.take_back(world.ada, world.habit, TUESDAY - timedelta(days=1))
    assert (undone.row.streak, undone.row.best) == (1, 1)
    assert differences() == []
