"""The week before this one: one's own, and equals are told as equals."""

from calendar import SUNDAY as SUNDAYS
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import pillars
from app.queries.stats.last_week import LastWeek, last_week
from app.rules.identity import Actor
from app.rules.weeks import MONDAYS, beginning_on
from tests import world as make
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

SUNDAY = TUESDAY - timedelta(days=2)


def see(me: Actor) -> LastWeek | None:
    who = make.claims(me)
    with db.reading() as session:
        return last_week(session, who, TUESDAY, MONDAYS)


def test_what_others_kept_is_not_counted(world: World):
    his = make.habit(world.bob, make.pillar(world.bob), starts_on=date(2026, 1, 1))
    make.keep(world.bob, his, SUNDAY)
    assert see(world.ada) is None
    make.keep(world.ada, world.habit, SUNDAY - timedelta(days=1))
    assert see(world.ada) == LastWeek(1, (SUNDAY - timedelta(days=1),), ("Body",))


def test_two_equal_pillars_are_both_named_in_the_users_order(world: World):
    walk = make.habit(world.ada, make.pillar(world.ada, "Mind"), starts_on=date(2026, 1, 1))
    for habit_id in (walk, world.habit):
        make.keep(world.ada, habit_id, SUNDAY)
    assert see(world.ada) == LastWeek(2, (SUNDAY,), ("Mind", "Body"))
    with db.transaction() as session:
        pillars.move(session, world.ada, world.pillar, "up")
    assert see(world.ada) == LastWeek(2, (SUNDAY,), ("Body", "Mind"))
    make.keep(world.ada, world.habit, SUNDAY - timedelta(days=3))
    days = (SUNDAY - timedelta(days=3), SUNDAY)
    make.take_back(world.ada, walk, SUNDAY)
    assert see(world.ada) == LastWeek(2, days, ("Body",))


def test_of_three_equals_none_stands_out(world: World):
    first = date(2026, 1, 1)
    for number in range(3):
        pillar_id = make.pillar(world.ada, f"Pillar {number}")
        made = make.habit(world.ada, pillar_id, starts_on=first)
        for back in range(7):
            make.keep(world.ada, made, SUNDAY - timedelta(days=back))
    assert see(world.ada) == LastWeek(21, (), ())


def test_the_week_is_the_users_own_also_a_short_one(world: World):
    for back in (0, 1, 3, 7):
        make.keep(world.ada, world.habit, SUNDAY - timedelta(days=back))
    who = make.claims(world.ada)
    sundays = beginning_on(SUNDAYS)
    # From the Sunday on the weeks begin on Sundays: the one before it ended with Saturday.
    changed = MONDAYS.after(SUNDAY - timedelta(days=7), SUNDAYS)
    with db.reading() as session:
        told = [
            last_week(session, who, day, weeks)
            for day, weeks in ((TUESDAY, sundays), (SUNDAY, changed), (SUNDAY, MONDAYS))
        ]
    # From Sunday the 1st to Saturday the 7th; from Monday the 2nd on; the whole week before.
    assert [week and week.kept for week in told] == [3, 2, 1]
