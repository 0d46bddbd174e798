"""Rests as they are begun, changed, ended and deleted; days that are skipped; the archive."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import habits, history, pillars, rests, sessions
from app.operations.rests import RestFields
from app.rules.errors import Invalid, NotYours, SessionEnded
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
FOREVER = RestFields(None, None, None, "")


def do(act: Callable[..., Any], *arguments: object, **more: object) -> Any:
    with db.transaction() as session:
        return act(session, *arguments, **more)


def rows(statement: str) -> list[tuple[Any, ...]]:
    with db.reading() as reading:
        return [tuple(row) for row in reading.execute(text(statement))]


def stored() -> list[tuple[Any, ...]]:
    """Return what rests are stored: kind, pillar, habit, first and last day."""
    return rows(
        "SELECT kind, pillar_id, habit_id, starts_on, ends_on FROM rests ORDER BY starts_on, id"
    )


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of all habits that were folded again."""
    ids: list[int] = []
    fold_again = history.fold_again

    def listed(session: Any, user_id: int, habit_ids: list[int], today: date) -> None:
        ids.extend(habit_ids)
        fold_again(session, user_id, habit_ids, today)

    monkeypatch.setattr(history, "fold_again", listed)
    return ids


ON_ONE = [(rests.edit, {"reason": "ill"}), (rests.end, {}), (rests.delete, {})]


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_a_strangers_rest_is_not_there(world: World, act: Callable, more: dict):
    for absent in (world.rest, 2**63 - 1):
        with pytest.raises(NotYours):
            do(act, world.bob, absent, **more)
    assert len(stored()) == 1


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_an_ended_sign_in_changes_no_rest_and_each_act_counts_once(
    world: World, act: Callable, more: dict
):
    rest, before = world.rest, rows("SELECT version FROM users")
    do(act, world.ada, rest, **more)
    assert rows("SELECT version - 1 FROM users") == before
    do(sessions.end, world.ada)
    for write, arguments in ((act, (rest,)), (rests.skip, (1,)), (rests.unskip, (1,))):
        with pytest.raises(SessionEnded):
            do(write, world.ada, *arguments)
    with pytest.raises(SessionEnded):
        do(rests.create, world.ada, FOREVER)


@pytest.mark.parametrize("act", [rests.edit, rests.end, rests.delete])
def test_a_skip_and_the_archive_are_no_rests_to_be_changed(world: World, act: Callable):
    do(rests.skip, world.ada, world.habit)
    do(habits.archive, world.ada, world.habit)
    for (rest_id,) in rows("SELECT id FROM rests"):
        with pytest.raises(NotYours):
            do(act, world.ada, rest_id)
    assert len(stored()) == 2


def test_a_rest_begins_today_and_has_no_end_unless_it_is_said(world: World):
    make.rest(world.ada)
    make.rest(world.ada, world.pillar, TUESDAY + DAY, TUESDAY + 2 * DAY)
    assert stored() == [
        ("rest", None, None, TUESDAY, None),
        ("rest", world.pillar, None, TUESDAY + DAY, TUESDAY + 2 * DAY),
    ]


def test_whoever_was_away_for_long_may_rest_from_the_day_after_the_last_keep(world: World):
    make.keep(world.ada, world.habit, date(2026, 2, 1))
    with pytest.raises(Invalid):
        make.rest(world.ada, starts_on=date(2026, 2, 1))
    make.rest(world.ada, starts_on=date(2026, 2, 2))
    # Also when they begin their first day back with a commit.
    make.keep(world.ada, world.habit, TUESDAY)
    make.rest(world.ada, starts_on=date(2026, 2, 2))
    make.keep(world.ada, world.habit, TUESDAY - DAY)
    with pytest.raises(Invalid):
        make.rest(world.ada, starts_on=date(2026, 2, 2))


