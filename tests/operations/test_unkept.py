"""What becomes of a habit that was not kept in a long while."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import unkept
from app.operations.unkept import Answer
from app.queries.ledger import verify
from app.rules.errors import NotYours, SessionEnded
from tests import world as make
from tests.views.database import changed, contents, execute, scalar
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def answer(world: World, said: Answer) -> set[str]:
    """Answer for Ada's habit and return the tables in which something was changed."""
    assert world.habit
    before = contents()
    with db.transaction() as session:
        unkept.answer(session, world.ada, world.habit, said)
    with db.reading() as session:
        assert list(verify.differences(session)) == []
    return changed(before, contents()) - {"users", "sessions"}


@pytest.mark.parametrize(
    ("said", "tables"),
    [
        (Answer.SMALLER, {"habits"}), (Answer.KEEP, {"habits"}),
        (Answer.REST, {"habits", "rests"}), (Answer.LET_GO, {"habits", "rests"}),
    ],
)  # fmt: skip
def test_every_answer_is_remembered_and_does_what_it_says(
    world: World, said: Answer, tables: set[str]
):
    make.habit(world.ada, world.pillar, "Another")
    assert answer(world, said) == tables
    asked = scalar("SELECT asked_on FROM habits WHERE id = :id", id=world.habit)
    assert asked == TUESDAY
    assert scalar("SELECT count(*) FROM habits WHERE asked_on IS NULL") == 1
    archived = scalar("SELECT archived_at FROM habits WHERE id = :id", id=world.habit)
    assert archived == (NOON if said is Answer.LET_GO else None)


def rests() -> list[tuple[str, int | None, date, date | None]]:
    with db.reading() as session:
        return [
            tuple(row)
            for row in session.exec_driver_sql(
                "SELECT kind, habit_id, starts_on, ends_on FROM rests ORDER BY id"
            )
        ]


def test_a_rest_begins_today_and_one_without_an_end_is_enough(world: World):
    answer(world, Answer.REST)
    assert rests() == [("rest", world.habit, TUESDAY, None)]
    assert answer(world, Answer.REST) == set()


def test_what_is_let_go_twice_was_let_go_once(world: World, at: Callable):
    answer(world, Answer.LET_GO)
    at(NOON + timedelta(hours=3))
    assert answer(world, Answer.LET_GO) == set()
    assert rests() == [("archive", world.habit, TUESDAY, None)]


def test_nobody_answers_for_somebody_else(world: World):
    bob, habit = world.bob, world.habit
    before = contents()
    with pytest.raises(NotYours), db.transaction() as session:
        unkept.answer(session, bob, habit, Answer.LET_GO)
    assert contents() == before


def test_a_sign_in_that_has_ended_answers_nothing(world: World):
    assert world.habit
    execute("UPDATE sessions SET ended_at = created_at")
    with pytest.raises(SessionEnded), db.transaction() as session:
        unkept.answer(session, world.ada, world.habit, Answer.KEEP)
