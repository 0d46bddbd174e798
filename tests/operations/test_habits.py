"""What can be done to a habit, and how many there may be."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars, sessions
from app.operations.habits import HabitFields
from app.queries.ledger import verify
from app.rules.errors import Archived, Invalid, NotYours, SessionEnded
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

FIELDS = HabitFields("Walk", "hard")
Act = Callable[..., object]


def do(act: Act, *arguments: object) -> object:
    with db.transaction() as session:
        return act(session, *arguments)


def one(statement: str) -> object:
    with db.reading() as session:
        return session.scalar(text(statement))


ON_ONE: list[tuple[Act, tuple[object, ...]]] = [
    (habits.edit, (FIELDS,)),
    (habits.move, ("up",)),
    (habits.archive, ()),
    (habits.restore, (10,)),
    (habits.delete, ()),
]


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_a_strangers_habit_is_not_there(world: World, act: Act, more: tuple):
    habit_id, bob = world.habit, world.bob
    for absent in (habit_id, 0, 2**63 - 1):
        with pytest.raises(NotYours):
            do(act, bob, absent, *more)
    assert one("SELECT version FROM users WHERE email = 'bob@example.org'") == 0


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_an_ended_sign_in_does_nothing_and_each_act_counts_once(
    world: World, act: Act, more: tuple
):
    habit_id, before = world.habit, one("SELECT version FROM users")
    do(act, world.ada, habit_id, *more)
    assert one("SELECT version FROM users") == before + 1  # type: ignore[operator]
    do(sessions.end, world.ada)
    with pytest.raises(SessionEnded):
        do(act, world.ada, habit_id, *more)
    with pytest.raises(SessionEnded):
        do(habits.create, world.ada, world.pillar, FIELDS, 10)


def test_a_strangers_pillar_takes_no_habit(world: World):
    his = make.habit(world.bob, make.pillar(world.bob))
    with pytest.raises(NotYours):
        do(habits.create, world.bob, world.pillar, FIELDS, 10)
    with pytest.raises(NotYours):
        do(habits.move_to, world.bob, his, world.pillar)


@pytest.mark.parametrize(
    ("zone", "day_start", "today"),
    [
        ("UTC", 0, TUESDAY),
        ("Pacific/Kiritimati", 0, TUESDAY + timedelta(days=1)),
        ("Etc/GMT+12", 0, TUESDAY),
        ("America/New_York", 0, TUESDAY),
        ("UTC", 5, TUESDAY),
    ],
)
def test_the_first_day_is_the_users_own_today(
    world: World, at: Callable, zone: str, day_start: int, today: date
):
    at(datetime(2026, 3, 10, 12, tzinfo=UTC))
    me = make.user("kim@example.org", zone)
    with db.transaction() as session:
        session.execute(text("UPDATE users SET day_start = :hour"), {"hour": day_start})
    pillar_id = make.pillar(me)
    do(habits.create, me, pillar_id, FIELDS, 10)
    assert one("SELECT starts_on FROM schedules") == today
    ahead = HabitFields("Walk", "hard", today + timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        do(habits.create, me, pillar_id, ahead, 10)
    assert "starts_on" in refused.value.errors


@pytest.mark.parametrize(
    ("starts_on", "fine"),
    [(date(2000, 1, 1), True), (date(1999, 12, 31), False), (date(1, 1, 1), False)],
)
def test_the_first_day_lies_in_this_century(world: World, starts_on: date, fine: bool):
    fields = HabitFields("Walk", "easy", starts_on)
    if fine:
        assert do(habits.create, world.ada, world.pillar, fields, 10)
    else:
        with pytest.raises(Invalid):
            do(habits.create, world.ada, world.pillar, fields, 10)
    assert one("SELECT coalesce(max(habits_made), 0) FROM users") == int(fine)


def test_archived_habits_do_not_count_towards_the_most_and_restoring_one_does(world: World):
    first = do(habits.create, world.ada, world.pillar, FIELDS, 2)
    do(habits.create, world.ada, world.pillar, FIELDS, 2)
    with pytest.raises(Invalid) as refused:
        do(habits.create, world.ada, world.pillar, FIELDS, 2)
    assert refused.value.errors == {
        "name": ["You can have up to 2 habits. Archive one to make room."]
    }
    do(habits.archive, world.ada, first)
    do(habits.create, world.ada, world.pillar, FIELDS, 2)
    with pytest.raises(Invalid):
        do(habits.restore, world.ada, first, 2)


def test_the_new_habits_of_a_day_are_counted_also_when_they_are_gone(world: World, at: Callable):
    pillar_id = world.pillar
    with db.transaction() as session:
        made = {"today": TUESDAY}
        session.execute(text("UPDATE users SET habits_made = 199, habits_made_on = :today"), made)
    habit_id = do(habits.create, world.ada, pillar_id, FIELDS, 10)
    do(habits.delete, world.ada, habit_id)
    with pytest.raises(Invalid):
        do(habits.create, world.ada, pillar_id, FIELDS, 10)
    assert one("SELECT habits_made FROM users") == 200
    at(NOON + timedelta(days=1))
    do(habits.create, world.ada, pillar_id, FIELDS, 10)
    assert one("SELECT habits_made FROM users") == 1


def test_another_first_day_replays_the_streak_and_leaves_the_xp(world: World):
    for back in (0, 1, 4, 5):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    before = one("SELECT xp FROM pets")
    for starts_on in (date(2025, 1, 1), TUESDAY - timedelta(days=5)):
        do(habits.edit, world.ada, world.habit, HabitFields("Read", "easy", starts_on))
        # The first of two days between was held by a shield.
        assert one("SELECT folded_run || '/' || folded_best FROM habits") == "2/2"
    assert one("SELECT xp FROM pets") == before
    assert make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2)).row.streak == 5
    with db.reading() as session:
        assert list(verify.differences(session)) == []


def test_a_first_day_that_passes_the_folded_ones_folds_again(world: World):
    make.keep(world.ada, world.habit, TUESDAY)
    make.take_back(world.ada, world.habit, TUESDAY)
    do(habits.edit, world.ada, world.habit, HabitFields("Read", "easy", TUESDAY))
    with db.reading() as session:
        assert list(verify.differences(session)) == []
    assert one("SELECT folded_on FROM habits") == TUESDAY - timedelta(days=1)


def test_the_first_day_is_never_later_than_the_first_kept_one(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    fields = HabitFields("Read", "easy", TUESDAY - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        do(habits.edit, world.ada, world.habit, fields)
    assert "starts_on" in refused.value.errors
    assert one("SELECT name FROM habits") == "Read 10 pages"


def test_another_effort_counts_from_the_next_commit_on(world: World):
    make.keep(world.ada, world.habit)
    do(habits.edit, world.ada, world.habit, HabitFields("Read", "hard"))
    assert one("SELECT xp FROM pets") == 10
    assert make.take_back(world.ada, world.habit).amount == 10
    assert make.keep(world.ada, world.habit).amount == 20
    do(habits.edit, world.ada, world.habit, HabitFields("Read", None))
    assert one("SELECT effort FROM habits") == "hard"


def test_a_habit_comes_to_the_end_of_the_pillar_it_moves_to(world: World):
    other = make.pillar(world.ada, "Mind")
    there = [make.habit(world.ada, other, name) for name in "AB"]
    do(habits.move_to, world.ada, world.habit, other)
    positions = "SELECT array_agg(id ORDER BY position) FROM habits"
    assert one(positions) == [*there, world.habit]
    before = one(positions)
    do(habits.move_to, world.ada, there[0], other)
    assert one(positions) == before


def test_an_archived_pillar_takes_no_habit(world: World):
    other = make.pillar(world.ada, "Mind")
    habit_id = make.habit(world.ada, other)
    do(pillars.archive, world.ada, world.pillar)
    with pytest.raises(Archived):
        do(habits.create, world.ada, world.pillar, FIELDS, 200)
    with pytest.raises(Archived):
        do(habits.move_to, world.ada, habit_id, world.pillar)