def test_what_is_not_changed_stays_also_where_the_window_has_moved_on(world: World, at: Callable):
    rest = make.rest(world.ada, world.pillar, TUESDAY - 14 * DAY, None, "ill")
    at(NOON + timedelta(days=60))
    do(rests.edit, world.ada, rest, ends_on=TUESDAY)
    assert stored() == [("rest", world.pillar, None, TUESDAY - 14 * DAY, TUESDAY)]
    do(rests.edit, world.ada, rest, reason="", pillar_id=None)
    assert stored() == [("rest", None, None, TUESDAY - 14 * DAY, TUESDAY)]
    with pytest.raises(Invalid):
        do(rests.edit, world.ada, rest, ends_on=TUESDAY + DAY)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "left"),
    [
        (TUESDAY, None, []),
        (TUESDAY + DAY, None, []),
        (TUESDAY - DAY, None, [(TUESDAY - DAY, TUESDAY - DAY)]),
        (TUESDAY - 9 * DAY, TUESDAY + DAY, [(TUESDAY - 9 * DAY, TUESDAY - DAY)]),
        (TUESDAY - 9 * DAY, TUESDAY - 5 * DAY, [(TUESDAY - 9 * DAY, TUESDAY - 5 * DAY)]),
    ],
)
def test_a_rest_that_is_ended_today_lasted_through_yesterday(
    world: World, folded: list[int], starts_on: date, ends_on: date | None, left: list
):
    assert world.habit
    rest = make.rest(world.ada, starts_on=starts_on, ends_on=ends_on)
    folded.clear()
    do(rests.end, world.ada, rest)
    assert rows("SELECT starts_on, ends_on FROM rests") == left
    # What is over stays as it was.
    assert folded == []


def test_what_rested_on_closed_days_is_folded_again_and_nothing_else(
    world: World, folded: list[int]
):
    here = world.habit
    there = make.habit(world.ada, make.pillar(world.ada, "Mind"), starts_on=date(2026, 1, 1))
    make.rest(world.ada)
    make.rest(world.ada, world.pillar, TUESDAY, TUESDAY)
    do(rests.skip, world.ada, here)
    assert folded == []

    rest = make.rest(world.ada, world.pillar, TUESDAY - DAY)
    assert folded == [here]
    folded.clear()
    do(rests.edit, world.ada, rest, reason="ill")
    do(rests.edit, world.ada, rest, ends_on=TUESDAY - DAY)
    assert folded == []
    do(rests.edit, world.ada, rest, pillar_id=None, starts_on=TUESDAY, ends_on=None)
    assert folded == [here, there]
    do(rests.edit, world.ada, rest, starts_on=TUESDAY - DAY)
    folded.clear()
    do(rests.delete, world.ada, rest)
    assert folded == [here, there]
    folded.clear()
    do(rests.skip, world.ada, there, TUESDAY - DAY)
    do(rests.unskip, world.ada, there, TUESDAY - DAY)
    assert folded == [there, there]


def test_a_habit_that_has_moved_out_of_a_pillar_is_folded_with_it(world: World, folded: list[int]):
    habit, second = world.habit, make.pillar(world.ada, "Mind")
    do(habits.move_to, world.ada, habit, second)
    make.rest(world.ada, world.pillar, TUESDAY - DAY)
    assert folded == [habit]


def test_a_day_that_is_skipped_twice_is_skipped_once(world: World):
    do(rests.skip, world.ada, world.habit)
    do(rests.skip, world.ada, world.habit, TUESDAY, "ill")
    do(rests.skip, world.ada, world.habit, TUESDAY)
    assert rows("SELECT kind, habit_id, starts_on, ends_on, reason FROM rests") == [
        ("skip", world.habit, TUESDAY, TUESDAY, "ill")
    ]
    do(rests.unskip, world.ada, world.habit, TUESDAY - DAY)
    assert len(stored()) == 1
    do(rests.unskip, world.ada, world.habit)
    do(rests.unskip, world.ada, world.habit)
    assert stored() == []


def test_any_day_from_the_habits_first_to_today_can_be_skipped(world: World):
    do(rests.skip, world.ada, world.habit, date(2026, 1, 1))
    for day in (date(2025, 12, 31), TUESDAY + DAY):
        with pytest.raises(Invalid):
            do(rests.skip, world.ada, world.habit, day)
    assert stored() == [("skip", None, world.habit, date(2026, 1, 1), date(2026, 1, 1))]


@pytest.fixture(params=["habit", "pillar"])
def thing(request: pytest.FixtureRequest, world: World) -> "Thing":
    """What can be archived: a habit, or the pillar that it is in."""
    return Thing(world, request.param == "habit")


class Thing:
    """A habit or a pillar, archived and restored alike."""

    def __init__(self, world: World, is_habit: bool) -> None:
        self.world, self.habit = world, world.habit
        self.room: Any = habits if is_habit else pillars
        self.key = world.habit if is_habit else world.pillar
        self.subject = (None, world.habit) if is_habit else (world.pillar, None)

    def archive(self) -> None:
        do(self.room.archive, self.world.ada, self.key)

    def restore(self) -> None:
        do(self.room.restore, self.world.ada, self.key, 100)

    def rests(self, *span: date | None) -> bool:
        return stored() == ([("archive", *self.subject, *span)] if span else [])


