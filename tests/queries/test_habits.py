"""A habit before something of it is taken away, and where it lives."""

from datetime import timedelta

import pytest

from app.infra import db
from app.operations import habits as operations
from app.operations import pillars
from app.queries import habit_page, habits
from app.queries.day import read_day
from app.queries.habit_page import HabitPage
from app.rules.errors import NotYours
from app.rules.identity import Actor
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def see(me: Actor, habit_id: int) -> HabitPage:
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, NOON, habit_id=habit_id)
        return habit_page.page(session, who, habit_id, day)


@pytest.mark.parametrize("read", [habits.loss, habits.pillar_of])
def test_a_strangers_habit_is_not_there(world: World, read):
    habit_id, bob = world.habit, make.claims(world.bob)
    with pytest.raises(NotYours):
        see(world.bob, habit_id)
    for absent in (habit_id, 0, 2**63 - 1):
        with pytest.raises(NotYours), db.reading() as session:
            read(session, bob, absent)


def test_what_a_deletion_takes_is_counted(world: World):
    for back in range(3):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    make.take_back(world.ada, world.habit)
    who = make.claims(world.ada)
    with db.reading() as session:
        found = habits.loss(session, who, world.habit)
    assert (found.name, found.commits) == ("Read 10 pages", 2)


def test_what_a_deletion_takes_is_that_habits_alone(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk")
    for habit_id in (world.habit, walk):
        make.keep(world.ada, habit_id)
    who = make.claims(world.ada)
    with db.reading() as session:
        assert habits.loss(session, who, walk).commits == 1


@pytest.mark.parametrize("habit_is", [False, True])
@pytest.mark.parametrize("pillar_is", [False, True])
def test_a_habit_is_archived_by_itself_or_with_its_pillar(
    world: World, habit_is: bool, pillar_is: bool
):
    me, habit_id, pillar_id = world.ada, world.habit, world.pillar
    with db.transaction() as session:
        if habit_is:
            operations.archive(session, me, habit_id)
        if pillar_is:
            pillars.archive(session, me, pillar_id)
    shown = see(me, habit_id)
    assert (shown.archived, shown.pillar_archived) == (habit_is or pillar_is, pillar_is)
    assert shown.row.due is not shown.archived
