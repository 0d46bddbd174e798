"""The page of a habit as it is read: a month, a day, a year, in few statements."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import pillars, rests
from app.queries import habit_page
from app.queries.day import read_day
from app.queries.habit_page import Asked, HabitPage
from app.rules.errors import NotYours
from app.rules.identity import Actor
from app.rules.lookback import Share
from app.rules.marks import State
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)


def see(me: Actor, habit_id: int, day: date | None = None, month: date | None = None) -> HabitPage:
    who = make.claims(me)
    with db.reading() as session:
        shown = read_day(session, who, NOON, habit_id=habit_id)
        return habit_page.page(session, who, habit_id, shown, Asked(day, month))


def states(shown: HabitPage) -> dict[date, State]:
    return {cell.day: cell.state for week in shown.month.weeks for cell in week if cell}


def test_without_a_word_it_shows_today_and_its_month(world: World):
    make.keep(world.ada, world.habit, TUESDAY - 2 * DAY)
    shown = see(world.ada, world.habit)
    assert shown.month.first == date(2026, 3, 1)
    assert shown.one_day
    assert (shown.one_day.day, shown.one_day.state) == (TUESDAY, State.OPEN)
    found = states(shown)
    assert len(found) == 31
    assert [day for day, state in found.items() if state is State.KEPT] == [TUESDAY - 2 * DAY]
    assert found[TUESDAY + DAY] is State.AHEAD
    assert (shown.total, shown.row.streak, shown.row.best) == (1, 0, 1)
    assert shown.lately == Share(1, 30)


def test_a_day_is_shown_in_its_month_with_what_was_said_about_it(world: World):
    day = date(2026, 1, 20)
    make.note(world.ada, world.habit, "Slow.", day)
    with db.transaction() as session:
        rests.skip(session, world.ada, world.habit, day, "ill")
    shown = see(world.ada, world.habit, day)
    assert shown.month.first == date(2026, 1, 1)
    assert shown.one_day
    assert shown.one_day.day == day
    assert (shown.one_day.state, shown.one_day.reason, shown.one_day.note) == (
        State.SKIPPED, "ill", "Slow.",
    )  # fmt: skip
    assert shown.month.has_note


def test_a_month_of_its_own_leaves_the_day_as_it_is(world: World):
    shown = see(world.ada, world.habit, date(2026, 2, 3), date(2026, 1, 9))
    assert shown.month.first == date(2026, 1, 1)
    assert shown.one_day
    assert shown.one_day.day == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date.min, date(2026, 1, 1)), (date(2025, 12, 31), date(2026, 1, 1)),
        (date.max, date(2026, 3, 1)),
    ],
)  # fmt: skip
def test_days_out_of_reach_are_answered_with_what_there_is(world: World, day: date, first: date):
    for asked in ((day, None), (None, day), (day, day)):
        shown = see(world.ada, world.habit, *asked)
        assert shown.month.first == first
        assert shown.one_day
        assert shown.one_day.day == TUESDAY


def test_a_habit_that_has_not_begun_has_no_day(world: World):
    shown = see(world.ada, make.habit_of_tomorrow(world.ada, world.pillar))
    assert shown.one_day is None
    assert set(states(shown).values()) == {State.BEFORE, State.AHEAD}
    assert (shown.year.days, shown.lately, shown.strength) == (0, Share(0, 0), None)


def test_the_shield_names_the_day_that_it_held_as_long_as_that_run_stands(world: World):
    for back in (1, 3, 4):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    assert see(world.ada, world.habit).held == TUESDAY - 2 * DAY
    make.take_back(world.ada, world.habit, TUESDAY - DAY)
    shown = see(world.ada, world.habit)
    assert (shown.held, shown.row.streak) == (None, 0)


def test_the_year_and_the_strengths_end_today(world: World):
    for back in range(1, 9):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    shown = see(world.ada, world.habit)
    assert shown.year.last == TUESDAY
    assert shown.year.days == 8
    assert sum(share.kept for share in shown.year.by_weekday) == 8
    assert shown.strength
    assert shown.strength.last == (TUESDAY, shown.row.strength)
    assert [point.day for point in shown.strength.points][-2] == TUESDAY - timedelta(days=7)
    young = see(world.ada, make.habit(world.ada, world.pillar, starts_on=TUESDAY - 6 * DAY))
    assert young.strength is None


def test_the_calendar_begins_on_the_users_first_day_of_the_week(world: World):
    assert world.habit
    execute("UPDATE users SET week_anchors = '{2000-01-02}'")
    shown = see(world.ada, world.habit)
    assert shown.month.first_day == 6
    assert shown.year.weeks[0][0].day.weekday() == 6


def test_its_pillar_is_known_also_when_it_is_put_away(world: World):
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        pillars.archive(session, world.ada, world.pillar)
    shown = see(world.ada, world.habit)
    assert (shown.pillar.id, shown.pillar.xp, shown.pillar_archived) == (world.pillar, 10, True)


def test_the_total_counts_every_day_also_those_that_are_folded(world: World):
    for back in (60, 40, 3, 1, 0):
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    assert see(world.ada, world.habit).total == 5


def test_a_strangers_habit_is_not_there(world: World):
    for habit_id in (world.habit, 0, 2**63 - 1):
        with pytest.raises(NotYours):
            see(world.bob, habit_id)


@pytest.mark.parametrize("years", [0, 10])
def test_three_statements_read_it_with_ten_years_too(
    world: World, statements: Callable, years: int
):
    starts_on = TUESDAY.replace(year=2026 - years)
    habit_id = make.habit(world.ada, world.pillar, starts_on=starts_on)
    execute(
        "INSERT INTO commits (user_id, habit_id, day, created_at)"
        " SELECT :me, :habit, CAST(day AS date), now()"
        " FROM generate_series(CAST(:first AS date), CAST(:last AS date), '2 days') AS day",
        me=world.ada.user_id, habit=habit_id, first=starts_on, last=TUESDAY,
    )  # fmt: skip
    execute("UPDATE habits SET folded_on = NULL")
    who = make.claims(world.ada)
    with db.reading() as session, statements() as seen:
        day = read_day(session, who, NOON, habit_id=habit_id)
        shown = habit_page.page(session, who, habit_id, day, Asked(month=starts_on))
    assert len(seen) == 3
    assert shown.total == (TUESDAY - starts_on).days // 2 + 1
