"""A habit as its own page reads it."""

from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import habits as operations
from app.operations import pillars
from app.queries import habits
from app.queries.day import read_day
from app.queries.habits import DAYS_A_PAGE, HabitPage
from app.rules.errors import NotYours
from app.rules.identity import Actor
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def see(me: Actor, habit_id: int, newest: date | None = None) -> HabitPage:
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, NOON, habit_id=habit_id)
        return habits.page(session, who, habit_id, day, newest)


def test_the_newest_day_comes_first_and_the_page_is_full(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    shown = see(world.ada, world.habit)
    assert len(shown.days) == DAYS_A_PAGE
    assert [day.day for day in shown.days] == [
        TUESDAY - timedelta(days=back) for back in range(DAYS_A_PAGE)
    ]
    assert [day.day for day in shown.days if day.kept] == [TUESDAY - timedelta(days=2)]
    assert shown.earlier == TUESDAY - timedelta(days=DAYS_A_PAGE)
    assert (shown.total, shown.row.done, shown.row.streak, shown.row.best) == (1, False, 0, 1)


def test_the_pages_follow_each_other_down_to_the_first_day(world: World):
    seen, newest = [], None
    while True:
        shown = see(world.ada, world.habit, newest)
        seen += [day.day for day in shown.days]
        newest = shown.earlier
        if newest is None:
            break
    assert seen[-1] == date(2026, 1, 1)
    assert len(seen) == len(set(seen)) == (TUESDAY - date(2026, 1, 1)).days + 1


def test_the_newest_and_the_oldest_day_of_a_page_are_shown_as_kept(world: World):
    for back in (0, DAYS_A_PAGE - 1, DAYS_A_PAGE):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    first = see(world.ada, world.habit)
    assert [day.day for day in first.days if day.kept] == [first.days[0].day, first.days[-1].day]
    second = see(world.ada, world.habit, first.earlier)
    assert [day.day for day in second.days if day.kept] == [second.days[0].day]


def test_what_is_kept_today_shows_on_an_older_page_too(world: World):
    make.keep(world.ada, world.habit)
    shown = see(world.ada, world.habit, date(2026, 1, 20))
    assert shown.row.done
    assert not any(day.kept for day in shown.days)


@pytest.mark.parametrize(
    ("newest", "count"),
    [(date(2026, 1, 1), 1), (date(2025, 12, 31), 0), (date.min, 0), (date.max, DAYS_A_PAGE)],
)
def test_a_page_may_begin_at_any_day(world: World, newest: date, count: int):
    shown = see(world.ada, world.habit, newest)
    assert len(shown.days) == count
    assert all(day.day <= TUESDAY for day in shown.days)
    assert shown.earlier is None or newest == date.max


@pytest.mark.parametrize(("more", "earlier"), [(-1, False), (0, False), (1, True)])
def test_an_earlier_page_is_there_from_its_first_day_on(world: World, more: int, earlier: bool):
    starts_on = TUESDAY - timedelta(days=DAYS_A_PAGE - 1 + more)
    shown = see(world.ada, make.habit(world.ada, world.pillar, starts_on=starts_on))
    assert shown.days[-1].day == TUESDAY - timedelta(days=DAYS_A_PAGE - 1 + min(more, 0))
    assert shown.earlier == (starts_on if earlier else None)


def test_a_new_habit_has_one_day(world: World):
    habit_id = make.habit(world.ada, world.pillar)
    shown = see(world.ada, habit_id)
    assert [(day.day, day.kept) for day in shown.days] == [(TUESDAY, False)]
    assert shown.earlier is None


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


def test_the_total_counts_every_day_also_those_that_are_folded_and_on_older_pages(world: World):
    for back in (60, 40, 3, 1, 0):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    for newest in (None, TUESDAY - timedelta(days=30)):
        assert see(world.ada, world.habit, newest).total == 5


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
