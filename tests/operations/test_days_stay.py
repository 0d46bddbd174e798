"""Whoever flies, or begins the week on another day, keeps every day that was stamped."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import accounts
from app.queries import other_day, today
from app.rules.identity import Actor
from app.rules.weeks import FIRST_DAYS
from tests import world as make
from tests.views.database import scalar
from tests.world import NOON, World

CLOCKS = (
    "Pacific/Kiritimati", "Pacific/Chatham", "Asia/Kathmandu", "UTC", "America/St_Johns",
    "Pacific/Honolulu", "Etc/GMT+12",
)  # fmt: skip


def done(me: Actor, habit: int, day: date) -> bool:
    """Does the board of that day, as it is seen now, show the habit as kept?"""
    who, now = make.claims(me), clock.now()
    with db.reading() as reading:
        if day == who.day_of(now):
            pillars = today.show(reading, who, now, 0).pillars
        else:
            pillars = other_day.show(reading, who, now, day).pillars
    (row,) = [row for pillar in pillars for row in pillar.rows if row.id == habit]
    assert row.due
    return row.done


@pytest.mark.parametrize("seed", range(4))
def test_no_stamped_day_is_lost_and_none_is_kept_twice(
    world: World, at: Callable[[datetime], None], seed: int
):
    dice, me, now = random.Random(seed), world.ada, NOON
    habit = make.habit(me, world.pillar, starts_on=date(2026, 3, 1))
    kept: set[date] = set()
    for _step in range(40):
        now += timedelta(hours=dice.choice((1, 5, 9, 14, 20, 24)))
        at(now)
        if dice.random() < 0.4:
            with db.transaction() as session:
                accounts.set_preferences(
                    session, me, timezone=dice.choice(CLOCKS), day_start=dice.choice((0, 3, 6)),
                    week_start=dice.choice(FIRST_DAYS),
                )  # fmt: skip
        day = make.claims(me).day_of(now) - timedelta(days=dice.choice((0, 0, 1)))
        assert done(me, habit, day) == (day in kept)
        assert (make.keep(me, habit, day).amount > 0) == (day not in kept)
        kept.add(day)
        assert scalar("SELECT array_agg(day ORDER BY day) FROM commits") == sorted(kept)
        assert scalar("SELECT count(*) FROM ledger_entries") == len(kept)
    latest = make.claims(me).day_of(now)
    assert all(done(me, habit, day) for day in kept if day <= latest)
