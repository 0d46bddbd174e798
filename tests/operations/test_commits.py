"""The commit and the undo: exactly once, all or nothing, XP decided once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, pillars, sessions
from app.operations.commits.statements import READ
from app.queries.ledger import verify
from app.rules.errors import Archived, Invalid, NotYours, SessionEnded
from app.rules.identity import Password
from app.rules.outcome import Act
from tests import world as make
from tests.views.database import fill
from tests.world import NOON, PASSWORD_HASH, TUESDAY, World

YESTERDAY = TUESDAY - timedelta(days=1)

pytestmark = pytest.mark.usefixtures("at")


def differences() -> list[str]:
    with db.reading() as session:
        return list(verify.differences(session))


def count(table: str) -> int:
    with db.reading() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))


def test_a_commit_gives_its_xp_to_the_pillar_and_to_the_pet(world: World):
    outcome = make.keep(world.ada, world.habit)
    assert (outcome.act, outcome.amount, outcome.kept) == (Act.KEPT, 10, True)
    assert (outcome.pet.xp, outcome.pillars[0].xp) == (10, 10)
    assert (outcome.row.done, outcome.row.streak) == (True, 1)
    assert (outcome.pet.kept, outcome.pet.due) == (1, 1)
    assert differences() == []


def test_a_second_commit_on_the_same_day_gives_no_second_reward(world: World):
    make.keep(world.ada, world.habit, key="one")
    again = make.keep(world.ada, world.habit, key="two")
    assert (again.act, again.kept, again.pet.xp) == (Act.UNCHANGED, True, 10)
    assert count("ledger_entries") == 1


def test_an_undo_takes_back_exactly_what_the_commit_gave(world: World):
    for days in range(5, 0, -1):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=days))
    before = make.keep(world.ada, world.habit)
    after = make.take_back(world.ada, world.habit)
    assert (after.act, after.amount, after.kept) == (Act.UNDONE, before.amount, False)
    assert after.pet.xp == before.pet.xp - before.amount
    assert [pillar.id for pillar in after.pillars] == [world.pillar]
    assert (after.row.streak, after.row.best) == (5, 5)
    assert differences() == []


def test_undoing_nothing_changes_nothing(world: World):
    assert make.take_back(world.ada, world.habit).act is Act.UNCHANGED
    assert count("ledger_entries") == 0


def test_a_key_that_came_late_does_not_commit_again_after_an_undo(world: World):
    make.keep(world.ada, world.habit, key="tap")
    make.take_back(world.ada, world.habit, key="undo")
    late = make.keep(world.ada, world.habit, key="tap")
    assert (late.act, late.kept, late.pet.xp) == (Act.UNCHANGED, False, 0)


def test_a_known_key_counts_also_when_the_commit_was_too_old_for_xp(world: World):
    old = TUESDAY - timedelta(days=20)
    assert make.keep(world.ada, world.habit, old, key="old").amount == 0
    make.take_back(world.ada, world.habit, old, key="undo")
    assert make.keep(world.ada, world.habit, old, key="old").act is Act.UNCHANGED


def test_a_new_commit_after_an_undo_is_a_new_commit(world: World):
    make.keep(world.ada, world.habit, key="1")
    make.take_back(world.ada, world.habit, key="2")
    assert make.keep(world.ada, world.habit, key="3").pet.xp == 10
    assert (count("commits"), count("ledger_entries")) == (1, 3)
    assert differences() == []


def test_xp_grows_with_the_run_that_ends_on_the_day(world: World):
    amounts = [
        make.keep(world.ada, world.habit, date(2026, 3, 4) + timedelta(days=n)).amount
        for n in range(7)
    ]
    assert amounts == [10, 10, 11, 11, 11, 11, 11]


def test_filling_in_a_day_joins_two_runs_and_pays_the_run_before_it(world: World):
    for day in (TUESDAY, YESTERDAY, TUESDAY - timedelta(days=3)):
        make.keep(world.ada, world.habit, day)
    filled = make.keep(world.ada, world.habit, TUESDAY - timedelta(days=2))
    assert (filled.row.streak, filled.amount) == (4, 10)
    assert differences() == []


@pytest.mark.parametrize(("days_back", "amount"), [(7, 10), (8, 0)])
def test_xp_is_given_for_the_last_seven_days(world: World, days_back: int, amount: int):
    day = TUESDAY - timedelta(days=days_back)
    assert make.keep(world.ada, world.habit, day).amount == amount
    assert differences() == []


@pytest.mark.parametrize("day", [date(2025, 12, 31), TUESDAY + timedelta(days=1), date(9999, 1, 1)])
def test_a_day_outside_the_habits_days_is_refused(world: World, day: date):
    with pytest.raises(Invalid) as refused:
        make.keep(world.ada, world.habit, day)
    assert "day" in refused.value.errors


def test_a_strangers_habit_is_not_there(world: World):
    with pytest.raises(NotYours):
        make.keep(world.bob, world.habit)
    with pytest.raises(NotYours):
        make.take_back(world.bob, world.habit)


def test_an_ended_sign_in_writes_nothing(world: World):
    habit_id = world.habit
    with db.transaction() as session:
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded):
        make.keep(world.ada, habit_id)
    assert count("commits") == 0


def test_an_ended_sign_in_writes_nothing_though_another_lives(world: World):
    habit_id, ada = world.habit, world.ada
    with db.transaction() as session:
        other = sessions.begin(session, ada.user_id, Password(PASSWORD_HASH))
        sessions.end(session, ada)
    for press in (make.keep, make.take_back):
        with pytest.raises(SessionEnded):
            press(ada, habit_id)
    # Whose sign-in has ended is told so and not what there is.
    for absent in (0, 2**63 - 1):
        with pytest.raises(SessionEnded):
            make.keep(ada, absent)
        with pytest.raises(NotYours):
            make.keep(other, absent)
    assert make.keep(other, habit_id).act is Act.KEPT


def test_an_archived_habit_takes_no_commit(world: World):
    habit_id = world.habit
    with db.transaction() as session:
        habits.archive(session, world.ada, habit_id)
    for press in (make.keep, make.take_back):
        with pytest.raises(Archived, match="Read 10 pages is archived"):
            press(world.ada, habit_id)


def test_a_habit_in_an_archived_pillar_takes_no_commit(world: World):
    habit_id = world.habit
    with db.transaction() as session:
        pillars.archive(session, world.ada, world.pillar)
    for press in (make.keep, make.take_back):
        with pytest.raises(Archived, match="Body is archived"):
            press(world.ada, habit_id)


def test_an_undo_after_a_move_takes_the_xp_from_where_it_was_given(world: World):
    make.keep(world.ada, world.habit)
    other = make.pillar(world.ada, "Mind")
    with db.transaction() as session:
        habits.move_to(session, world.ada, world.habit, other)
    outcome = make.take_back(world.ada, world.habit)
    assert {pillar.id: pillar.xp for pillar in outcome.pillars} == {other: 0, world.pillar: 0}
    assert (outcome.pet.xp, outcome.pet.days_kept) == (0, 0)
    assert differences() == []


def test_deleting_a_habit_keeps_the_xp_and_the_ledger(world: World):
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        habits.delete(session, world.ada, world.habit)
    assert (count("commits"), count("ledger_entries")) == (0, 1)
    assert differences() == []


def test_a_day_counts_once_for_the_pet_however_much_was_kept(world: World):
    second = make.habit(world.ada, world.pillar, "Walk")
    assert make.keep(world.ada, world.habit).pet.days_kept == 1
    assert make.keep(world.ada, second).pet.days_kept == 1
    assert make.take_back(world.ada, second).pet.days_kept == 1
    assert make.take_back(world.ada, world.habit).pet.days_kept == 0
    assert differences() == []


def test_every_write_counts_and_a_repetition_does_not(world: World):
    first = make.keep(world.ada, world.habit, key="1").pet.version
    assert make.keep(world.ada, world.habit, key="1").pet.version == first
    assert make.take_back(world.ada, world.habit, key="2").pet.version == first + 1


def test_commit_and_undo_take_three_statements(world: World, statements):
    habit_id, ada = world.habit, world.ada
    with statements() as committed:
        make.keep(ada, habit_id)
    with statements() as undone:
        make.take_back(ada, habit_id)
    assert (len(committed), len(undone)) == (3, 3)


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Give every table that a plan looks into, and how often it did."""
    if "Relation Name" in plan:
        yield plan["Relation Name"], plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def test_what_stands_for_the_pressed_habit_is_not_looked_up_for_the_others(world: World):
    values = {
        "me": world.ada.user_id, "session": world.ada.credential, "habit": world.habit,
        "day": TUESDAY, "today": TUESDAY, "now": NOON, "key": "1", "pillar": None, "all": False,
        "route": "commit/1",
    }  # fmt: skip
    fill(world.ada, world.pillar, 60)
    with db.reading() as session:
        explained = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {READ.sql}"), values)
    found = list(scans(explained[0]["Plan"]))
    assert max(times for table, times in found if table == "commits") == 61
    assert {times for table, times in found if table in ("pets", "ledger_entries")} <= {0, 1}
    # And of amounts nothing at all, where nothing is counted.
    assert {times for table, times in found if table == "amounts"} == {0}
