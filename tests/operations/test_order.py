"""The user's order: things are put in front of others, and several habits are moved at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars, sessions, several
from app.rules.errors import Archived, Invalid, NotYours, OrderChanged, SessionEnded
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import changed, contents
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def rows(statement: str, **values: object) -> list[tuple]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def order(pillar: int) -> list[int]:
    """Return the habits of a pillar that are not archived, in their order."""
    found = rows(
        "SELECT id FROM habits WHERE pillar_id = :pillar AND archived_at IS NULL"
        " ORDER BY position, id",
        pillar=pillar,
    )
    return [habit for (habit,) in found]


def made(me: Actor, pillar: int, many: int = 4) -> list[int]:
    began = TUESDAY - 9 * DAY
    return [make.habit(me, pillar, f"Habit {n}", starts_on=began) for n in range(many)]


@pytest.mark.parametrize(
    ("moved", "before", "expected"),
    [
        (0, None, [1, 2, 3, 0]),
        (0, 3, [1, 2, 0, 3]),
        (0, 1, [0, 1, 2, 3]),
        (3, 0, [3, 0, 1, 2]),
        (2, 1, [0, 2, 1, 3]),
        (3, None, [0, 1, 2, 3]),
        (1, None, [0, 2, 3, 1]),
    ],
)
def test_a_habit_and_a_pillar_are_put_in_front_of_another_or_at_the_end(
    world: World, moved: int, before: int | None, expected: list[int]
):
    ids = made(world.ada, world.pillar)
    target = None if before is None else ids[before]
    do(habits.place, world.ada, ids[moved], world.pillar, target)
    assert order(world.pillar) == [ids[n] for n in expected]
    homes = [make.pillar(world.bob, f"Pillar {n}") for n in range(4)]
    target = None if before is None else homes[before]
    do(pillars.place, world.bob, homes[moved], target)
    found = rows(
        "SELECT id FROM pillars WHERE user_id = :me ORDER BY position", me=world.bob.user_id
    )
    assert [pillar for (pillar,) in found] == [homes[n] for n in expected]


@pytest.mark.parametrize(
    ("before", "expected"), [(0, [9, 0, 1]), (1, [0, 9, 1]), (None, [0, 1, 9])]
)
def test_a_habit_moves_to_a_place_in_another_pillar_and_back(
    world: World, before: int | None, expected: list[int]
):
    first, second = made(world.ada, world.pillar, 3), make.pillar(world.ada, "Mind")
    there = made(world.ada, second, 2)
    moved = first[1]
    do(habits.place, world.ada, moved, second, None if before is None else there[before])
    assert order(second) == [moved if n == 9 else there[n] for n in expected]
    assert order(world.pillar) == [first[0], first[2]]
    # Until yesterday it lived in the other: so do rests of that time.
    assert rows("SELECT habit_id, pillar_id, until FROM homes") == [
        (moved, world.pillar, TUESDAY - DAY)
    ]
    do(habits.place, world.ada, moved, world.pillar, first[2])
    assert order(world.pillar) == first
    assert order(second) == there
    assert rows("SELECT * FROM homes") == []


def test_what_has_gone_in_the_meantime_changes_nothing(world: World):
    ids, second = made(world.ada, world.pillar), make.pillar(world.ada, "Mind")
    archived = make.pillar(world.ada, "Work")
    elsewhere = made(world.ada, second, 1)[0]
    do(habits.archive, world.ada, ids[3])
    do(pillars.archive, world.ada, archived)
    before = contents()
    for act, arguments, error in (
        (habits.place, (ids[0], world.pillar, ids[3]), OrderChanged),
        (habits.place, (ids[0], world.pillar, elsewhere), OrderChanged),
        (habits.place, (ids[0], second, ids[1]), OrderChanged),
        (habits.place, (ids[0], world.pillar, ids[0]), OrderChanged),
        (habits.place, (ids[3], world.pillar, ids[0]), OrderChanged),
        (habits.place, (ids[0], archived, None), Archived),
        (pillars.place, (archived, world.pillar), OrderChanged),
        (pillars.place, (world.pillar, archived), OrderChanged),
        (pillars.place, (world.pillar, world.pillar), OrderChanged),
        (several.move, (ids[:2], archived), Archived),
    ):
        with pytest.raises(error):
            do(act, world.ada, *arguments)
    assert changed(before, contents()) == set()


def test_what_is_anothers_is_not_there_and_nothing_is_written(world: World):
    mine, theirs = made(world.ada, world.pillar, 2), make.pillar(world.bob, "Bob's")
    other = made(world.bob, theirs, 1)[0]
    before = contents()
    for act, arguments in (
        (habits.place, (other, world.pillar, None)),
        (habits.place, (mine[0], theirs, None)),
        (habits.place, (mine[0], world.pillar, other)),
        (pillars.place, (theirs, None)),
        (pillars.place, (world.pillar, theirs)),
        (several.move, ([*mine, other], world.pillar)),
        (several.move, (mine, theirs)),
        (several.rest, ([*mine, other], None)),
        (several.archive, ([*mine, 2**63 - 1],)),
    ):
        with pytest.raises(NotYours):
            do(act, world.ada, *arguments)
    assert changed(before, contents()) == set()


def test_several_move_to_the_end_in_the_order_that_they_have(world: World):
    second, third = make.pillar(world.ada, "Mind"), make.pillar(world.ada, "Work")
    later, sooner = made(world.ada, third, 2), made(world.ada, second, 2)
    there = made(world.ada, world.pillar, 2)
    do(pillars.place, world.ada, world.pillar, None)
    do(several.move, world.ada, [later[1], there[0], *sooner, later[1]], world.pillar)
    assert order(world.pillar) == [*there, *sooner, later[1]]
    assert order(third) == [later[0]]


def test_each_of_several_rests_from_today(world: World):
    ids = made(world.ada, world.pillar, 3)
    version = rows("SELECT version FROM users")
    do(several.rest, world.ada, ids[:2], TUESDAY + 3 * DAY)
    rests = rows("SELECT kind, habit_id, pillar_id, starts_on, ends_on FROM rests ORDER BY id")
    assert rests == [("rest", one, None, TUESDAY, TUESDAY + 3 * DAY) for one in ids[:2]]
    do(several.rest, world.ada, ids[2:], None)
    assert rows("SELECT ends_on FROM rests WHERE habit_id = :id", id=ids[2]) == [(None,)]
    assert rows("SELECT version FROM users") == [(version[0][0] + 2,)]


@pytest.mark.parametrize("ends_on", [TUESDAY - DAY, date(2101, 1, 1)])
def test_a_rest_of_several_that_cannot_be_is_one_of_none(world: World, ends_on: date):
    ids = made(world.ada, world.pillar, 3)
    with pytest.raises(Invalid) as refused:
        do(several.rest, world.ada, ids, ends_on)
    assert set(refused.value.errors) == {"ends_on"}
    assert rows("SELECT * FROM rests") == []


def test_several_are_archived_as_each_alone_would_be(world: World):
    ids = made(world.ada, world.pillar, 4)
    make.keep(world.ada, ids[1])
    do(habits.archive, world.ada, ids[0])
    gone = rows("SELECT archived_at FROM habits WHERE id = :id", id=ids[0])
    do(several.archive, world.ada, ids[:3])
    assert order(world.pillar) == ids[3:]
    assert rows("SELECT archived_at FROM habits WHERE id = :id", id=ids[0]) == gone
    assert rows("SELECT habit_id, kind, starts_on FROM rests ORDER BY habit_id") == [
        (ids[0], "archive", TUESDAY),
        # A day that is kept does not rest.
        (ids[1], "archive", TUESDAY + DAY),
        (ids[2], "archive", TUESDAY),
    ]


@pytest.mark.parametrize(
    ("act", "more"), [(several.move, (1,)), (several.rest, (None,)), (several.archive, ())]
)
def test_none_is_not_several(world: World, act: Callable[..., object], more: tuple):
    with pytest.raises(Invalid) as refused:
        do(act, world.ada, [], *more)
    assert set(refused.value.errors) == {"chosen"}


def test_an_ended_sign_in_moves_nothing(world: World):
    ids = made(world.ada, world.pillar, 2)
    do(sessions.end, world.ada)
    before = contents()
    for act, arguments in (
        (habits.place, (ids[1], world.pillar, ids[0])),
        (pillars.place, (world.pillar, None)),
        (several.move, (ids, world.pillar)),
        (several.rest, (ids, None)),
        (several.archive, (ids,)),
    ):
        with pytest.raises(SessionEnded):
            do(act, world.ada, *arguments)
    assert changed(before, contents()) == set()
