"""What a row announces is what its commit earns, wherever the user has flown in between."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import accounts
from app.queries.day import read_day
from app.rules.identity import Actor
from app.rules.outcome import HabitRow
from tests import world as make
from tests.world import NOON, World

KIRITIMATI, TOKYO, HONOLULU = "Pacific/Kiritimati", "Asia/Tokyo", "Pacific/Honolulu"
_CLOCKS = (KIRITIMATI, TOKYO, "UTC", "America/New_York", HONOLULU, "Etc/GMT+12")


def fly(me: Actor, zone: str, day_start: int = 0) -> None:
    with db.transaction() as session:
        accounts.set_preferences(session, me, timezone=zone, day_start=day_start)


def row_of(me: Actor, habit_id: int) -> HabitRow:
    """The row of the habit as Today draws it now."""
    who = make.claims(me)
    with db.reading() as session:
        board = read_day(session, who, clock.now()).board
    (row,) = [board.row(habit) for habit in board.habits if habit.id == habit_id]
    return row


def test_after_a_flight_west_the_row_announces_what_the_commit_gives(
    world: World, at: Callable[[datetime], None]
):
    me = world.ada
    fly(me, TOKYO)
    walk = make.habit(me, world.pillar, "Walk", "easy")
    # Kept for five days; the sixth goes by, and the seventh is kept in the morning in Tokyo.
    for day in (*range(5), 6):
        at(NOON.replace(hour=0) + timedelta(days=day))
        make.keep(me, walk)
    fly(me, HONOLULU)
    # In Honolulu it is the sixth day again, and the run of five goes on.
    row = row_of(me, walk)
    assert (row.done, row.streak, row.gain) == (False, 5, 6)
    assert make.keep(me, walk).amount == 6


@pytest.mark.parametrize("seed", range(6))
def test_no_flight_parts_what_is_announced_from_what_is_earned(
    world: World, at: Callable[[datetime], None], seed: int
):
    dice, me, now = random.Random(seed), world.ada, NOON
    walk = make.habit(me, world.pillar, "Walk", dice.choice(("easy", "normal", "hard")))
    announced = 0
    for _press in range(60):
        now += timedelta(hours=dice.choice((0, 1, 5, 9, 14, 20, 24)))
        at(now)
        if dice.random() < 0.4:
            fly(me, dice.choice(_CLOCKS), dice.choice((0, 0, 4)))
        row = row_of(me, walk)
        if row.state == "idle":
            continue
        if row.done:
            outcome = make.take_back(me, walk) if dice.random() < 0.3 else None
        else:
            outcome = make.keep(me, walk)
            assert outcome.amount == row.gain
            announced += 1
        # The answer to a press draws the row that Today would draw.
        assert outcome is None or outcome.row == row_of(me, walk)
    assert announced > 20
