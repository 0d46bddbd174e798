"""The shelf: everything that can be looked back on, what is archived last."""

from collections.abc import Callable

import pytest

from app.infra import db
from app.operations import habits, pillars
from app.queries.stats.shelf import shelf
from tests import world as make
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def test_the_shelf_is_in_the_users_order_with_the_archived_last(world: World):
    body, mind, work = (make.pillar(world.ada, name) for name in ("Body", "Mind", "Work"))
    run, swim, walk = (make.habit(world.ada, mind, name) for name in ("Run", "Swim", "Walk"))
    do(pillars.move, world.ada, work, "up")
    do(pillars.archive, world.ada, body)
    do(habits.move, world.ada, walk, "up")
    do(habits.archive, world.ada, run)
    who = make.claims(world.ada)
    with db.reading() as session:
        found = shelf(session, who, TUESDAY).pillars
    assert [(pillar.id, pillar.archived) for pillar in found] == [
        (work, False), (mind, False), (body, True)
    ]  # fmt: skip
    assert [(habit.id, habit.archived) for habit in found[1].habits] == [
        (walk, False), (swim, False), (run, True)
    ]  # fmt: skip
