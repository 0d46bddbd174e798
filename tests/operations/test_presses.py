"""Every press that was answered as done is known by its key, and acts once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars, presses, sweep
from app.operations.habits import HabitFields
from app.operations.pillars import PillarFields
from app.rules.errors import Archived, Invalid, NotYours
from app.rules.outcome import Act
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def remembered() -> list[tuple[str, str, int | None]]:
    """Return key, route and made_id of every press that has a row of its own."""
    with db.reading() as session:
        rows = session.execute(text("SELECT key, route, made_id FROM presses ORDER BY key"))
        return [tuple(row) for row in rows]


def new_habit(world: World, key: str | None) -> int:
    ada, pillar_id = world.ada, world.pillar
    with db.transaction() as session:
        fields = HabitFields("Walk", "normal")
        return habits.create(session, ada, pillar_id, fields, 1000, key)


def new_pillar(world: World, key: str | None) -> int:
    ada = world.ada
    with db.transaction() as session:
        return pillars.create(session, ada, PillarFields("Mind", "iris", "book"), 0, key)


def test_the_key_of_a_press_that_found_its_work_done_is_remembered(world: World):
    make.keep(world.ada, world.habit, key="a")
    assert make.keep(world.ada, world.habit, key="b").act is Act.UNCHANGED
    make.take_back(world.ada, world.habit, key="c")
    late = make.keep(world.ada, world.habit, key="b")
    assert (late.act, late.kept) == (Act.UNCHANGED, False)
    assert make.keep(world.ada, world.habit, key="d").act is Act.KEPT


def test_the_key_of_an_undo_that_found_nothing_is_remembered(world: World):
    assert make.take_back(world.ada, world.habit, key="a").act is Act.UNCHANGED
    make.keep(world.ada, world.habit, key="b")
    assert make.take_back(world.ada, world.habit, key="a").kept
    assert make.take_back(world.ada, world.habit, key="c").act is Act.UNDONE


def test_a_press_that_leaves_a_line_in_the_ledger_needs_no_row(world: World):
    make.keep(world.ada, world.habit, key="a")
    make.take_back(world.ada, world.habit, key="b")
    for key in ("b", None):
        make.take_back(world.ada, world.habit, key=key)
    assert remembered() == []
    make.take_back(world.ada, world.habit, key="c")
    assert remembered() == [("c", f"undo/{world.habit}", None)]


def test_a_refused_press_is_forgotten_and_may_keep_its_key(world: World):
    ahead = TUESDAY + timedelta(days=1)
    with pytest.raises(Invalid):
        make.keep(world.ada, world.habit, ahead, key="a")
    assert make.keep(world.ada, world.habit, key="a").act is Act.KEPT


def test_an_archived_habit_refuses_and_forgets(world: World):
    habit_id = world.habit
    with db.transaction() as session:
        habits.archive(session, world.ada, habit_id)
    with pytest.raises(Archived):
        make.keep(world.ada, habit_id, key="a")
    with db.transaction() as session:
        habits.restore(session, world.ada, habit_id, 1000)
    assert make.keep(world.ada, habit_id, key="a").act is Act.KEPT


@pytest.mark.parametrize("is_unchanged", [False, True])
def test_a_key_belongs_to_one_form(world: World, is_unchanged: bool):
    if is_unchanged:
        make.keep(world.ada, world.habit, key="before")
    make.keep(world.ada, world.habit, key="a")
    other = make.habit(world.ada, world.pillar)
    for press, habit_id in ((make.take_back, world.habit), (make.keep, other)):
        with pytest.raises(Invalid) as refused:
            press(world.ada, habit_id, key="a")
        assert "key" in refused.value.errors
    for create in (new_habit, new_pillar):
        if is_unchanged:
            with pytest.raises(Invalid):
                create(world, "a")


def test_a_key_belongs_to_one_user(world: World):
    make.keep(world.ada, world.habit, key="a")
    make.keep(world.ada, world.habit, key="b")
    habit_id = make.habit(world.bob, make.pillar(world.bob))
    for key in ("a", "b"):
        make.take_back(world.bob, habit_id)
        assert make.keep(world.bob, habit_id, key=key).act is Act.KEPT
    made, his = new_pillar(world, "c"), PillarFields("Mind", "iris", "book")
    bob = world.bob
    with db.transaction() as session:
        assert pillars.create(session, bob, his, 0, "c") != made


@pytest.mark.parametrize("create", [new_habit, new_pillar])
def test_a_form_that_makes_something_makes_it_once(world: World, create: Callable):
    made = create(world, "a")
    assert create(world, "a") == made
    assert create(world, "b") != made
    assert create(world, None) not in {made, create(world, None)}
    assert remembered()[0] == ("a", remembered()[0][1], made)


def test_the_key_of_one_new_thing_makes_no_other(world: World):
    new_habit(world, "a")
    with pytest.raises(Invalid):
        new_pillar(world, "a")


def test_a_form_for_a_strangers_pillar_is_refused_and_forgotten(world: World):
    other, ada = make.pillar(world.bob), world.ada
    fields = HabitFields("Walk", "normal")
    with pytest.raises(NotYours), db.transaction() as session:
        habits.create(session, ada, other, fields, 1000, "a")
    assert remembered() == []


def test_what_is_remembered_twice_stays_as_it_was_the_first_time(world: World):
    new_pillar(world, "a")
    before, me = remembered(), world.ada.user_id
    with db.transaction() as session:
        presses.remember(session, me, "a", "habits", NOON, 7)
    assert remembered() == before


def test_presses_are_swept_after_ninety_days(world: World, at: Callable):
    new_pillar(world, "old")
    at(NOON + timedelta(seconds=1))
    new_pillar(world, "young")
    with db.transaction() as session:
        sweep.sweep_up(session, world.ada.user_id, NOON + timedelta(days=90))
    assert [key for key, *_ in remembered()] == ["young"]


def test_another_wish_under_an_old_key_is_refused_and_not_taken_for_the_first(world: World):
    # Back in the browser, another name typed, and sent: the old key comes with it.
    ada, pillar_id = world.ada, world.pillar
    new_pillar(world, "a")
    new_habit(world, "b")
    with pytest.raises(Invalid), db.transaction() as session:
        pillars.create(session, ada, PillarFields("Body", "iris", "book"), 0, "a")
    with pytest.raises(Invalid), db.transaction() as session:
        habits.create(session, ada, pillar_id, HabitFields("Swim", "normal"), 1000, "b")
