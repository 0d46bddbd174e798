"""Today and the pet's card as they are read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import habits, pillars
from app.queries import today
from app.queries.today import Today
from app.rules.errors import SessionEnded
from app.rules.identity import Actor
from app.rules.mood import Mood
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def see(me: Actor, free_pillars: int = 3) -> Today:
    who = make.claims(me)
    with db.reading() as session:
        return today.show(session, who, clock.now(), free_pillars)


def test_an_empty_day(world: World):
    shown = see(world.ada)
    assert (shown.day, shown.pillars, shown.version) == (TUESDAY, (), 0)
    assert (shown.pet.due, shown.pet.kept, shown.pet.mood) == (0, 0, Mood.CONTENT)
    assert (shown.place.pillars, shown.place.limit) == (0, 3)


def test_what_is_due_and_kept_is_counted_alike_everywhere(world: World):
    second = make.pillar(world.ada, "Mind")
    walk = make.habit(world.ada, second, "Walk")
    make.habit(world.ada, second, "Sing")
    make.keep(world.ada, walk)
    assert world.habit
    shown = see(world.ada)
    assert (shown.pet.kept, shown.pet.due) == (1, 3)
    heads = {pillar.header.id: pillar.header for pillar in shown.pillars}
    assert (heads[second].kept, heads[second].due, heads[second].xp) == (1, 2, 10)
    assert (heads[world.pillar].kept, heads[world.pillar].due) == (0, 1)
    rows = [row for pillar in shown.pillars for row in pillar.rows]
    assert sum(row.done for row in rows) == shown.pet.kept
    assert {pillar.header.version for pillar in shown.pillars} == {shown.pet.version}


def test_the_archived_is_neither_shown_nor_due(world: World):
    second = make.pillar(world.ada, "Mind")
    hidden = make.habit(world.ada, second, "Walk")
    put_away = make.habit(world.ada, world.pillar, "Sing")
    make.keep(world.ada, hidden)
    me = world.ada
    with db.transaction() as session:
        pillars.archive(session, me, second)
        habits.archive(session, me, put_away)
    shown = see(world.ada)
    assert [pillar.header.id for pillar in shown.pillars] == [world.pillar]
    assert (shown.pillars[0].rows, shown.pet.due, shown.pet.kept) == ((), 0, 0)
    assert shown.place.pillars == 1


def test_other_peoples_things_are_not_seen(world: World):
    make.keep(world.ada, world.habit)
    shown = see(world.bob)
    assert (shown.pillars, shown.pet.xp, shown.pet.mood) == ((), 0, Mood.CONTENT)


@pytest.mark.parametrize(
    ("kept", "hour", "mood"),
    [
        ((), 9, Mood.CONTENT),
        ((), 12, Mood.EAGER),
        ((0,), 12, Mood.HAPPY),
        ((0, 1), 23, Mood.PROUD),
    ],
)
def test_the_mood_is_that_of_the_day(
    world: World, at: Callable, kept: tuple[int, ...], hour: int, mood: Mood
):
    at(datetime(2026, 3, 10, hour, tzinfo=UTC))
    made = [make.habit(world.ada, world.pillar, name) for name in ("Walk", "Sing")]
    for number in kept:
        make.keep(world.ada, made[number])
    assert see(world.ada).pet.mood is mood


def test_the_pet_sleeps_after_three_days_without_a_commit_and_wakes_at_one(
    world: World, at: Callable
):
    make.keep(world.ada, world.habit)
    for days, mood in ((1, Mood.EAGER), (3, Mood.EAGER), (4, Mood.ASLEEP), (100, Mood.ASLEEP)):
        at(NOON + timedelta(days=days))
        assert see(world.ada).pet.mood is mood
    make.keep(world.ada, world.habit)
    assert see(world.ada).pet.mood is Mood.PROUD


def test_days_before_the_account_began_put_nothing_to_sleep(world: World, at: Callable):
    assert world.habit  # It starts in January, the account on this day in March.
    assert see(world.ada).pet.mood is Mood.EAGER
    at(NOON + timedelta(days=3))
    assert see(world.ada).pet.mood is Mood.ASLEEP


@pytest.mark.parametrize(("days", "streak"), [(0, 3), (1, 3), (2, 3), (3, 0)])
def test_a_streak_stands_until_a_due_day_has_passed(
    world: World, at: Callable, days: int, streak: int
):
    for back in range(3):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    at(NOON + timedelta(days=days))
    (row,) = see(world.ada).pillars[0].rows
    assert (row.streak, row.best, row.due) == (streak, 3, True)


def test_a_habit_that_begins_later_on_the_users_clock_is_not_due_yet(world: World):
    # Made in the east, looked at in the west: its first day lies ahead.
    me = make.user("kim@example.org", "Pacific/Kiritimati")
    make.habit(me, make.pillar(me))
    execute("UPDATE users SET timezone = 'Etc/GMT+12'")
    shown = see(me)
    assert shown.day == date(2026, 3, 10)
    assert [(row.due, row.done) for row in shown.pillars[0].rows] == [(False, False)]
    assert (shown.pet.due, shown.pillars[0].header.due) == (0, 0)


def test_an_account_that_is_gone_sees_nothing(world: World):
    who = make.claims(world.ada)
    execute("DELETE FROM users")
    with pytest.raises(SessionEnded), db.reading() as session:
        today.show(session, who, clock.now(), 3)


@pytest.mark.parametrize(("free", "limit"), [(3, 3), (5, 5), (0, None)])
def test_the_place_is_that_of_the_plan(world: World, free: int, limit: int | None):
    assert see(world.ada, free).place.limit == limit
    assert see(world.pia, free).place.limit is None