def test_the_archive_is_a_rest_until_the_day_before_the_return(thing: Thing, at: Callable):
    thing.archive()
    assert thing.rests(TUESDAY, None)
    at(NOON + 5 * DAY)
    thing.archive()
    assert thing.rests(TUESDAY, None)
    thing.restore()
    thing.restore()
    assert thing.rests(TUESDAY, TUESDAY + 4 * DAY)


def test_a_day_that_is_kept_does_not_lie_in_the_archive(thing: Thing, at: Callable):
    make.keep(thing.world.ada, thing.habit)
    thing.archive()
    assert thing.rests(TUESDAY + DAY, None)
    at(NOON + DAY)
    thing.restore()
    assert thing.rests()


def test_what_comes_back_on_the_same_day_did_not_rest(thing: Thing):
    thing.archive()
    thing.restore()
    assert thing.rests()


@pytest.mark.parametrize("is_kept", [False, True])
def test_what_an_older_version_archived_rested_too(
    thing: Thing, at: Callable, folded: list[int], is_kept: bool
):
    if is_kept:
        make.keep(thing.world.ada, thing.habit)
    thing.archive()
    execute("DELETE FROM rests")
    at(NOON + 5 * DAY)
    thing.restore()
    assert thing.rests(TUESDAY + (DAY if is_kept else 0 * DAY), TUESDAY + 4 * DAY)
    assert folded == [thing.habit]


def test_what_an_older_version_archived_today_did_not_rest(thing: Thing, folded: list[int]):
    thing.archive()
    execute("DELETE FROM rests")
    thing.restore()
    assert thing.rests()
    assert folded == []


def test_what_an_older_version_restored_has_one_rest_in_the_archive(thing: Thing, at: Callable):
    thing.archive()
    execute("UPDATE habits SET archived_at = NULL")
    execute("UPDATE pillars SET archived_at = NULL")
    execute("UPDATE users SET pillar_count = 1")
    at(NOON + 5 * DAY)
    thing.archive()
    assert thing.rests(TUESDAY, None)


def homes() -> list[tuple[Any, ...]]:
    return rows("SELECT habit_id, until, pillar_id FROM homes ORDER BY until")


def test_a_habit_that_moves_lived_where_it_was_through_yesterday(world: World, at: Callable):
    a, habit = world.pillar, world.habit
    b, c = make.pillar(world.ada, "Mind"), make.pillar(world.ada, "Work")
    do(habits.move_to, world.ada, habit, a)
    assert homes() == []
    do(habits.move_to, world.ada, habit, b)
    do(habits.move_to, world.ada, habit, c)
    assert homes() == [(habit, TUESDAY - DAY, a)]
    do(habits.move_to, world.ada, habit, a)
    assert homes() == []
    do(habits.move_to, world.ada, habit, b)
    at(NOON + DAY)
    do(habits.move_to, world.ada, habit, c)
    do(habits.move_to, world.ada, habit, a)
    assert homes() == [(habit, TUESDAY - DAY, a), (habit, TUESDAY, b)]


def test_a_day_that_comes_twice_to_who_flies_west_has_one_move(world: World, at: Callable):
    a, b, c = world.pillar, make.pillar(world.ada, "Mind"), make.pillar(world.ada, "Work")
    at(NOON + DAY)
    do(habits.move_to, world.ada, world.habit, b)
    at(NOON)
    do(habits.move_to, world.ada, world.habit, c)
    assert homes() == [(world.habit, TUESDAY, a)]


def test_a_habit_keeps_the_rests_that_it_had_in_a_pillar_which_goes(
    world: World, at: Callable, folded: list[int]
):
    a, habit, ada = world.pillar, world.habit, world.ada
    b, c = make.pillar(ada, "Mind"), make.pillar(ada, "Work")
    make.habit(ada, b, "Stays and goes with it", starts_on=date(2026, 1, 1))
    do(habits.move_to, ada, habit, b)
    at(NOON + 3 * DAY)
    do(habits.move_to, ada, habit, c)
    make.rest(ada, a, TUESDAY - 9 * DAY, TUESDAY - 8 * DAY)
    make.rest(ada, b, TUESDAY - 5 * DAY)
    make.rest(ada, b, TUESDAY + 3 * DAY)
    folded.clear()
    do(pillars.delete, ada, b)
    assert stored() == [
        ("rest", a, None, TUESDAY - 9 * DAY, TUESDAY - 8 * DAY),
        ("rest", None, habit, TUESDAY, TUESDAY + 2 * DAY),
    ]
    assert homes() == [(habit, TUESDAY - DAY, a)]
    assert folded == [habit]
