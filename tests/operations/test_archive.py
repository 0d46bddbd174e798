"""The archive: what lies in it stands in nobody's way, and a repeated press changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars
from tests import world as make
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def one(statement: str, **values: object) -> object:
    with db.reading() as session:
        return session.scalar(text(statement), values)


def test_moving_a_habit_passes_over_the_archived(world: World):
    a, b, c = (make.habit(world.ada, world.pillar, name) for name in "ABC")
    do(habits.archive, world.ada, b)
    do(habits.move, world.ada, c, "up")
    order = "SELECT array_agg(id ORDER BY position, id) FROM habits WHERE archived_at IS NULL"
    assert one(order) == [c, a]


@pytest.mark.parametrize("operation", [habits, pillars])
def test_archiving_twice_keeps_the_first_time(world: World, at: Callable, operation: object):
    table = operation.__name__.rsplit(".", 1)[1]
    key = {"habits": world.habit, "pillars": world.pillar}[table]
    do(operation.archive, world.ada, key)
    at(NOON + timedelta(hours=1))
    do(operation.archive, world.ada, key)
    archived_at = one(f"SELECT archived_at FROM {table} WHERE id = :key", key=key)
    assert isinstance(archived_at, datetime)
    assert archived_at == NOON


def test_restoring_a_habit_that_is_not_archived_needs_no_room(world: World):
    do(habits.restore, world.ada, world.habit, 1)
    assert one("SELECT count(*) FROM habits WHERE archived_at IS NULL") == 1


def test_moving_what_is_archived_changes_no_order(world: World):
    made = [make.pillar(world.ada, name) for name in "ABC"]
    for direction in ("up", "down"):
        do(pillars.archive, world.ada, made[1])
        do(pillars.move, world.ada, made[1], direction)
        do(pillars.restore, world.ada, made[1], 0)
        assert one("SELECT array_agg(id ORDER BY position, id) FROM pillars") == made
