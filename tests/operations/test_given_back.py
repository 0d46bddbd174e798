"""A day of long ago that is kept again after an undo gives back what it had earned, and no more."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits
from app.queries.ledger import verify
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[..., None]


@pytest.fixture
def later(world: World, at: At) -> date:
    """A day that Ada kept when it was young, for 11 XP; now it is sixteen days ago."""
    for back in (2, 1, 0):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    at(NOON + timedelta(days=16))
    return TUESDAY


def differences() -> list[str]:
    with db.reading() as session:
        return list(verify.differences(session))


def balances(world: World) -> tuple[int, ...]:
    with db.reading() as session:
        query = text("""SELECT t.xp, t.days_kept, p.xp FROM pets t, pillars p
                        WHERE t.user_id = :me AND t.is_active AND p.id = :pillar""")
        values = {"me": world.ada.user_id, "pillar": world.pillar}
        return tuple(session.execute(query, values).one())


def test_an_undo_and_a_commit_leave_everything_as_it_was(world: World, later: date):
    before = balances(world)
    assert make.take_back(world.ada, world.habit, later).amount == 11
    assert balances(world) == (before[0] - 11, before[1] - 1, before[2] - 11)
    kept = make.keep(world.ada, world.habit, later)
    assert (kept.amount, kept.pet.xp, kept.pillars[0].xp) == (11, before[0], before[2])
    assert balances(world) == before
    assert differences() == []


def test_however_often_it_never_gives_more(world: World, later: date):
    for _ in range(3):
        make.take_back(world.ada, world.habit, later)
        assert make.keep(world.ada, world.habit, later).amount == 11
    execute("UPDATE habits SET effort = 'hard'")
    make.take_back(world.ada, world.habit, later)
    assert make.keep(world.ada, world.habit, later).amount == 11
    assert differences() == []


def test_it_is_the_amount_that_was_taken_back_last(world: World, at: At):
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    execute("UPDATE habits SET effort = 'easy'")
    make.keep(world.ada, world.habit)
    at(NOON + timedelta(days=8))
    make.take_back(world.ada, world.habit, TUESDAY)
    assert make.keep(world.ada, world.habit, TUESDAY).amount == 5


def test_a_newer_day_earns_by_the_rule(world: World, at: At):
    make.keep(world.ada, world.habit)
    at(NOON + timedelta(days=7))
    execute("UPDATE habits SET effort = 'easy'")
    make.take_back(world.ada, world.habit, TUESDAY)
    assert make.keep(world.ada, world.habit, TUESDAY).amount == 5


def test_another_day_another_habit_and_somebody_else_give_nothing_back(world: World, at: At):
    other = make.habit(world.ada, world.pillar, "Walk", starts_on=date(2026, 1, 1))
    his = make.habit(world.bob, make.pillar(world.bob), starts_on=date(2026, 1, 1))
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    at(NOON + timedelta(days=8))
    for me, habit, day in (
        (world.ada, world.habit, TUESDAY - timedelta(days=1)),
        (world.ada, other, TUESDAY),
        (world.bob, his, TUESDAY),
    ):
        assert make.keep(me, habit, day).amount == 0
    assert make.keep(world.ada, world.habit, TUESDAY).amount == 10
    assert differences() == []


def test_it_goes_to_the_pillar_in_which_the_habit_is_now(world: World, later: date):
    other = make.pillar(world.ada, "Mind")
    make.take_back(world.ada, world.habit, later)
    with db.transaction() as session:
        habits.move_to(session, world.ada, world.habit, other)
    kept = make.keep(world.ada, world.habit, later)
    assert [(pillar.id, pillar.xp) for pillar in kept.pillars] == [(other, 11)]
    assert differences() == []


def test_it_takes_three_statements_too(world: World, later: date, statements: Callable):
    make.take_back(world.ada, world.habit, later)
    with statements() as seen:
        make.keep(world.ada, world.habit, later)
    assert len(seen) == 3
