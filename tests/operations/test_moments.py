"""What a commit brings about is celebrated once ever, and a find comes once a day and stays."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import pets
from app.rules import finds
from app.rules.identity import Actor
from app.rules.moments import Occasion
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def occasions(outcome) -> list[Occasion]:
    return [moment.occasion for moment in outcome.moments]


def found() -> list[tuple]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text("SELECT day, number FROM finds"))]


def stored(me: Actor) -> list[tuple]:
    """What the shelf has of a user: occasion, number, day and label, in the order of telling."""
    query = text("""SELECT occasion, number, day, label FROM moments WHERE user_id = :me
                    ORDER BY created_at, day, occasion""")
    with db.reading() as session:
        return [tuple(row) for row in session.execute(query, {"me": me.user_id})]


def kept(days: Iterable[int], world: World) -> list[tuple]:
    """Ada keeps her habit so many days back, and this is what is stored then."""
    for back in days:
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    return stored(world.ada)


def test_what_one_press_brings_about_is_told_and_stored_to_the_last(world: World):
    kept(range(6, 0, -1), world)
    told = make.keep(world.ada, world.habit)
    assert occasions(told) == [Occasion.ALL_KEPT, Occasion.MILESTONE, Occasion.FIND]
    assert stored(world.ada) == [
        ("all-kept", TUESDAY.toordinal(), TUESDAY, ""),
        ("hatch", 1, TUESDAY, ""),
        ("level", 2, TUESDAY, ""),
        ("milestone", 7, TUESDAY, "Read 10 pages"),
        ("pillar", 2, TUESDAY, "Body"),
    ]


def test_a_moment_outlives_an_undo_and_is_stored_once(world: World, at: Callable):
    before = kept(range(6, -1, -1), world)
    make.take_back(world.ada, world.habit)
    assert stored(world.ada) == before
    at(NOON + timedelta(hours=3))
    make.keep(world.ada, world.habit)
    assert stored(world.ada) == before


def test_a_gap_that_is_filled_stores_every_run_on_the_way(world: World):
    kept([*range(40, 6, -1), *range(5, -1, -1)], world)
    runs = [row[1] for row in kept([6], world) if row[0] == "milestone"]
    assert runs == [7, 30]
    make.take_back(world.ada, world.habit, TUESDAY - timedelta(days=6))


def test_a_gap_that_makes_two_milestones_at_once_stores_both(world: World):
    # Blocks of six, which win no shield, with two days between, of which one could be held.
    kept([day for day in range(37, -1, -1) if day % 8 < 6], world)
    assert not [row for row in stored(world.ada) if row[0] == "milestone"]
    assert [row[:2] for row in kept([31, 30, 23, 22], world) if row[0] == "milestone"] == []
    # Now the shields that were won hold what is left.
    assert [row[1] for row in kept([15], world) if row[0] == "milestone"] == [7, 30]


def test_nobody_elses_moments_are_stored(world: World):
    his = make.habit(world.bob, make.pillar(world.bob))
    make.keep(world.bob, his)
    assert stored(world.ada) == []
    assert len(stored(world.bob)) == 1


def test_a_moment_costs_no_statement_and_none_is_written_where_nothing_comes(
    world: World, statements: Callable
):
    kept(range(6, 0, -1), world)
    with statements() as seen:
        make.keep(world.ada, world.habit)
    assert len(seen) == 3
    assert "INSERT INTO moments" in seen[-1]
    make.take_back(world.ada, world.habit)
    make.habit(world.ada, world.pillar, "Stretch", starts_on=TUESDAY)
    with statements() as seen:
        make.keep(world.ada, world.habit)
    assert len(seen) == 3
    assert "moments" not in seen[-1]


def test_the_egg_hatches_once_however_often_the_press_is_taken_back(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    assert Occasion.HATCH in occasions(make.keep(world.ada, world.habit))
    assert occasions(make.take_back(world.ada, world.habit)) == []
    assert Occasion.HATCH not in occasions(make.keep(world.ada, world.habit))


def test_a_pillars_level_and_a_run_of_seven_are_celebrated_once(world: World):
    said = []
    for back in range(7, -1, -1):
        said += occasions(make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back)))
    assert said.count(Occasion.PILLAR) == 1
    assert said.count(Occasion.MILESTONE) == 1
    make.take_back(world.ada, world.habit, TUESDAY - timedelta(days=1))
    again = make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    assert Occasion.MILESTONE not in occasions(again)


def test_a_milestone_is_of_the_newest_run_also_where_a_gap_in_it_is_filled(world: World):
    for back in (7, 6, 5, 3, 2, 1):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    filled = make.keep(world.ada, world.habit, TUESDAY - timedelta(days=4))
    assert Occasion.MILESTONE in occasions(filled)


def test_a_run_of_seven_that_has_ended_long_ago_is_celebrated_too(world: World):
    days = [TUESDAY - timedelta(days=back) for back in range(40, 33, -1)]
    said = [occasions(make.keep(world.ada, world.habit, day)) for day in days]
    assert said == [*[[]] * 6, [Occasion.MILESTONE]]


def test_the_last_of_the_day_is_a_moment_and_brings_a_find(world: World):
    second = make.habit(world.ada, world.pillar, "Stretch", starts_on=TUESDAY)
    assert occasions(make.keep(world.ada, world.habit)) == []
    outcome = make.keep(world.ada, second)
    assert Occasion.ALL_KEPT in occasions(outcome)
    assert outcome.moments[-1].occasion is Occasion.FIND
    assert found() == [(TUESDAY, finds.number(world.ada.user_id, TUESDAY))]


def test_three_commits_bring_a_find_though_more_is_due(world: World):
    more = [make.habit(world.ada, world.pillar, f"Habit {n}", starts_on=TUESDAY) for n in range(4)]
    make.keep(world.ada, more[0])
    assert Occasion.FIND not in occasions(make.keep(world.ada, more[1]))
    assert Occasion.FIND in occasions(make.keep(world.ada, more[2]))
    assert Occasion.FIND not in occasions(make.keep(world.ada, more[3]))
    assert len(found()) == 1


def test_a_find_stays_after_an_undo_and_comes_no_second_time(world: World):
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    assert len(found()) == 1
    assert Occasion.FIND not in occasions(make.keep(world.ada, world.habit))
    assert len(found()) == 1


def test_a_find_of_another_day_or_of_somebody_else_is_in_nobodys_way(world: World, at: Callable):
    his = make.habit(world.bob, make.pillar(world.bob))
    assert Occasion.FIND in occasions(make.keep(world.bob, his))
    assert Occasion.FIND in occasions(make.keep(world.ada, world.habit))
    at(NOON + timedelta(days=1))
    assert Occasion.FIND in occasions(make.keep(world.ada, world.habit))
    assert len(found()) == 3


def test_commits_of_other_days_and_of_somebody_else_bring_no_find(world: World):
    pillar_id = make.pillar(world.bob)
    for number in range(4):
        his = make.habit(world.bob, pillar_id, f"Habit {number}", starts_on=TUESDAY)
        if number:
            make.keep(world.bob, his)
    yesterday = TUESDAY - timedelta(days=1)
    for name in ("Stretch", "Walk", "Sing"):
        make.keep(
            world.ada, make.habit(world.ada, world.pillar, name, starts_on=yesterday), yesterday
        )
    outcome = make.keep(world.ada, world.habit)
    assert Occasion.FIND not in occasions(outcome)


def test_a_find_is_that_of_the_user_and_the_day_whichever_pet_brings_it(world: World):
    me = world.ada
    with db.transaction() as session:
        session.execute(text("UPDATE pets SET best_stage = 4"))
    for number in (1, 2):
        with db.transaction() as session:
            assert pets.welcome(session, me, number, "Kiwi", "owl", "sky").is_new
    make.keep(me, world.habit)
    assert found() == [(TUESDAY, finds.number(world.ada.user_id, TUESDAY))]


def test_filling_in_an_older_day_when_all_of_today_is_kept_is_not_the_last_of_the_day(
    world: World,
):
    assert Occasion.ALL_KEPT in occasions(make.keep(world.ada, world.habit))
    filled = make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    assert Occasion.ALL_KEPT not in occasions(filled)


def test_filling_in_an_older_day_brings_no_find(world: World):
    yesterday = TUESDAY - timedelta(days=1)
    more = [make.habit(world.ada, world.pillar, name, starts_on=yesterday) for name in "ABC"]
    for habit_id in (world.habit, *more):
        assert occasions(make.keep(world.ada, habit_id, yesterday)) == []
    assert found() == []


def test_a_press_that_changes_nothing_celebrates_nothing(world: World):
    make.keep(world.ada, world.habit, key="one")
    assert occasions(make.keep(world.ada, world.habit, key="one")) == []


def test_who_falls_back_and_rises_again_is_not_celebrated_again(world: World):
    days = [TUESDAY - timedelta(days=back) for back in range(7, -1, -1)]

    def rise() -> list[Occasion]:
        outcomes = [make.keep(world.ada, world.habit, day) for day in days]
        return [occasion for outcome in outcomes for occasion in occasions(outcome)]

    first = rise()
    assert {Occasion.HATCH, Occasion.LEVEL, Occasion.MILESTONE, Occasion.PILLAR} <= set(first)
    for day in days:
        make.take_back(world.ada, world.habit, day)
    assert rise() == [Occasion.ALL_KEPT]


def test_a_pet_that_is_less_than_it_was_keeps_its_best_stage(world: World):
    me = world.ada.user_id
    with db.transaction() as session:
        session.execute(text("UPDATE pets SET best_stage = 3 WHERE user_id = :me"), {"me": me})
    make.keep(world.ada, world.habit)
    with db.reading() as session:
        assert session.scalar(text("SELECT best_stage FROM pets")) == 3
