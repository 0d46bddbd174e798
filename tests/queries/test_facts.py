"""The facts of habits: which of them come along, in what order, and with which days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.facts import habits as facts
from app.infra import db
from app.operations import habits, pillars
from app.rules.facts import HabitFacts, amounts_of
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import execute
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
JANUARY = date(2026, 1, 1)


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def look(me: Actor, **asked: object) -> list[HabitFacts]:
    with db.reading() as session:
        return facts.look(session, me.user_id, **asked)  # type: ignore[arg-type]


def starts(habit: HabitFacts) -> list[date]:
    return [term.starts_on for term in habit.timetable.terms]


def ids(me: Actor, **asked: object) -> list[int]:
    return [habit.id for habit in look(me, **asked)]


def test_what_is_put_away_comes_along_only_when_it_is_asked_for(world: World):
    away = make.pillar(world.ada, "Mind")
    sing, draw = (make.habit(world.ada, away, name) for name in ("Sing", "Draw"))
    walk = make.habit(world.ada, world.pillar, "Walk")
    make.habit(world.bob, make.pillar(world.bob))
    for put_away in (walk, draw):
        do(habits.archive, world.ada, put_away)
    do(pillars.archive, world.ada, away)
    read, me = world.habit, world.ada
    assert ids(me) == [read]
    assert ids(me, pillar_id=world.pillar) == [read]
    assert set(ids(me, pillar_id=away)) == {read, sing}
    assert set(ids(me, habit_id=walk)) == {read, walk}
    assert set(ids(me, habit_id=draw)) == {read, draw}
    assert set(ids(me, put_away=True)) == {read, walk, sing, draw}
    stand = {one.id: (one.put_away, one.pillar_put_away) for one in look(me, put_away=True)}
    assert stand == {
        read: (False, False), walk: (True, False), sing: (False, True), draw: (True, True)
    }  # fmt: skip


def test_habits_come_in_the_users_order(world: World):
    made = [make.habit(world.ada, world.pillar, name) for name in "ABC"]
    do(habits.move, world.ada, made[2], "up")
    assert ids(world.ada) == [made[0], made[2], made[1]]


def test_the_terms_and_the_days_of_a_habit_are_its_own_and_in_order(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=TUESDAY - 2 * DAY)
    make.keep(world.ada, walk)
    for back in (0, 2, 1):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    execute(
        "INSERT INTO schedules (user_id, habit_id, starts_on, kind)"
        f" VALUES ({world.ada.user_id}, {world.habit}, '2026-03-01', 'daily')"
    )
    execute("UPDATE schedules SET kind = kind WHERE starts_on = '2026-01-01'")
    found = {habit.id: habit for habit in look(world.ada)}
    assert starts(found[world.habit]) == [JANUARY, date(2026, 3, 1)]
    assert found[world.habit].days == [TUESDAY - 2 * DAY, TUESDAY - DAY, TUESDAY]
    assert (starts(found[walk]), found[walk].days) == ([TUESDAY - 2 * DAY], [TUESDAY])


def test_only_the_days_after_the_fold_are_read_and_all_where_there_is_none(world: World):
    days = [TUESDAY - back * DAY for back in (9, 8, 4, 3, 2)]
    for day in days:
        make.keep(world.ada, world.habit, day)
    (found,) = look(world.ada)
    assert (found.folded_on, found.days) == (TUESDAY - 3 * DAY, days[-1:])
    assert (found.folded_run, found.folded_best, found.folded_kept) == (2, 2, 4)
    assert found.kept == 5
    execute("UPDATE habits SET folded_on = NULL")
    (found,) = look(world.ada)
    assert found.days == days
    assert found.kept == 5


def test_amounts_are_the_sums_of_days_in_thousandths_and_only_of_what_is_counted(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=JANUARY)
    execute(
        f"""
        UPDATE schedules SET measure = 'at_least', target = 50.5, step = 0.25, unit = 'pages'
        WHERE habit_id = {walk};
        UPDATE habits SET counted = true WHERE id = {walk};
        INSERT INTO amounts (user_id, habit_id, day, amount, created_at)
        SELECT {world.ada.user_id}, habit, day, amount, now() FROM (VALUES
            ({walk}, date '2026-03-10', 10.5), ({walk}, date '2026-03-10', 0.125),
            ({walk}, date '2026-03-01', 7), ({world.habit}, date '2026-03-10', 3)
        ) AS v (habit, day, amount)
    """
    )

    def amounts() -> dict[int, dict[date, int]]:
        return {habit.id: amounts_of(habit.amounts) for habit in look(world.ada)}

    assert amounts() == {world.habit: {}, walk: {TUESDAY: 10_625, date(2026, 3, 1): 7_000}}
    (term,) = next(habit for habit in look(world.ada) if habit.id == walk).timetable.terms
    assert (term.kind, term.target, term.step, term.unit) == ("at_least", 50_500, 250, "pages")
    execute(f"UPDATE habits SET folded_on = '2026-03-07' WHERE id = {walk}")
    assert amounts()[walk] == {TUESDAY: 10_625}
    execute(f"UPDATE habits SET folded_reach = 6 WHERE id = {walk}")
    assert amounts()[walk] == {TUESDAY: 10_625}
    execute(f"UPDATE habits SET folded_reach = 7 WHERE id = {walk}")
    assert amounts()[walk] == {TUESDAY: 10_625, date(2026, 3, 1): 7_000}
