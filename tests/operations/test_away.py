"""Days away: counted as a rest once, or left as they are."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import away, rests
from app.queries.ledger import verify
from app.rules.errors import Invalid, SessionEnded
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import execute, scalar
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
# Saturday and Sunday, and then a Monday on which somebody comes back.
GONE, BACK = (TUESDAY + 2 * DAY, TUESDAY + 4 * DAY), TUESDAY + 5 * DAY


@pytest.fixture
def back(world: World, at: Callable) -> Actor:
    """Ada, who kept a habit for three days and then was away for three."""
    for day in (TUESDAY - DAY, TUESDAY, TUESDAY + DAY):
        at(NOON + (day - TUESDAY))
        make.keep(world.ada, world.habit)
    at(NOON + (BACK - TUESDAY))
    return world.ada


def rest(me: Actor, starts_on: date | None = GONE[0], ends_on: date | None = GONE[1]) -> None:
    with db.transaction() as session:
        away.rest(session, me, starts_on, ends_on)


def spans() -> list[object]:
    with db.reading() as session:
        assert list(verify.differences(session)) == []
        found = session.exec_driver_sql(
            "SELECT starts_on, ends_on, kind, pillar_id, habit_id FROM rests ORDER BY id"
        )
        return [tuple(row) for row in found]


def test_days_away_become_a_rest_of_everything_and_the_run_has_waited(world: World, back: Actor):
    rest(back)
    assert spans() == [(*GONE, "rest", None, None)]
    assert make.keep(back, world.habit).row.streak == 4
    assert scalar("SELECT away_answered FROM users WHERE id = :me", me=back.user_id) == GONE[1]


def test_who_has_kept_something_already_may_count_all_days_away_as_rest(world: World, at: Callable):
    make.keep(world.ada, world.habit)
    at(NOON + 40 * DAY)
    make.keep(world.ada, world.habit)
    days = (TUESDAY + DAY, TUESDAY + 39 * DAY)
    rest(world.ada, *days)
    assert spans() == [(*days, "rest", None, None)]


def test_days_that_rest_already_get_no_second_rest(world: World, back: Actor):
    for _tab in range(2):
        rest(back)
    assert len(spans()) == 1
    make.rest(back, None, GONE[0] - DAY, GONE[0] - DAY)
    rest(back, GONE[0] - DAY, GONE[1] - DAY)
    assert len(spans()) == 2
    # A day that does not rest yet makes another.
    rest(back, GONE[0], GONE[1] + DAY)
    assert len(spans()) == 3


def test_a_rest_of_a_pillar_is_no_rest_of_everything(world: World, back: Actor):
    make.rest(back, world.pillar, *GONE)
    rest(back)
    assert len(spans()) == 2


def test_without_an_end_the_days_away_go_through_yesterday(world: World, back: Actor):
    rest(back, ends_on=None)
    assert spans() == [(*GONE, "rest", None, None)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(None, None), (GONE[1], GONE[0]), (BACK - 15 * DAY, GONE[1]), (GONE[0], date(2101, 1, 1))],
)
def test_what_cannot_be_a_rest_is_refused_and_answers_nothing(
    world: World, back: Actor, starts_on: date | None, ends_on: date | None
):
    with pytest.raises(Invalid):
        rest(back, starts_on, ends_on)
    assert spans() == []
    assert scalar("SELECT away_answered FROM users WHERE id = :me", me=back.user_id) is None


def test_an_answer_is_never_taken_back_by_an_older_one(world: World, back: Actor):
    assert world.bob
    with db.transaction() as session:
        away.leave(session, back)
    rest(back, GONE[0], GONE[0])
    said = "SELECT away_answered FROM users WHERE id = :me"
    assert scalar(said, me=back.user_id) == BACK - DAY
    assert scalar(said, me=world.bob.user_id) is None
    assert scalar("SELECT count(*) FROM rests") == 1


def test_a_rest_that_reaches_into_days_to_come_answers_for_those_gone_by(world: World, back: Actor):
    rest(back, GONE[0], BACK + DAY)
    said = "SELECT away_answered FROM users WHERE id = :me"
    assert scalar(said, me=back.user_id) == BACK - DAY


def test_days_away_left_as_they_are_break_the_run(world: World, back: Actor):
    version = scalar("SELECT version FROM users WHERE id = :me", me=back.user_id)
    with db.transaction() as session:
        away.leave(session, back)
    assert spans() == []
    assert scalar("SELECT version FROM users WHERE id = :me", me=back.user_id) == version + 1
    assert make.keep(back, world.habit).row.streak == 1


def test_a_rest_of_days_away_can_be_deleted_like_any_other(world: World, back: Actor):
    rest(back)
    made = scalar("SELECT id FROM rests")
    with db.transaction() as session:
        rests.delete(session, back, made)
    assert spans() == []
    assert make.keep(back, world.habit).row.streak == 1


@pytest.mark.parametrize("act", [away.leave, lambda s, me: away.rest(s, me, *GONE)])
def test_a_sign_in_that_has_ended_answers_nothing(world: World, back: Actor, act: Callable):
    execute("UPDATE sessions SET ended_at = created_at")
    with pytest.raises(SessionEnded), db.transaction() as session:
        act(session, back)
    assert spans() == []
