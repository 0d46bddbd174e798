"""The shelf: moments with their days, year by year, as far as they hold."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import clock, db
from app.operations import habits
from app.queries import moments
from app.queries.day import read_day
from app.queries.moments import Shelf
from app.rules.identity import Actor
from app.rules.moments import Occasion
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def shelf(me: Actor, year: int | None = None) -> Shelf:
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, clock.now(), put_away=True)
        return moments.shelf(session, who, day, year)


def shown(me: Actor) -> list[tuple[str, int]]:
    return [(moment.occasion.value, moment.number) for moment in shelf(me).moments]


@pytest.fixture
def week(world: World, at: Callable) -> World:
    """Ada has kept her habit on seven days, each on its day, up to Tuesday."""
    assert world.habit
    for back in range(6, -1, -1):
        at(NOON - timedelta(days=back))
        make.keep(world.ada, world.habit)
    return world


WEEK = [
    ("milestone", 7), ("level", 2), ("pillar", 2), ("hatch", 1), ("all-kept", 1),
]  # fmt: skip


def test_everything_stands_there_with_its_day_the_newest_first(week: World):
    found = shelf(week.ada)
    assert shown(week.ada) == WEEK
    assert [TUESDAY - moment.day for moment in found.moments] == [
        timedelta(days=back) for back in (0, 2, 2, 5, 6)
    ]
    assert (found.all_kept, found.last, found.is_worked_out) == (7, TUESDAY, False)
    assert (found.year, found.years) == (2026, (2026,))
    run, level, pillar, *_ = found.moments
    assert (run.name, level.name, pillar.name) == ("Read 10 pages", "", "Body")
    assert (level.species, pillar.color, pillar.icon) == ("fox", "clay", "heart")


def test_what_an_undo_has_lowered_is_hidden_until_it_is_reached_again(week: World):
    make.take_back(week.ada, week.habit)
    assert ("milestone", 7) not in shown(week.ada)
    for back in (1, 2):
        make.take_back(week.ada, week.habit, TUESDAY - timedelta(days=back))
    assert shown(week.ada) == [("hatch", 1), ("all-kept", 1)]
    for back in (2, 1, 0):
        make.keep(week.ada, week.habit, TUESDAY - timedelta(days=back))
    assert shown(week.ada) == WEEK


def test_a_run_that_has_ended_stays(week: World, at: Callable):
    at(NOON + timedelta(days=9))
    assert shown(week.ada) == WEEK


def test_an_egg_that_is_closed_again_did_not_open(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    assert ("hatch", 1) not in shown(world.ada)


def test_a_moment_outlives_its_habit_and_one_that_is_put_away(week: World):
    with db.transaction() as session:
        habits.archive(session, week.ada, week.habit)
    assert shown(week.ada) == WEEK
    with db.transaction() as session:
        habits.delete(session, week.ada, week.habit)
    assert shown(week.ada) == WEEK


def test_a_pet_has_the_name_that_it_has_now(week: World):
    execute("UPDATE pets SET name = 'Miso', species = 'cat', coat = 'sky'")
    hatch = next(m for m in shelf(week.ada).moments if m.occasion is Occasion.HATCH)
    assert (hatch.name, hatch.species, hatch.coat, hatch.stage) == (
        "Miso", "cat", "sky", "hatchling",
    )  # fmt: skip


def test_days_with_all_kept_stand_there_by_their_count(week: World):
    execute(
        "INSERT INTO moments SELECT user_id, occasion, 0, number - 400 + n, day - 400 + n, ''"
        " FROM moments, generate_series(1, 60) AS n WHERE occasion = 'all-kept' AND day = :day",
        day=TUESDAY,
    )
    found = shelf(week.ada, 2025)
    assert [(m.number, m.day) for m in found.moments] == [
        (50, TUESDAY - timedelta(days=350)), (10, TUESDAY - timedelta(days=390)),
        (1, TUESDAY - timedelta(days=399)),
    ]  # fmt: skip
    assert (found.all_kept, found.last, found.years) == (67, TUESDAY, (2026, 2025))


def test_what_was_worked_out_says_so_and_others_have_their_own(week: World):
    assert shelf(week.bob) == Shelf(2026, (), (), 0, None, False)
    execute("UPDATE moments SET created_at = NULL WHERE occasion = 'level'")
    assert shelf(week.ada).is_worked_out
    assert shelf(week.ada, 2020).moments == ()


def test_it_takes_as_many_statements_for_many(week: World, statements: Callable):
    with statements() as few:
        shelf(week.ada)
    for number in range(5):
        make.habit(week.ada, week.pillar, f"Habit {number}", starts_on=date(2026, 1, 1))
    with statements() as many:
        shelf(week.ada)
    assert len(few) == len(many)
