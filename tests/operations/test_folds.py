"""The stored fold of a habit: whatever is pressed, it is what its days give, and so is the page."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import clock, db
from app.operations import accounts, habits
from app.operations.habits import HabitFields
from app.queries import habit_page
from app.queries.day import read_day
from app.queries.ledger import verify
from app.rules.identity import Actor
from app.rules.outcome import Act, Outcome
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
# Every calendar day that is anywhere just now: Monday in Pago Pago, Wednesday in Kiritimati.
THREE_DAYS_AT_ONCE = datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
WEST, EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"


def do(act: Callable[..., object], *arguments: object) -> None:
    with db.transaction() as session:
        act(session, *arguments)


def live_in(me: Actor, zone: str) -> None:
    do(accounts.set_preferences, me, None, zone)


def keep_days(me: Actor, habit_id: int, *back: int) -> None:
    """Keep the habit on days so far back from Tuesday, in this order."""
    for days in back:
        make.keep(me, habit_id, TUESDAY - days * DAY)


def stored() -> tuple[date | None, int, int, int]:
    """Return the fold that the one habit stores: through which day, run, best, and days kept."""
    with db.reading() as session:
        fold = text("SELECT folded_on, folded_run, folded_best, folded_kept FROM habits")
        return tuple(session.execute(fold).one())


def said(me: Actor, outcome: Outcome) -> tuple[int, int, int]:
    """Return run, best and days kept in all: in the answer as on the habit's page.

    The stored fold is that of all days, and the total of the page that of all commits.
    """
    who, row = make.claims(me), outcome.row
    with db.reading() as session:
        day = read_day(session, who, clock.now(), habit_id=row.id)
        page = habit_page.page(session, who, row.id, day)
        kept = text("SELECT count(*) FROM commits WHERE habit_id = :habit")
        commits = session.scalar(kept, {"habit": row.id})
        assert list(verify.differences(session)) == []
    assert page.row == row
    assert page.total == commits
    return row.streak, row.best, page.total


def test_a_press_stores_the_fold_through_the_last_day_that_is_closed_for_good(world: World):
    keep_days(world.ada, world.habit, 9, 8, 6, 5, 4, 3, 1)
    outcome = make.keep(world.ada, world.habit)
    # A shield held the seventh day back; for the second there was none.
    assert said(world.ada, outcome) == (2, 6, 8)
    assert stored() == (TUESDAY - 3 * DAY, 6, 6, 6)


def test_a_press_folds_the_days_that_have_gone_by_since_the_last_one(world: World, at: Callable):
    keep_days(world.ada, world.habit, 4, 3, 2, 1, 0)
    at(NOON + DAY)
    assert said(world.ada, make.keep(world.ada, world.habit)) == (6, 6, 6)
    assert stored() == (TUESDAY - 2 * DAY, 3, 3, 3)
    at(NOON + 2 * DAY)
    assert said(world.ada, make.keep(world.ada, world.habit)) == (7, 7, 7)
    at(NOON + 12 * DAY)
    assert said(world.ada, make.keep(world.ada, world.habit)) == (1, 7, 8)
    assert stored() == (TUESDAY + 9 * DAY, 0, 7, 7)
    at(NOON + 13 * DAY)
    undone = make.take_back(world.ada, world.habit, TUESDAY + 12 * DAY)
    assert said(world.ada, undone) == (0, 7, 7)


@pytest.mark.parametrize("back", [2, 3, 4, 9, 20])
def test_a_press_on_a_day_that_is_folded_folds_again(world: World, back: int):
    day = TUESDAY - back * DAY
    keep_days(world.ada, world.habit, *(days for days in range(30, -1, -1) if days != back))
    before, fold = make.keep(world.ada, world.habit), stored()
    assert said(world.ada, before) == (30, 30, 30)
    filled = make.keep(world.ada, world.habit, day, key="filled")
    assert (filled.act, filled.kept) == (Act.KEPT, True)
    assert said(world.ada, filled) == (31, 31, 31)
    assert make.keep(world.ada, world.habit, day).act is Act.UNCHANGED
    undone = make.take_back(world.ada, world.habit, day)
    assert (undone.act, undone.kept) == (Act.UNDONE, False)
    assert said(world.ada, undone) == (30, 30, 30)
    assert stored() == fold


def test_what_a_folded_day_earns_follows_from_the_run_that_ends_on_it(world: World):
    keep_days(world.ada, world.habit, *range(30, 5, -1), 4, 3, 2, 1, 0)
    # Of the 26 up to it; all 31 would have earned 15.
    assert make.keep(world.ada, world.habit, TUESDAY - 5 * DAY).amount == 14


@pytest.mark.parametrize("first", [date(2025, 12, 1), TUESDAY - 9 * DAY])
def test_after_another_first_day_presses_go_on_from_its_fold(world: World, first: date):
    keep_days(world.ada, world.habit, 9, 8, 7, 5, 4, 1)
    do(habits.edit, world.ada, world.habit, HabitFields("Read", "easy", first))
    assert stored() == (TUESDAY - 3 * DAY, 0, 5, 5)
    assert said(world.ada, make.keep(world.ada, world.habit)) == (2, 5, 7)
    filled = make.keep(world.ada, world.habit, TUESDAY - 6 * DAY)
    assert said(world.ada, filled) == (2, 6, 8)


def test_days_before_a_first_day_that_was_are_kept_and_folded(world: World):
    fresh = make.habit(world.ada, world.pillar, "Walk")
    make.keep(world.ada, fresh)
    do(habits.edit, world.ada, fresh, HabitFields("Walk", "easy", TUESDAY - 40 * DAY))
    for back in (40, 39, 1):
        outcome = make.keep(world.ada, fresh, TUESDAY - back * DAY)
    assert said(world.ada, outcome) == (2, 2, 4)


@pytest.mark.parametrize("zones", [(WEST, EAST), (EAST, WEST)], ids=["eastward", "westward"])
def test_presses_in_two_zones_fold_the_same_days(
    world: World, at: Callable, zones: tuple[str, str]
):
    at(THREE_DAYS_AT_ONCE)
    monday, wednesday = TUESDAY - DAY, TUESDAY + DAY
    today = {WEST: monday, EAST: wednesday}
    for zone in (*zones, *zones):
        live_in(world.ada, zone)
        for back in (0, 1, 3, 4, 5):
            day = today[zone] - back * DAY
            said(world.ada, make.keep(world.ada, world.habit, day))
        said(world.ada, make.take_back(world.ada, world.habit, today[zone] - 3 * DAY))
        said(world.ada, make.keep(world.ada, world.habit, today[zone] - 3 * DAY))
    at(NOON + DAY)
    live_in(world.ada, "UTC")
    # In the west Wednesday to Friday, Sunday and Monday; in the east the rest up to Wednesday.
    outcome = make.keep(world.ada, world.habit, TUESDAY)
    assert said(world.ada, outcome) == (8, 8, 8)


def test_a_day_that_was_closed_in_the_east_is_pressed_in_the_west(world: World, at: Callable):
    at(THREE_DAYS_AT_ONCE)
    live_in(world.ada, EAST)
    keep_days(world.ada, world.habit, 4, 3, 2, 1, 0, -1)
    assert stored() == (TUESDAY - 2 * DAY, 3, 3, 3)
    live_in(world.ada, WEST)
    # What lies ahead there was kept all the same, and counts when its day has come.
    again = make.keep(world.ada, world.habit, TUESDAY + DAY)
    assert (again.act, again.kept) == (Act.UNCHANGED, True)
    assert said(world.ada, again) == (4, 4, 6)
    undone = make.take_back(world.ada, world.habit, TUESDAY - 2 * DAY)
    assert said(world.ada, undone) == (3, 3, 5)
    assert stored() == (TUESDAY - 4 * DAY, 1, 1, 1)
    at(NOON + DAY)
    live_in(world.ada, "UTC")
    kept = make.keep(world.ada, world.habit, TUESDAY - 2 * DAY)
    assert said(world.ada, kept) == (6, 6, 6)


def test_a_habit_whose_fold_is_not_known_has_it_after_the_next_press(world: World):
    keep_days(world.ada, world.habit, 9, 8, 7, 2, 1)
    do(lambda session: session.execute(text("UPDATE habits SET folded_on = NULL")))
    outcome = make.keep(world.ada, world.habit)
    assert said(world.ada, outcome) == (3, 3, 6)
    assert stored() == (TUESDAY - 3 * DAY, 0, 3, 3)


def test_a_worker_of_the_version_before_begins_its_fold_anew_and_ours_is_not_believed(world: World):
    def theirs() -> date | None:
        with db.reading() as session:
            return session.scalar(text("SELECT closed_on FROM habits"))

    keep_days(world.ada, world.habit, 9, 8, 7, 6, 2, 1)
    assert theirs() is None
    # It presses as it knows, and says nothing of a fold of ours.
    do(
        lambda session: session.execute(
            text("""
                UPDATE habits SET closed_on = :closed, closed_run = 2, closed_best = 4,
                    closed_kept = 4, folded_best = folded_best + 40""").bindparams(
                closed=TUESDAY - 5 * DAY
            )
        )
    )
    with db.reading() as session:
        assert list(verify.differences(session)) == []
    assert said(world.ada, make.keep(world.ada, world.habit)) == (3, 4, 7)
    assert theirs() is None


def test_other_habits_are_believed_when_a_day_before_their_fold_is_pressed(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=TUESDAY - 20 * DAY)
    for back in (5, 4, 0):
        make.keep(world.ada, walk, TUESDAY - back * DAY)
    outcome = make.keep(world.ada, world.habit, TUESDAY - 10 * DAY)
    assert (outcome.pet.kept, outcome.pillars[0].kept) == (1, 1)
    assert said(world.ada, make.keep(world.ada, world.habit))[:2] == (1, 1)
