"""Amounts, pressed: what a day or a week comes to, when that keeps it, and what an undo takes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.facts import habits as facts
from app.infra import clock, db
from app.queries.day import read_day
from app.queries.ledger import verify
from app.rules.amounts import as_typed
from app.rules.errors import Archived, Invalid
from app.rules.mood import Mood
from app.rules.outcome import Act, Counted, DayState, HabitRow, Outcome
from tests import world as make
from tests.views.database import changed, contents, execute, scalar
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
MONDAY = TUESDAY - DAY
JANUARY = date(2026, 1, 1)

PAGES = {"kind": "at_least", "target": "50", "step": "10", "unit": "pages"}
WEEK = PAGES | {"schedule": "weekly", "target": "100"}
MONTH = PAGES | {"schedule": "monthly", "target": "100"}
COFFEE = {"kind": "at_most", "target": "2", "unit": "coffees"}


def counted(world: World, starts_on: date = JANUARY, **terms: str) -> int:
    return make.habit(world.ada, world.pillar, "Read", "normal", starts_on, **terms)


def stands(world: World, outcome: Outcome) -> HabitRow:
    """Return the habit as the answer to a press and its page show it alike; the books agree."""
    who, habit = make.claims(world.ada), outcome.row.id
    with db.reading() as reading:
        assert list(verify.differences(reading)) == []
        day = read_day(reading, who, clock.now(), habit_id=habit)
    found = day.board.habit(habit)
    assert found is not None
    assert (day.board.row(found), day.pet) == (outcome.row, outcome.pet)
    return outcome.row


def shown(row: HabitRow) -> Counted:
    assert row.counted is not None
    return row.counted


def kept() -> list[str]:
    with db.reading() as reading:
        days = reading.exec_driver_sql("SELECT day FROM commits ORDER BY day").scalars()
        return [f"{day:%a}" for day in days]


# What is done, and then: the amount of the day or the period, the days with a commit, and the XP.
# "+10" adds on Tuesday, the day that is today, "+10 Mon" on Monday; "press" adds the step of 10.
STEPS = {
    "a step a press": (PAGES, [("press", "10", [], 0), ("press", "20", [], 0)]),
    "the target is reached": (PAGES, [("+40", "40", [], 0), ("press", "50", ["Tue"], 10)]),
    "more is added": (PAGES, [("+50", "50", ["Tue"], 10), ("+9.5", "59.5", ["Tue"], 10)]),
    "more is taken back": (
        PAGES,
        [("+50", "50", ["Tue"], 10), ("+9", "59", ["Tue"], 10), ("undo", "50", ["Tue"], 10)],
    ),
    "the newest goes first": (
        PAGES, [("+5", "5", [], 0), ("+50", "55", ["Tue"], 10), ("undo", "5", [], 0)]
    ),
    "below the target": (
        PAGES,
        [("+45", "45", [], 0), ("+5", "50", ["Tue"], 10), ("+1", "51", ["Tue"], 10),
         ("undo", "50", ["Tue"], 10), ("undo", "45", [], 0), ("undo", "0", [], 0),
         ("undo", "0", [], 0)],
    ),
    "another day": (PAGES, [("+50 Mon", "0", ["Mon"], 10), ("undo Mon", "0", [], 0)]),
    "thousandths": (
        PAGES | {"target": "0.3"},
        [("+0.1", "0.1", [], 0), ("+0.1", "0.2", [], 0), ("+0.1", "0.3", ["Tue"], 10)],
    ),
    "a week": (
        WEEK,
        [("+60 Mon", "60", [], 0), ("+40", "100", ["Tue"], 10), ("+5 Mon", "105", ["Tue"], 10)],
    ),
    "a week reached by a day before": (
        WEEK, [("+60", "60", [], 0), ("+40 Mon", "100", ["Mon"], 10), ("+1", "101", ["Mon"], 10)]
    ),
    "a week and its commit on another day": (
        WEEK,
        [("+60 Mon", "60", [], 0), ("+50", "110", ["Tue"], 10), ("undo Mon", "50", [], 0),
         ("+50 Mon", "100", ["Mon"], 10), ("undo", "50", [], 0)],
    ),
    "the commit of a week stands on a day without an amount": (
        WEEK,
        [("+60 Mon", "60", [], 0), ("+40", "100", ["Tue"], 10), ("+40 Mon", "140", ["Tue"], 10),
         ("undo", "100", ["Tue"], 10), ("undo", "100", ["Tue"], 10), ("undo Mon", "60", [], 0)],
    ),
    "a month": (
        MONTH, [("+99", "99", [], 0), ("+1 Mon", "100", ["Mon"], 10), ("undo", "1", [], 0)]
    ),
    "some days of the week": (
        PAGES | {"schedule": "weekdays", "weekdays": ["1"]}, [("+50", "50", ["Tue"], 10)]
    ),
    "every few days": (
        PAGES | {"schedule": "every", "every": "3"},
        [("+30", "30", [], 0), ("+20", "50", ["Tue"], 10)],
    ),
    "at most is added to and never kept": (
        COFFEE, [("press", "1", [], 0), ("press", "2", [], 0), ("press", "3", [], 0),
                 ("undo", "2", [], 0)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STEPS)
def test_what_amounts_come_to(world: World, case: str):
    terms, steps = STEPS[case]
    habit = counted(world, **terms)
    for said, amount, days, xp in steps:
        outcome = do(world, habit, said)
        assert (as_typed(shown(stands(world, outcome)).amount), kept()) == (amount, days), said
        assert (outcome.pet.xp, outcome.pillars[0].xp) == (xp, xp), said


def do(world: World, habit: int, said: str) -> Outcome:
    act, _space, name = said.partition(" ")
    day = MONDAY if name else None
    if act == "press":
        return make.keep(world.ada, habit, day)
    if act == "undo":
        return make.take_back(world.ada, habit, day)
    return make.add(world.ada, habit, act.removeprefix("+"), day)


def test_what_a_key_has_added_is_added_once(world: World):
    habit = counted(world, **PAGES)
    make.add(world.ada, habit, "30", key="one")
    before = contents()
    again = make.add(world.ada, habit, "30", key="one")
    assert (again.act, stands(world, again).counted) == (Act.UNCHANGED, shown(again.row))
    assert contents() == before
    make.add(world.ada, habit, "30", key="two")
    late = make.take_back(world.ada, habit, key="back")
    assert (late.act, late.amount) == (Act.UNDONE, 10)
    # What was undone since is not added again, and the undo of before takes nothing more.
    assert make.add(world.ada, habit, "30", key="two").act is Act.UNCHANGED
    assert make.take_back(world.ada, habit, key="back").act is Act.UNCHANGED
    assert shown(make.take_back(world.ada, habit, key="more").row).amount == 0
    with pytest.raises(Invalid):
        make.keep(world.ada, habit, key="two")
    with pytest.raises(Invalid):
        make.add(world.ada, habit, "1", key="back")


def test_a_key_is_known_by_its_amount_when_the_press_is_forgotten(world: World):
    habit = counted(world, **PAGES)
    other = counted(world, **PAGES)
    make.add(world.ada, habit, "30", key="one")
    execute("DELETE FROM presses")
    assert make.add(world.ada, habit, "30", key="one").act is Act.UNCHANGED
    with pytest.raises(Invalid):
        make.add(world.ada, other, "30", key="one")


def test_a_partial_day_wakes_the_pet_and_taking_it_back_lets_it_sleep(world: World, at: Callable):
    habit = counted(world, TUESDAY, **PAGES)
    make.add(world.ada, habit, "1", key="first")
    at(NOON + 4 * DAY)
    who = make.claims(world.ada)
    with db.reading() as reading:
        day = read_day(reading, who, clock.now())
    assert day.pet.mood is Mood.ASLEEP
    woken = make.add(world.ada, habit, "1")
    assert (stands(world, woken).state, woken.pet.mood) == (DayState.PARTIAL, Mood.EAGER)
    asleep = make.take_back(world.ada, habit)
    assert (stands(world, asleep).state, asleep.pet.mood) == (DayState.OPEN, Mood.ASLEEP)
    # Three days ago is not long enough ago, and stands where a fold looks no more.
    at(NOON + 3 * DAY)
    make.add(world.ada, habit, "1")
    awake = make.take_back(world.ada, habit)
    stands(world, awake)
    assert awake.pet.mood is Mood.EAGER


def test_a_change_of_terms_writes_and_takes_no_commit(world: World):
    habit = counted(world, **PAGES)
    make.add(world.ada, habit, "50")
    make.other_terms(world.ada, habit, target="100")
    for said, amount, days in (
        # What was kept by less stays, and more of it is no second one.
        ("+10", "60", ["Tue"]), ("undo", "50", ["Tue"]), ("+60", "110", ["Tue"]),
        ("undo", "50", []), ("undo", "0", []),
    ):  # fmt: skip
        outcome = do(world, habit, said)
        assert (as_typed(shown(outcome.row).amount), kept()) == (amount, days), said
    make.add(world.ada, habit, "30")
    make.other_terms(world.ada, habit, target="20")
    assert kept() == []
    # A lowered target that is met already is kept by the next amount or press.
    assert (make.keep(world.ada, habit).act, kept()) == (Act.KEPT, ["Tue"])


def test_a_day_that_was_ticked_stays_kept_when_an_amount_is_asked_for(world: World):
    make.keep(world.ada, world.habit)
    make.other_terms(world.ada, world.habit, **PAGES)
    added = make.add(world.ada, world.habit, "10")
    assert (added.act, added.row.done, kept()) == (Act.ADDED, True, ["Tue"])
    assert make.add(world.ada, world.habit, "60").pet.xp == 10
    acts = [make.take_back(world.ada, world.habit) for _ in range(3)]
    assert [act.act for act in acts] == [Act.UNDONE, Act.TAKEN, Act.UNCHANGED]
    assert stands(world, acts[-1]).counted is not None
    make.other_terms(world.ada, world.habit, kind="check")
    assert (make.keep(world.ada, world.habit).act, kept()) == (Act.KEPT, ["Tue"])


def test_an_amount_below_the_target_leaves_a_tick_that_stood_there_before(world: World):
    make.keep(world.ada, world.habit)
    make.other_terms(world.ada, world.habit, **PAGES)
    make.add(world.ada, world.habit, "10")
    taken = make.take_back(world.ada, world.habit)
    assert (taken.act, stands(world, taken).done) == (Act.TAKEN, True)
    undone = make.take_back(world.ada, world.habit)
    assert (undone.act, undone.amount, stands(world, undone).done) == (Act.UNDONE, 10, False)


def test_a_day_of_long_ago_is_counted_earns_nothing_and_folds_again(world: World):
    habit, ago = counted(world, **PAGES), TUESDAY - 20 * DAY
    for back in (20, 19, 18):
        outcome = make.add(world.ada, habit, "50", TUESDAY - back * DAY)
        assert (outcome.act, outcome.amount) == (Act.KEPT, 0)
    stands(world, make.take_back(world.ada, habit, ago))
    with db.reading() as reading:
        (found,) = facts.look(reading, world.ada.user_id)
    assert (found.folded_best, found.folded_kept, found.amounts) == (2, 2, None)
    assert found.counted_on == TUESDAY - 18 * DAY


@pytest.mark.parametrize("at_most", ["daily", "weekly"])
def test_what_was_kept_within_a_limit_is_taken_back_by_going_past_it(world: World, at_most: str):
    habit = counted(world, **COFFEE, schedule=at_most)
    day = TUESDAY - DAY if at_most == "daily" else TUESDAY - 2 * DAY
    early = day if at_most == "daily" else day - 4 * DAY
    execute(
        "INSERT INTO commits (user_id, habit_id, day, created_at, import_id)"
        " VALUES (:me, :habit, :day, now(), 1)",
        me=world.ada.user_id, habit=habit, day=day,
    )  # fmt: skip
    execute("UPDATE habits SET folded_on = NULL")
    for amount, act in (("1", Act.ADDED), ("1", Act.ADDED)):
        assert make.add(world.ada, habit, amount, early).act is act
    assert len(kept()) == 1
    past = make.add(world.ada, habit, "1", early)
    stands(world, past)
    assert (past.act, kept()) == (Act.ADDED, [])
    # Back within it, nobody keeps the day but who collects it.
    stands(world, make.take_back(world.ada, habit, early))
    assert kept() == []


def test_no_amount_is_of_a_day_that_is_not_or_of_an_archived_habit(world: World):
    habit, ticked = counted(world, **PAGES), world.habit
    before = contents()
    for day in (TUESDAY + DAY, JANUARY - DAY):
        with pytest.raises(Invalid):
            make.add(world.ada, habit, "5", day)
        with pytest.raises(Invalid):
            make.keep(world.ada, habit, day)
    with pytest.raises(Invalid, match="counts no amounts"):
        make.add(world.ada, ticked, "5")
    execute("UPDATE habits SET archived_at = now()")
    with pytest.raises(Archived):
        make.add(world.ada, habit, "5")
    assert changed(before, contents()) == {"habits"}
    assert scalar("SELECT count(*) FROM amounts") == 0


def test_a_row_is_of_the_day_it_counts(world: World, at: Callable[..., Any]):
    habit = counted(world, **PAGES)
    make.add(world.ada, habit, "30")
    at(NOON + DAY)
    row = stands(world, make.add(world.ada, habit, "5"))
    assert (as_typed(shown(row).amount), as_typed(shown(row).own)) == ("5", "5")
    assert (shown(row).share, shown(row).next_share, shown(row).reaches) == (10, 30, False)


def test_an_undo_of_a_tick_leaves_the_amounts_of_before(world: World):
    habit = counted(world, **PAGES)
    make.add(world.ada, habit, "10")
    make.other_terms(world.ada, habit, kind="check")
    make.keep(world.ada, habit)
    assert (make.take_back(world.ada, habit).act, kept()) == (Act.UNDONE, [])
    assert scalar("SELECT sum(amount) FROM amounts") == 10
