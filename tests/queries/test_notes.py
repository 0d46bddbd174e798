"""Notes as they are listed and found."""

from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import habits as operations
from app.queries import habits, notes, pillars
from app.queries.notes import NOTES_A_PAGE, NotesPage
from app.rules.identity import Actor
from tests import world as make
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

BODIES = ["100 % done", "snake_case", "snake case", "back\\slash", "ÄRGER, then\nluck", "plain"]


def find(me: Actor, asked: str = "") -> list[str]:
    who = make.claims(me)
    with db.reading() as reading:
        return [note.body for note in notes.find(reading, who, asked).notes]


def of_habit(me: Actor, habit_id: int, before: date | None = None) -> NotesPage:
    who = make.claims(me)
    with db.reading() as reading:
        return notes.of_habit(reading, who, habit_id, before)


def bodies(page: NotesPage) -> list[str]:
    return [note.body for note in page.notes]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", BODIES),
        ("  ", BODIES),
        ("%", ["100 % done"]),
        ("_", ["snake_case"]),
        ("snake_case", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("k\\s", ["back\\slash"]),
        ("PLAIN", ["plain"]),
        ("ärger", ["ÄRGER, then\nluck"]),
        ("luck then", ["ÄRGER, then\nluck"]),
        ("luck plain", []),
        ("'; DROP TABLE notes; --", []),
    ],
)
def test_every_word_must_be_there_and_no_sign_stands_for_another(
    world: World, asked: str, found: list[str]
):
    for back, body in enumerate(BODIES):
        make.note(world.ada, world.habit, body, TUESDAY - timedelta(days=back))
    assert find(world.ada, asked) == found


def test_the_notes_of_others_are_found_by_nobody(world: World):
    make.note(world.ada, world.habit, "Slow.")
    assert find(world.bob) == find(world.bob, "slow") == []
    assert of_habit(world.bob, world.habit).notes == ()
    who = make.claims(world.bob)
    with db.reading() as reading:
        assert notes.about(reading, who, world.habit, TUESDAY) == ""


def test_a_note_is_read_with_its_day_and_habit_archived_or_not(world: World):
    make.note(world.ada, world.habit, "Slow.")
    with db.transaction() as session:
        operations.archive(session, world.ada, world.habit)
    who, days = make.claims(world.ada), [TUESDAY, TUESDAY - timedelta(days=1)]
    with db.reading() as reading:
        (note,) = notes.find(reading, who).notes
        about = [notes.about(reading, who, world.habit, day) for day in days]
    assert note == (world.habit, "Read 10 pages", TUESDAY, "Slow.")
    assert about == ["Slow.", ""]


def test_the_pages_follow_each_other_also_through_one_day(world: World):
    many = [make.habit(world.ada, world.pillar, f"Habit {n}") for n in range(NOTES_A_PAGE + 1)]
    for habit in many:
        make.note(world.ada, habit, f"{habit}")
    make.note(world.ada, world.habit, "older", TUESDAY - timedelta(days=1))
    who = make.claims(world.ada)
    with db.reading() as reading:
        first = notes.find(reading, who)
        second = notes.find(reading, who, "", first.older)
    assert bodies(first) + bodies(second) == [*(f"{habit}" for habit in reversed(many)), "older"]
    assert len(first.notes) == NOTES_A_PAGE
    assert second.older is None


def test_a_habits_notes_are_its_own_and_paged_by_day(world: World):
    other = make.habit(world.ada, world.pillar, "Walk")
    make.note(world.ada, other, "Not mine.")
    for back in range(NOTES_A_PAGE):
        make.note(world.ada, world.habit, f"{back}", TUESDAY - timedelta(days=back))
    shown = of_habit(world.ada, world.habit)
    assert bodies(shown) == [f"{back}" for back in range(NOTES_A_PAGE)]
    assert shown.older is None
    make.note(world.ada, world.habit, "last", TUESDAY - timedelta(days=NOTES_A_PAGE))
    older = of_habit(world.ada, world.habit).older
    assert older is not None
    assert bodies(of_habit(world.ada, world.habit, older.day)) == ["last"]


def test_what_a_deletion_takes_counts_the_notes(world: World):
    other = make.habit(world.ada, make.pillar(world.ada, "Mind"), "Walk")
    make.note(world.ada, other, "Not this.")
    for back in range(2):
        make.note(world.ada, world.habit, "Slow.", TUESDAY - timedelta(days=back))
    who = make.claims(world.ada)
    with db.reading() as reading:
        assert habits.loss(reading, who, world.habit).notes == 2
        assert pillars.loss(reading, who, world.pillar).notes == 2
