"""Notes: written about a day, changed, taken away, and gone with their habit."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, notes, pillars, sessions
from app.rules.errors import Invalid, NotYours, SessionEnded
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

FIRST = date(2026, 1, 1)


def stored() -> list[tuple[date, str]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text("SELECT day, body FROM notes"))]


def one(statement: str) -> object:
    with db.reading() as session:
        return session.scalar(text(statement))


def test_a_day_has_one_note_and_an_empty_one_takes_it_away(world: World, at):
    me, habit = world.ada, world.habit
    before = one("SELECT version FROM users")
    make.note(me, habit, "Slow.")
    at(NOON + timedelta(hours=1))
    make.note(me, habit, "Slow, and fun.")
    assert stored() == [(TUESDAY, "Slow, and fun.")]
    assert one("SELECT written_at FROM notes") == NOON + timedelta(hours=1)
    for _twice in range(2):
        make.note(me, habit, "")
        assert stored() == []
    assert one("SELECT version FROM users") == before + 4  # type: ignore[operator]


def test_nothing_said_leaves_a_note_as_it_is(world: World):
    make.note(world.ada, world.habit, "Slow.")
    with db.transaction() as session:
        notes.write(session, world.ada, world.habit, None, None)
    assert stored() == [(TUESDAY, "Slow.")]


def test_any_day_of_the_habit_may_have_one_kept_or_not(world: World):
    make.keep(world.ada, world.habit, FIRST)
    for day in (FIRST, TUESDAY - timedelta(days=1)):
        make.note(world.ada, world.habit, "Slow.", day)
    for day in (FIRST - timedelta(days=1), TUESDAY + timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            make.note(world.ada, world.habit, "Slow.", day)
        assert refused.value.errors.keys() == {"day"}
    assert sorted(day for day, _body in stored()) == [FIRST, TUESDAY - timedelta(days=1)]


def test_the_first_day_is_that_of_the_first_rhythm(world: World):
    later = "INSERT INTO schedules (user_id, habit_id, starts_on, kind) SELECT user_id, habit_id, "
    assert world.habit
    with db.transaction() as session:
        session.execute(text(later + "'2026-03-01', 'daily' FROM schedules"))
    make.note(world.ada, world.habit, "Slow.", FIRST)
    assert stored() == [(FIRST, "Slow.")]


def test_today_is_the_users_own(world: World):
    me = make.user("kim@example.org", "Pacific/Kiritimati")
    make.note(me, make.habit(me, make.pillar(me)), "Early.")
    assert stored() == [(TUESDAY + timedelta(days=1), "Early.")]


def test_a_note_before_the_first_day_as_it_is_now_can_be_taken_away(world: World):
    make.note(world.ada, world.habit, "Slow.", FIRST)
    with db.transaction() as session:
        fields = habits.HabitFields(None, None, TUESDAY)
        habits.edit(session, world.ada, world.habit, fields)
    make.note(world.ada, world.habit, "", FIRST)
    assert stored() == []


def test_an_archived_habit_takes_notes(world: World):
    me, habit = world.ada, world.habit
    with db.transaction() as session:
        habits.archive(session, me, habit)
        pillars.archive(session, me, world.pillar)
    make.note(me, habit, "It was good.")
    assert stored() == [(TUESDAY, "It was good.")]


def test_a_deleted_habit_takes_its_notes_along_and_no_others(world: World):
    other = make.habit(world.ada, world.pillar, "Walk")
    for habit in (world.habit, other):
        make.note(world.ada, habit, f"{habit}")
    with db.transaction() as session:
        habits.delete(session, world.ada, world.habit)
    assert stored() == [(TUESDAY, f"{other}")]


def test_a_strangers_habit_takes_no_note_and_an_ended_sign_in_writes_none(world: World):
    for absent in (world.habit, 0, 2**63 - 1):
        with pytest.raises(NotYours):
            make.note(world.bob, absent, "Slow.", date(1999, 1, 1))
    with db.transaction() as session:
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded):
        make.note(world.ada, world.habit, "Slow.")
    assert stored() == []
