"""Quiet days of what has a limit, collected: which they are, what each earns, and only once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.rules.errors import Archived, Invalid
from app.rules.outcome import Act
from tests import world as make
from tests.operations.test_amounts import COFFEE, DAY, counted, do, kept, shown, stands
from tests.views.database import contents, execute, scalar
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

# A Tuesday; Monday to Sunday before are the 2nd to the 8th.
LAST_WEEK, LAST_MONTH = date(2026, 3, 8), date(2026, 2, 28)

# Terms, amounts by how many days ago they were, and the days that are quiet then, in days ago.
CASES = {
    "all of a week": (COFFEE, {}, [7, 6, 5, 4, 3, 2, 1]),
    "within the limit": (COFFEE, {1: "2", 2: "1", 3: "0.5"}, [7, 6, 5, 4, 3, 2, 1]),
    "past it": (COFFEE, {1: "2.001", 4: "3"}, [7, 6, 5, 3, 2]),
    "none at all": (COFFEE | {"target": "0"}, {1: "0.001"}, [7, 6, 5, 4, 3, 2]),
    "a week": (COFFEE | {"schedule": "weekly"}, {2: "1", 8: "1"}, [2]),
    "a week past it": (COFFEE | {"schedule": "weekly"}, {2: "1", 8: "1.5"}, []),
    "a week and this one": (COFFEE | {"schedule": "weekly"}, {0: "9", 1: "9"}, [2]),
    "a month that ended longer ago": (COFFEE | {"schedule": "monthly"}, {}, []),
    "what has no limit": (COFFEE | {"kind": "at_least"}, {}, []),
    "a tick": ({}, {}, []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_which_days_are_collected(world: World, case: str):
    terms, amounts, ago = CASES[case]
    habit = counted(world, **terms)
    for back, amount in amounts.items():
        make.add(world.ada, habit, amount, TUESDAY - back * DAY)
    outcome = make.collect(world.ada, habit)
    assert days_kept() == [TUESDAY - back * DAY for back in ago]
    assert outcome.act is (Act.COLLECTED if ago else Act.UNCHANGED)
    row = stands(world, outcome)
    assert row.counted is None or row.counted.quiet == 0
    assert (outcome.day, outcome.kept) == (TUESDAY, False)


def days_kept() -> list[date]:
    days: list[date] = scalar("SELECT coalesce(array_agg(day ORDER BY day), '{}') FROM commits")
    return days


def test_a_month_is_collected_on_its_last_day(world: World, at: Callable):
    habit = counted(world, **COFFEE, schedule="monthly")
    make.add(world.ada, habit, "2", date(2026, 2, 1))
    at(NOON - 3 * DAY)
    # By the end of January there was a month before it too.
    outcome = make.collect(world.ada, habit)
    assert days_kept() == [LAST_MONTH]
    # Two months since the first of January are 60 days, of which 29 since the run's first keep.
    assert outcome.amount == (10 * (60 + 29) + 30) // 60
    stands(world, outcome)


def test_what_rests_is_not_collected_and_neither_is_what_is_cut(world: World):
    habit = counted(world, **COFFEE)
    make.rest(world.ada, world.pillar, TUESDAY - 3 * DAY, TUESDAY - 2 * DAY)
    make.collect(world.ada, habit)
    assert [(TUESDAY - day).days for day in days_kept()] == [7, 6, 5, 4, 1]
    weekly = counted(world, **COFFEE, schedule="weekly")
    make.rest(world.ada, None, TUESDAY - 8 * DAY, TUESDAY - 2 * DAY)
    assert make.collect(world.ada, weekly).act is Act.UNCHANGED


def test_each_day_earns_by_the_run_once_it_has_closed(world: World):
    habit = counted(world, TUESDAY - 9 * DAY, **COFFEE)
    make.add(world.ada, habit, "3", TUESDAY - 4 * DAY)
    make.add(world.ada, habit, "3", TUESDAY - 3 * DAY)
    outcome = make.collect(world.ada, habit)
    earned = scalar("SELECT array_agg(amount ORDER BY day) FROM ledger_entries")
    # Days 3, 4 and 5 of the run; then a shield holds one, and the next one ends it.
    assert earned == [(10 * (60 + run) + 30) // 60 for run in (3, 4, 5, 1, 2)]
    assert (outcome.amount, outcome.pet.xp, outcome.pillars[0].xp) == (sum(earned),) * 3
    assert (outcome.pet.days_kept, stands(world, outcome).streak) == (5, 2)


def test_a_week_is_paid_by_the_days_since_its_run_began(world: World):
    habit = counted(world, date(2026, 2, 23), **COFFEE, schedule="weekly")
    # Two weeks are fourteen days, and the first was kept eight days before.
    assert make.collect(world.ada, habit).amount == (10 * (60 + 8) + 30) // 60


def test_a_day_that_fed_the_pet_already_is_no_second_day(world: World):
    habit = counted(world, TUESDAY - 2 * DAY, **COFFEE)
    make.keep(world.ada, world.habit, TUESDAY - DAY)
    outcome = make.collect(world.ada, habit)
    assert (outcome.pet.days_kept, len(days_kept())) == (2, 3)
    stands(world, outcome)


def test_nothing_is_collected_twice(world: World):
    habit = counted(world, **COFFEE)
    first = make.collect(world.ada, habit, key="one")
    before = contents()
    assert make.collect(world.ada, habit, key="one").act is Act.UNCHANGED
    assert contents() == before
    assert make.collect(world.ada, habit, key="two").act is Act.UNCHANGED
    # One that was taken back can be collected again, by another press.
    stands(world, make.take_back(world.ada, habit, TUESDAY - 5 * DAY))
    late = make.collect(world.ada, habit, key="one")
    assert (late.act, shown(stands(world, late)).quiet) == (Act.UNCHANGED, 1)
    again = make.collect(world.ada, habit, key="three")
    assert (again.act, again.pet.xp) == (Act.COLLECTED, first.pet.xp)
    stands(world, again)
    for press in (make.keep, make.take_back):
        with pytest.raises(Invalid):
            press(world.ada, habit, key="three")


def test_an_amount_that_comes_later_takes_its_day_back(world: World):
    habit = counted(world, TUESDAY - 2 * DAY, **COFFEE)
    make.collect(world.ada, habit)
    for said, days, quiet in (
        ("+2 Mon", ["Sun", "Mon"], 0), ("+1 Mon", ["Sun"], 0), ("undo Mon", ["Sun"], 1),
        ("undo Mon", ["Sun"], 1),
    ):  # fmt: skip
        outcome = do(world, habit, said)
        assert (kept(), shown(stands(world, outcome)).quiet) == (days, quiet), said
    assert outcome.pet.xp == 10


def test_runs_levels_and_an_egg_that_opens_are_told_once(world: World):
    habit = counted(world, **COFFEE)
    outcome = make.collect(world.ada, habit)
    assert {moment.occasion.value for moment in outcome.moments} >= {"hatch", "milestone"}
    assert scalar("SELECT milestone FROM habits") == 30
    many = scalar("SELECT count(*) FROM moments")
    assert many > 2
    for back in range(1, 8):
        make.take_back(world.ada, habit, TUESDAY - back * DAY)
    assert make.collect(world.ada, habit).moments == ()
    assert scalar("SELECT count(*) FROM moments") == many


def test_the_row_knows_what_is_quiet_wherever_its_fold_stands(world: World, at: Callable):
    for schedule in ("daily", "weekly", "monthly"):
        counted(world, **COFFEE, schedule=schedule)
    # Folds are written today, and looked at in the days after.
    execute("UPDATE habits SET folded_on = NULL")
    for habit in scalar("SELECT array_agg(id) FROM habits"):
        make.collect(world.ada, habit)
        make.add(world.ada, habit, "1")
    for later in range(1, 12):
        at(NOON + later * DAY)
        for habit in scalar("SELECT array_agg(id ORDER BY id) FROM habits"):
            whole = make.add(world.ada, habit, "0.001", TUESDAY - 60 * DAY)
            looked = make.add(world.ada, habit, "0.001")
            assert shown(stands(world, looked)).quiet == shown(whole.row).quiet


def test_an_archived_habit_is_not_collected(world: World):
    habit = counted(world, **COFFEE)
    execute("UPDATE habits SET archived_at = now()")
    with pytest.raises(Archived):
        make.collect(world.ada, habit)
    assert days_kept() == []


@pytest.mark.parametrize("many", [1, 7])
def test_it_takes_four_statements(world: World, statements: Callable, many: int):
    habit = counted(world, TUESDAY - timedelta(days=many), **COFFEE)
    with statements() as said:
        make.collect(world.ada, habit, key="k")
    assert len(said) == 4
