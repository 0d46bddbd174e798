"""The list of all pillars: what is due and kept in each, as their own pages say it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import clock, db
from app.operations import habits, pillars
from app.queries import pillars as queries
from app.queries.day import read_day
from app.queries.pillars import PillarLine
from app.rules.identity import Actor
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def lines(me: Actor) -> dict[int, PillarLine]:
    """Return the lines of the list by pillar, each with the numbers of its own page."""
    who = make.claims(me)
    now = clock.now()
    with db.reading() as session:
        day = read_day(session, who, now, put_away=True)
        listed = {line.header.id: line for line in queries.all_pillars(session, who, day)}
        for pillar_id, line in listed.items():
            alone = read_day(session, who, now, pillar_id=pillar_id)
            page = queries.one(session, who, pillar_id, alone)
            assert page.header == line.header
            assert page.archived == line.archived
    return listed


def counts(me: Actor, pillar_id: int) -> tuple[int, int]:
    header = lines(me)[pillar_id].header
    return header.kept, header.due


def test_a_line_counts_what_is_due_and_kept_in_its_pillar(world: World):
    make.habit(world.ada, world.pillar, "Walk", starts_on=date(2026, 1, 1))
    other = make.pillar(world.ada, "Mind")
    make.habit(world.ada, other, "Sing")
    make.keep(world.ada, world.habit)
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    assert counts(world.ada, world.pillar) == (1, 2)
    assert counts(world.ada, other) == (0, 1)


@pytest.mark.parametrize("was_kept", [False, True])
def test_a_line_counts_no_archived_habit(world: World, was_kept: bool):
    put_away = make.habit(world.ada, world.pillar, "Walk")
    if was_kept:
        make.keep(world.ada, put_away)
    do(habits.archive, world.ada, put_away)
    assert world.habit
    assert counts(world.ada, world.pillar) == (0, 1)
    assert [habit.id for habit in lines(world.ada)[world.pillar].habits] == [world.habit]


def test_the_line_of_an_archived_pillar_counts_nothing(world: World):
    make.keep(world.ada, world.habit)
    do(pillars.archive, world.ada, world.pillar)
    assert counts(world.ada, world.pillar) == (0, 0)


def test_a_line_counts_no_habit_that_starts_tomorrow(world: World):
    make.habit_of_tomorrow(world.ada, world.pillar)
    assert world.habit
    assert counts(world.ada, world.pillar) == (0, 1)


def test_the_archived_come_last_and_the_others_in_the_users_order(world: World):
    body, mind, work = (make.pillar(world.ada, name) for name in ("Body", "Mind", "Work"))
    do(pillars.move, world.ada, work, "up")
    do(pillars.archive, world.ada, body)
    assert list(lines(world.ada)) == [work, mind, body]


def test_a_line_names_the_habits_of_its_pillar_also_when_that_is_archived(world: World):
    read, walk = world.habit, make.habit(world.ada, world.pillar, "Walk")
    do(habits.archive, world.ada, walk)
    do(pillars.archive, world.ada, world.pillar)
    assert [habit.id for habit in lines(world.ada)[world.pillar].habits] == [read]


def test_the_archived_habits_of_a_pillar_are_its_own_the_newest_first(world: World, at: Callable):
    walk, sing = (make.habit(world.ada, world.pillar, name) for name in ("Walk", "Sing"))
    other = make.habit(world.ada, make.pillar(world.ada, "Mind"), "Draw")
    assert world.habit
    for hours, habit_id in enumerate((walk, other, sing)):
        at(NOON + timedelta(hours=hours))
        do(habits.archive, world.ada, habit_id)
    who = make.claims(world.ada)
    with db.reading() as session:
        found = queries.archived_habits(session, who, world.pillar)
    assert [(habit.id, habit.name) for habit in found] == [(sing, "Sing"), (walk, "Walk")]


def test_what_deleting_a_pillar_takes_is_counted_in_it_alone(world: World):
    walk = make.habit(world.ada, make.pillar(world.ada, "Mind"), "Walk")
    make.habit(world.ada, world.pillar, "Sing")
    for habit_id in (world.habit, walk):
        make.keep(world.ada, habit_id)
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    who = make.claims(world.ada)
    with db.reading() as session:
        found = queries.loss(session, who, world.pillar)
    assert (found.xp, found.habits, found.commits) == (20, 2, 2)
