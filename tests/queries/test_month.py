"""A month of all habits: what each day became, which habits stand in it, and what is beside it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from app.infra import db
from app.operations import habits, pillars, rests
from app.queries.stats.kept import Past
from app.queries.stats.month import Month, month, row
from app.queries.stats.shelf import ShelfHabit
from app.rules import marks
from app.rules.identity import Actor
from app.rules.marks import State
from app.rules.schedule import month_of
from tests import world as make
from tests.rules import test_rules_fold_random as random_habits
from tests.rules.test_rules_fold_random import Known
from tests.views.database import execute, fill
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
LETTERS = {None: " ", **{state: state[0] for state in State}}


def see(me: Actor, asked: date | None = None, today: date = TUESDAY) -> Month:
    who = make.claims(me)
    with db.reading() as session:
        return month(session, who, today, asked)


def states(shown: Month) -> dict[str, str]:
    """What the days of each habit became, each by its first letter."""
    return {
        found.habit.name: "".join(LETTERS[state] for state in found.states)
        for one in shown.pillars
        for found in one.rows
    }


def test_the_days_of_a_month_by_their_states(world: World):
    me = world.ada
    walk = make.habit(me, world.pillar, "Walk", starts_on=date(2026, 3, 3))
    gym = make.habit(me, world.pillar, "Gym", starts_on=date(2026, 2, 2))
    execute("UPDATE schedules SET kind = 'weekly', times = 3 WHERE habit_id = :gym", gym=gym)
    for day in (3, 4, 9, 10):
        make.keep(me, walk, date(2026, 3, day))
    make.keep(me, gym, date(2026, 3, 2))
    make.rest(me, None, date(2026, 3, 5), date(2026, 3, 6))
    shown = see(me)
    # Two days of rest leave the gym two days a week; it was due on the Sunday, and is asked today.
    assert states(shown) == {
        "Walk": "  kkrrmmkk" + " " * 21,
        "Gym": "ikiirrimio" + " " * 21,
    }
    shares = {found.habit.name: found.share for found in shown.pillars[0].rows}
    assert shares == {"Walk": (4, 6), "Gym": (1, 2)}
    assert shown.share == (5, 8)
    assert (shown.first, len(shown.days)) == (date(2026, 3, 1), 31)
    assert sorted(day.day for day in shown.week_begins) == [2, 9, 16, 23, 30]
    became = {State.KEPT, State.RESTING, State.MISSED, State.OPEN, State.IDLE}
    assert shown.states == {None, *became}


def test_a_day_on_which_a_part_was_done_is_told_by_its_amount(world: World):
    assert world.habit
    execute(
        "UPDATE schedules SET measure = 'at_least', target = 50, step = 5, unit = 'pages',"
        " starts_on = '2026-03-08'"
    )
    execute("UPDATE habits SET counted = true")
    execute(
        "INSERT INTO amounts (user_id, habit_id, day, amount, key, created_at)"
        " VALUES (:me, :habit, '2026-03-09', 35, 'a-key', now())",
        me=world.ada.user_id, habit=world.habit,
    )  # fmt: skip
    assert states(see(world.ada))["Read 10 pages"].strip() == "mpo"


def test_a_day_that_was_skipped_is_told_from_one_of_a_longer_rest(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", starts_on=date(2026, 3, 7))
    make.rest(world.ada, None, date(2026, 3, 7), date(2026, 3, 8))
    with db.transaction() as session:
        rests.skip(session, world.ada, walk, date(2026, 3, 9))
    assert states(see(world.ada))["Walk"].strip() == "rrso"


def test_today_is_open_and_no_part_of_the_share(world: World):
    assert world.habit
    shown = see(world.ada, today=date(2026, 3, 1))
    assert states(shown) == {"Read 10 pages": "o" + " " * 30}
    assert shown.share == (0, 0)


def test_what_comes_every_few_days_knows_its_last_keep_of_long_ago(world: World):
    make.keep(world.ada, world.habit, date(2026, 1, 5))
    execute("UPDATE schedules SET kind = 'every', every = 60, starts_on = '2026-01-01'")
    assert states(see(world.ada))["Read 10 pages"].rstrip() == "iiiiimmmmo"


@pytest.mark.parametrize(
    ("asked", "first", "earlier", "later"),
    [
        (None, "2026-03-01", "2026-02-01", None),
        ("2026-02-28", "2026-02-01", "2026-01-01", "2026-03-01"),
        ("2026-01-01", "2026-01-01", None, "2026-02-01"),
        ("9999-12-31", "2026-03-01", "2026-02-01", None),
        ("0001-01-01", "2000-01-01", None, "2000-02-01"),
    ],
)
def test_the_months_lead_to_each_other(world: World, asked, first, earlier, later):
    assert world.habit
    shown = see(world.ada, asked and date.fromisoformat(asked))
    beside = [day and str(day) for day in (shown.earlier, shown.later)]
    assert [str(shown.first), *beside] == [first, earlier, later]
    assert bool(shown.pillars) == (first >= "2026")


def test_the_archived_stands_in_the_months_in_which_it_was_there(world: World):
    me = world.ada
    mind = make.pillar(me, "Mind")
    gone = make.habit(me, mind, "Gone", starts_on=date(2026, 1, 1))
    execute("UPDATE schedules SET starts_on = '2026-01-01'")
    assert world.habit
    with db.transaction() as session:
        habits.archive(session, me, gone)
        pillars.archive(session, me, world.pillar)
    assert "Gone" in states(see(me))
    assert "Gone" not in states(see(me, today=date(2026, 4, 20)))
    assert "Gone" in states(see(me, date(2026, 2, 1), today=date(2026, 4, 20)))


def test_a_stranger_sees_none_of_it_and_who_has_no_habit_an_empty_month(world: World):
    make.keep(world.ada, world.habit)
    shown = see(world.bob)
    assert (shown.pillars, shown.earlier, shown.share) == ((), None, (0, 0))
    his = make.habit(world.bob, make.pillar(world.bob), "His", starts_on=TUESDAY)
    assert list(states(see(world.bob))) == ["His"]
    assert his


def test_four_statements_however_many_habits_there_are(world: World, statements: Callable):
    make.keep(world.ada, world.habit)
    who, seen = make.claims(world.ada), []
    for _round in range(2):
        with statements() as listed, db.reading() as session:
            month(session, who, TUESDAY)
        seen.append(len(listed))
        fill(world.ada, world.pillar, 60)
    assert seen == [4, 4]


@given(random_habits.habits())
@settings(max_examples=60)
def test_a_month_is_what_the_marks_of_all_days_are(known: Known):
    history, slow, today = known
    if history.timetable.starts_on > today:
        return
    first, last = month_of(today)
    whole = marks.of(history, first, last, today)
    since = first - 31 * DAY
    seen = history._replace(
        days=[day for day in history.days if day < since][-1:]
        + [day for day in history.days if since <= day <= today],
        amounts={day: n for day, n in history.amounts.items() if since <= day <= today},
    )
    habit = ShelfHabit(1, "", "", "", False, 0, 0, 0, 0.0, history.timetable, history.quiet)
    days = [first + n * DAY for n in range(last.day)]
    found = row(Past(habit, seen, 0), days, today)
    by_day = {mark.day: mark.state for mark in whole}
    assert list(found.states) == [by_day.get(day) for day in days]
    begun = [day for day in days if history.timetable.starts_on <= day < today]
    kept = len(slow.kept.intersection([*begun, today]))
    due = sum(slow.asks(day)[0] or day in slow.kept for day in begun) + (today in slow.kept)
    assert found.share == (kept, due)
