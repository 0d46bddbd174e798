"""A day gone by as the database knows it, and as its page shows it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.facts import habits as facts
from app.infra import clock, db
from app.operations import habits, pillars
from app.queries import other_day
from app.queries.other_day import OtherDay
from app.rules import fold
from app.rules.facts import amounts_of
from app.rules.identity import Actor
from app.rules.past_board import PastFacts
from app.rules.states import Fold, History, OnDay
from tests import world as make
from tests.views.database import execute, fill
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
BEGAN = date(2026, 1, 1)


def told(me: Actor, day: date) -> dict[int, PastFacts]:
    with db.reading() as reading:
        return {one.id: one for one in facts.look_at(reading, me.user_id, day)}


def shown(me: Actor, day: date) -> OtherDay:
    who = make.claims(me)
    with db.reading() as reading:
        return other_day.show(reading, who, clock.now(), day)


def test_the_days_of_a_month_are_told_and_the_last_keep_before(world: World):
    old, none = make.habit(world.ada, world.pillar, "Old", starts_on=BEGAN), world.habit
    for day in (BEGAN, BEGAN + DAY, MONDAY, TUESDAY):
        make.keep(world.ada, old, day)
    make.habit(world.bob, make.pillar(world.bob))
    assert {one: facts.days for one, facts in told(world.ada, MONDAY).items()} == {
        old: [BEGAN + DAY, MONDAY, TUESDAY], none: [],
    }  # fmt: skip
    day = date(2026, 3, 1)
    # Where nothing is kept in a month, the last keep says when it is due again.
    assert told(world.ada, day)[old].days == [BEGAN + DAY, MONDAY, TUESDAY]
    edge = BEGAN + DAY + 31 * DAY
    assert told(world.ada, edge)[old].days == [BEGAN + DAY]
    make.keep(world.ada, old, edge)
    assert told(world.ada, edge)[old].days == [BEGAN + DAY, edge]


def test_amounts_of_the_month_are_told_where_they_are_counted(world: World):
    execute("UPDATE habits SET counted = true")
    for day, amount in ((32, 2), (31, 3), (30, 4), (1, 5), (0, 7), (-1, 9)):
        for number in range(2):
            execute(
                "INSERT INTO amounts (user_id, habit_id, day, amount, key, created_at)"
                " VALUES (:me, :habit, :day, :amount, :key, :now)",
                me=world.ada.user_id, habit=world.habit, day=MONDAY - day * DAY,
                amount=Decimal(amount), key=f"{day}-{number}", now=clock.now(),
            )  # fmt: skip
    execute("UPDATE habits SET counted = true")
    assert amounts_of(told(world.ada, MONDAY)[world.habit].amounts) == {
        MONDAY - 31 * DAY: 6000, MONDAY - 30 * DAY: 8000, MONDAY - DAY: 10_000, MONDAY: 14_000,
        MONDAY + DAY: 18_000,
    }  # fmt: skip


def test_what_is_put_away_has_no_row(world: World):
    away = make.pillar(world.ada, "Mind")
    sing, walk = make.habit(world.ada, away, "Sing"), make.habit(world.ada, world.pillar, "Walk")
    with db.transaction() as session:
        pillars.archive(session, world.ada, away)
    with db.transaction() as session:
        habits.archive(session, world.ada, walk)
    assert world.habit in told(world.ada, MONDAY)
    assert walk not in told(world.ada, MONDAY)
    rows = [row.id for pillar in shown(world.ada, MONDAY).pillars for row in pillar.rows]
    assert sing not in rows
    assert rows == [world.habit]


def test_the_first_day_is_that_of_the_oldest_habit_or_of_the_account(world: World):
    make.habit(world.ada, world.pillar, starts_on=TUESDAY)
    assert shown(world.ada, date.min).began == TUESDAY
    assert world.habit
    assert (shown(world.ada, date.min).day, shown(world.ada, MONDAY).began) == (BEGAN, BEGAN)


def test_who_is_ahead_of_its_first_day_stands_apart(world: World):
    assert world.habit
    young = make.habit(world.ada, world.pillar, "Young", starts_on=MONDAY)
    seen = shown(world.ada, MONDAY - DAY)
    assert [row.id for row in seen.ahead] == [young]
    assert [row.id for pillar in seen.pillars for row in pillar.rows] == [world.habit]
    assert shown(world.ada, MONDAY).ahead == ()


@pytest.mark.parametrize("back", [1, 5, 400])
def test_ten_years_of_two_hundred_habits_are_not_folded_for_a_day_among_them(
    world: World, back: int, monkeypatch: pytest.MonkeyPatch
):
    fill(world.ada, world.pillar, 200)
    execute("UPDATE schedules SET starts_on = '2016-01-01'")
    execute("UPDATE habits SET folded_on = '2026-03-07', folded_run = 9, folded_best = 9")
    walked: list[int] = []
    on_day = fold.on_day

    def counted(state: Fold, history: History, on: date) -> OnDay:
        walked.append((on - state.through).days)
        return on_day(state, history, on)

    monkeypatch.setattr(fold, "on_day", counted)
    seen = shown(world.ada, TUESDAY - back * DAY)
    assert sum(len(pillar.open_rows) for pillar in seen.pillars) == 200
    assert max(walked) == 3
