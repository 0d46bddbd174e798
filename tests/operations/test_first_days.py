"""What was just made can be kept at once, whatever becomes of the user's day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import accounts, habits
from app.operations.habits import HabitFields
from app.queries.ledger import verify
from app.rules.errors import Invalid
from tests import world as make
from tests.world import World

AT_NIGHT = datetime(2026, 3, 11, 1, 16, tzinfo=UTC)
DAY = date(2026, 3, 11)
DAY_BEFORE = DAY - timedelta(days=1)


def prefer(me: object, zone: str | None = None, day_start: int | None = None) -> None:
    with db.transaction() as session:
        accounts.set_preferences(session, me, timezone=zone, day_start=day_start)


def first_days(habit_id: int) -> list[date]:
    with db.reading() as session:
        sql = text("SELECT starts_on FROM schedules WHERE habit_id = :habit ORDER BY starts_on")
        return list(session.scalars(sql, {"habit": habit_id}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(("UTC", 0), ("UTC", 4), id="a new day begins at 4"),
        pytest.param(("Pacific/Kiritimati", 0), ("Pacific/Honolulu", 0), id="over the date line"),
        pytest.param(("Pacific/Kiritimati", 0), ("Etc/GMT+12", 6), id="as far as it goes"),
        pytest.param(("UTC", 4), ("UTC", 0), id="the day begins earlier"),
    ],
)
def test_what_was_just_made_can_be_kept_at_once(
    app: object, at: Callable, before: tuple[str, int], after: tuple[str, int]
):
    at(AT_NIGHT)
    me = make.user("eva@example.org")
    prefer(me, *before)
    habit_id = make.habit(me, make.pillar(me))
    prefer(me, *after)
    outcome = make.keep(me, habit_id)
    assert (outcome.day, outcome.row.streak, outcome.amount) == (outcome.today, 1, 10)
    at(AT_NIGHT + timedelta(days=1))
    assert make.keep(me, habit_id).row.streak == 2
    with db.reading() as session:
        assert list(verify.differences(session)) == []


@pytest.mark.parametrize("after", [{"zone": "Pacific/Honolulu"}, {"day_start": 4}])
def test_either_alone_moves_what_lies_ahead(world: World, at: Callable, after: dict):
    at(AT_NIGHT)
    habit_id = make.habit(world.ada, world.pillar)
    prefer(world.ada, **after)
    assert first_days(habit_id) == [DAY_BEFORE]


def test_a_first_day_that_has_come_stays(world: World, at: Callable):
    at(AT_NIGHT)
    assert world.habit
    begun = make.habit(world.ada, world.pillar, starts_on=DAY_BEFORE)
    prefer(world.ada, day_start=4)
    assert first_days(world.habit) == [date(2026, 1, 1)]
    assert first_days(begun) == [DAY_BEFORE]


def test_only_the_first_term_of_ones_own_habits_moves(world: World, at: Callable):
    at(AT_NIGHT)
    mine, new = world.habit, make.habit(world.ada, world.pillar)
    theirs = make.habit(world.bob, make.pillar(world.bob))
    with db.transaction() as session:
        term = text(
            "INSERT INTO schedules (user_id, habit_id, starts_on, kind)"
            " VALUES (:me, :habit, :day, 'daily')"
        )
        for habit_id, day in ((mine, DAY), (new, DAY + timedelta(days=1))):
            session.execute(term, {"me": world.ada.user_id, "habit": habit_id, "day": day})
    prefer(world.ada, day_start=4)
    assert first_days(mine) == [date(2026, 1, 1), DAY]
    assert first_days(new) == [DAY_BEFORE, DAY + timedelta(days=1)]
    assert first_days(theirs) == [DAY]


def test_a_kept_day_that_now_lies_ahead_stays_kept(world: World, at: Callable):
    at(AT_NIGHT)
    habit_id = make.habit(world.ada, world.pillar)
    make.keep(world.ada, habit_id)
    make.take_back(world.ada, habit_id)
    make.keep(world.ada, habit_id)
    prefer(world.ada, day_start=4)
    assert first_days(habit_id) == [DAY_BEFORE]
    assert make.keep(world.ada, habit_id).day == DAY_BEFORE
    at(AT_NIGHT.replace(hour=12))
    assert make.keep(world.ada, habit_id).row.streak == 2
    with db.reading() as session:
        assert list(verify.differences(session)) == []


def test_another_name_or_theme_moves_nothing(world: World, at: Callable):
    at(AT_NIGHT)
    habit_id = make.habit(world.ada, world.pillar)
    with db.transaction() as session:
        ahead = text("UPDATE schedules SET starts_on = :day WHERE habit_id = :habit")
        session.execute(ahead, {"day": DAY + timedelta(days=1), "habit": habit_id})
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, "Ada", theme="dark")
    assert first_days(habit_id) == [DAY + timedelta(days=1)]
    with pytest.raises(Invalid, match="starts on 2026-03-12"):
        make.keep(world.ada, habit_id)
    with db.transaction() as session:
        fields = HabitFields("Swim", "easy", DAY + timedelta(days=1))
        habits.edit(session, world.ada, habit_id, fields)
