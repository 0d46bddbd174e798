"""The course of strength on Look back: of a habit, and of a pillar as the mean of its habits."""

from datetime import date, timedelta

import pytest

from app.infra import clock, db
from app.operations import habits
from app.queries import pillars
from app.queries.day import read_day
from app.queries.stats.kept import Scope
from app.queries.stats.lookback import look_back
from app.queries.stats.strength import Course
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import execute
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
SUNDAY = TUESDAY - 2 * DAY


def see(me: Actor, kind: str, key: int | None, until: date | None = None) -> Course | None:
    who = make.claims(me)
    with db.reading() as session:
        return look_back(session, who, TUESDAY, Scope(kind, key), until).strength


def known(course: Course | None) -> Course:
    assert course is not None
    return course


def row_strength(me: Actor, habit_id: int) -> int:
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, clock.now())
    (row,) = [
        row for pillar in day.person.pillars for row in day.board.rows(pillar.id)
        if row.id == habit_id
    ]  # fmt: skip
    return row.strength


def test_a_perfect_habit_grows_as_loop_says_and_ends_as_its_row(world: World):
    first = date(2026, 1, 12)
    made = make.habit(world.ada, world.pillar, starts_on=first)
    for number in range((TUESDAY - first).days + 1):
        make.keep(world.ada, made, first + number * DAY)
    course = known(see(world.ada, "habit", made))
    # Sundays from the second week on, and today.
    assert [point.day for point in course.points] == [
        *(date(2026, 1, 25) + n * timedelta(weeks=1) for n in range(7)), TUESDAY
    ]  # fmt: skip
    assert course.points[2] == (date(2026, 2, 8), 78)  # 28 perfect days: 0.775
    assert course.first == (date(2026, 1, 25), 53)
    assert course.highest == course.last
    assert course.last.percent == row_strength(world.ada, made)


def test_today_counts_once_it_is_kept_and_an_earlier_year_is_all_closed(world: World):
    before = known(see(world.ada, "habit", world.habit)).last
    make.keep(world.ada, world.habit)
    after = known(see(world.ada, "habit", world.habit)).last
    assert (before.percent, after.percent) == (0, 5)
    assert after.percent == row_strength(world.ada, world.habit)
    assert known(see(world.ada, "habit", world.habit, SUNDAY)).last == (SUNDAY, 0)


def test_a_pillar_is_the_mean_of_its_habits_that_had_begun_the_archived_left_out(world: World):
    me = world.ada
    walk = make.habit(me, world.pillar, "Walk", starts_on=date(2026, 3, 2))
    gone = make.habit(me, world.pillar, "Gone", starts_on=date(2025, 12, 1))
    for back in range(2, 30):
        make.keep(me, world.habit, TUESDAY - back * DAY)
    with db.transaction() as session:
        habits.archive(session, me, gone)
    alone = known(see(me, "habit", world.habit)).points
    mean = known(see(me, "pillar", world.pillar)).points
    # Walk, which was never kept, had not begun before the last week.
    assert mean[:-2] == alone[:-2]
    halves = [round(point.percent / 2) for point in alone[-2:]]
    assert [point.percent for point in mean[-2:]] == pytest.approx(halves, abs=1)
    assert see(me, "habit", gone) is not None
    assert known(see(me, "habit", walk)).points == ((TUESDAY, 0),)


def test_a_pillars_page_tells_what_the_course_ends_with(world: World):
    me, now = world.ada, clock.now()
    who = make.claims(me)

    def told(pillar_id: int) -> int | None:
        with db.reading() as session:
            day = read_day(session, who, now, pillar_id=pillar_id)
            return pillars.one(session, who, pillar_id, day).strength

    make.habit(me, world.pillar, "Walk", starts_on=date(2026, 3, 2))
    gone = make.habit(me, world.pillar, "Gone", starts_on=date(2025, 12, 1))
    for back in range(30):
        make.keep(me, world.habit, TUESDAY - back * DAY)
    with db.transaction() as session:
        habits.archive(session, me, gone)
    assert told(world.pillar) == known(see(me, "pillar", world.pillar)).last.percent == 40
    young = make.pillar(me, "Mind")
    assert told(young) is None
    make.habit(me, young, "New", starts_on=TUESDAY - 6 * DAY)
    assert told(young) is None


def test_nothing_is_told_of_everything_of_no_habit_or_of_the_first_week(world: World):
    made = make.habit(world.ada, world.pillar, starts_on=TUESDAY - 6 * DAY)
    assert see(world.ada, "habit", made) is None
    assert see(world.ada, "pillar", world.pillar) is None
    assert see(world.ada, "all", None) is None
    execute("UPDATE schedules SET starts_on = :day", day=TUESDAY - 7 * DAY)
    assert known(see(world.ada, "habit", made)).points == ((TUESDAY, 0),)
    assert see(world.ada, "pillar", make.pillar(world.ada, "Mind")) is None


@pytest.mark.parametrize("rhythm", ["kind = 'weekly', times = 2", "kind = 'every', every = 4"])
def test_years_before_the_year_are_read_only_as_far_as_they_are_seen(world: World, rhythm: str):
    made = make.habit(world.ada, world.pillar, starts_on=date(2026, 1, 1))
    execute(f"UPDATE schedules SET starts_on = '2015-01-01', {rhythm}")
    for number in range(0, 4000, 3):
        execute(
            "INSERT INTO commits (user_id, habit_id, day, created_at)"
            " VALUES (:me, :habit, :day, now())",
            me=world.ada.user_id, habit=made, day=date(2015, 1, 1) + number * DAY,
        )  # fmt: skip
    course = known(see(world.ada, "habit", made))
    # Kept all those years, as each of them asks for.
    assert {point.percent for point in course.points[:40]} == {100}


def test_a_stranger_finds_nothing(world: World):
    assert world.habit
    assert see(world.bob, "all", None) is None
