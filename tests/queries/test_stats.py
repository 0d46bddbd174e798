"""Looking back as it is read: the year, the totals, the week, the runs, and the week before."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.infra import db
from app.operations import accounts, habits, pillars, rests
from app.queries.stats.kept import Scope
from app.queries.stats.last_week import LastWeek, last_week
from app.queries.stats.lookback import LookBack, look_back
from app.rules.errors import NotYours
from app.rules.identity import Actor
from app.rules.weeks import MONDAYS
from tests import world as make
from tests.views.database import execute, fill
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

_KEEP = "INSERT INTO commits (user_id, habit_id, day, created_at) VALUES (:me, :habit, :day, :now)"
MONDAY = TUESDAY - timedelta(days=1)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def see(me: Actor, scope: Scope | None = None, until: date | None = None) -> LookBack:
    who = make.claims(me)
    with db.reading() as session:
        return look_back(session, who, TUESDAY, scope or Scope(), until)


def week_before(me: Actor, today: date = TUESDAY) -> LastWeek | None:
    who = make.claims(me)
    with db.reading() as session:
        return last_week(session, who, today, MONDAYS)


def back(*days: int) -> list[date]:
    return [TUESDAY - timedelta(days=day) for day in days]


def keep(world: World, habit_id: int, *days_back: int) -> None:
    for day in back(*days_back):
        make.keep(world.ada, habit_id, day)


def counts(shown: LookBack) -> dict[date, int]:
    return {cell.day: cell.kept for week in shown.year.weeks for cell in week if cell.kept}


@pytest.fixture
def walk(world: World) -> int:
    """A habit in Ada's second pillar, Mind."""
    mind = make.pillar(world.ada, "Mind")
    return make.habit(world.ada, mind, "Walk", starts_on=date(2023, 1, 1))


def test_an_account_in_which_nothing_was_kept(world: World):
    shown = see(world.ada)
    assert (shown.totals.days, shown.totals.commits, shown.totals.xp) == (0, 0, 0)
    assert (shown.totals.since, shown.shelf, shown.runs) == (None, (), ())
    assert (shown.year.days, counts(shown)) == (0, {})
    assert (shown.year.first, shown.year.last) == (date(2025, 3, 10), TUESDAY)
    assert (shown.year.earlier, shown.year.later) == (None, None)


def test_a_pillar_without_habits_has_an_empty_year(world: World):
    shown = see(world.ada, Scope("pillar", world.pillar))
    assert (shown.totals.days, shown.totals.commits, shown.totals.since) == (0, 0, None)
    assert (shown.year.commits, counts(shown)) == (0, {})


def test_the_year_counts_the_commits_of_each_day(world: World, walk: int):
    keep(world, world.habit, 0, 1, 2)
    keep(world, walk, 0)
    shown = see(world.ada)
    assert counts(shown) == dict(zip(back(0, 1, 2), (2, 1, 1), strict=True))
    assert (shown.year.commits, shown.year.days) == (4, 3)
    monday, tuesday, *_between, sunday = shown.year.by_weekday
    # Walk was due in the whole year, reading since the first of January; today's count is kept.
    assert (monday, tuesday, sunday) == ((1, 53 + 10), (2, 52 + 9 + 2), (1, 52 + 10))
    assert {cell.due for week in shown.year.weeks for cell in week} == {1, 2}
    assert [cell.step for cell in shown.year.weeks[-1]] == [2, 4]


def weekdays(shown: LookBack) -> list[tuple[int, int, int | None]]:
    return [(share.kept, share.due, share.percent) for share in shown.year.by_weekday]


def test_a_perfect_record_is_full_on_every_weekday_also_while_today_is_open(world: World):
    me, first = world.ada, TUESDAY - timedelta(days=17)
    made = make.habit(me, world.pillar, "Walk", starts_on=first)
    keep(world, made, *range(1, 18))
    everything = [(3, 3, 100), (2, 2, 100), *[(2, 2, 100)] * 3, (3, 3, 100), (3, 3, 100)]
    assert weekdays(see(me)) == [*everything[:1], (2, 2, 100), *everything[2:]]
    keep(world, made, 0)
    assert weekdays(see(me))[1] == (3, 3, 100)
    make.take_back(me, made, TUESDAY - timedelta(days=7))
    assert weekdays(see(me))[1] == (2, 3, 66)


def test_a_day_with_most_and_a_day_with_all_of_it_kept_look_unlike(world: World):
    made = [make.habit(world.ada, world.pillar, starts_on=MONDAY) for _number in range(30)]
    for number, habit_id in enumerate(made):
        keep(world, habit_id, 0, *([1] if number < 23 else []))
    assert [(cell.kept, cell.due, cell.step) for cell in see(world.ada).year.weeks[-1]] == [
        (23, 30, 3), (30, 30, 4)
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["habit", "pillar"])
def test_what_is_put_away_was_due_until_then(world: World, at: Callable, what: str):
    me, made = world.ada, make.habit(world.ada, world.pillar, starts_on=TUESDAY)
    make.keep(me, made)
    with db.transaction() as session:
        accounts.set_preferences(session, me, timezone="Pacific/Kiritimati")
    at(NOON + timedelta(days=2))
    with db.transaction() as session:
        if what == "habit":
            habits.archive(session, me, made)
        else:
            pillars.archive(session, me, world.pillar)
    who = make.claims(me)
    with db.reading() as session:
        shown = look_back(session, who, TUESDAY + timedelta(days=6), Scope())
    days = [(cell.day.day, cell.kept, cell.due) for week in shown.year.weeks for cell in week]
    # At noon UTC of the 12th it is the 13th on Kiritimati: that is the day of the archive.
    assert [day for day in days if day[2]] == [(10, 1, 1), (11, 0, 1), (12, 0, 1)]


def test_what_was_kept_though_it_was_not_due_is_no_more_than_all(world: World):
    made = make.habit(world.ada, world.pillar, starts_on=TUESDAY)
    keep(world, made, 0)
    execute(_KEEP, me=world.ada.user_id, habit=made, day=MONDAY, now=NOON)
    shown = see(world.ada)
    assert [(cell.kept, cell.due, cell.step) for cell in shown.year.weeks[-1]] == [(1, 1, 4)] * 2
    assert weekdays(shown)[:2] == [(1, 1, 100), (1, 1, 100)]


def rhythm(kind: str, first: date, **fields: object) -> None:
    """Give all habits that there are another rhythm, since `first`; they are folded anew."""
    sets = "".join(f", {name} = :{name}" for name in fields)
    execute(f"UPDATE schedules SET kind = :kind, starts_on = :first{sets}",
            kind=kind, first=first, **fields)  # fmt: skip


def store(world: World, *days: date) -> None:
    for day in days:
        execute(_KEEP, me=world.ada.user_id, habit=world.habit, day=day, now=NOON)


def shares(shown: LookBack) -> dict[date, tuple[int, int]]:
    """What was kept of what was due in each week that asked for anything, by its first day."""
    weeks = {week[0].day: week for week in shown.year.weeks}
    found = {
        first: (sum(cell.kept for cell in week), sum(cell.due for cell in week))
        for first, week in weeks.items()
    }
    return {first: share for first, share in found.items() if share != (0, 0)}


def test_a_week_that_was_made_is_all_of_it_and_each_one_missed_is_one_day_short(world: World):
    assert world.habit
    rhythm("weekly", MONDAY - 4 * WEEK, times=3)
    made, missed, lost = (MONDAY - n * WEEK for n in (3, 2, 1))
    store(world, *(made + timedelta(days=n) for n in (0, 2, 6)), missed, missed + WEEK / 7)
    store(world, TUESDAY)
    assert shares(see(world.ada)) == {
        MONDAY - 4 * WEEK: (0, 1), made: (3, 3), missed: (2, 3), lost: (0, 1), MONDAY: (1, 1)
    }  # fmt: skip
    assert see(world.ada).year.share == (6, 9)


def test_what_comes_every_few_days_waits_since_a_keep_of_years_ago(world: World):
    assert world.habit
    rhythm("every", date(2019, 1, 1), every=365)
    store(world, date(2024, 6, 1), date(2025, 3, 5))
    shown = see(world.ada)
    # Kept five days before the year began, it waits since the fifth of March.
    assert shares(shown) == {MONDAY - WEEK: (0, 4), MONDAY: (0, 2)}
    # Today is open still.
    assert shown.year.share == (0, 5)


def test_a_month_that_began_before_the_year_knows_its_days(world: World):
    assert world.habit
    rhythm("monthly", date(2025, 3, 1), times=10)
    store(world, *(date(2025, 3, day) for day in (*range(1, 10), 20)))
    march = sum(cell.due for week in see(world.ada).year.weeks[:3] for cell in week)
    assert march == 1


def test_what_may_be_at_most_counts_once_it_is_collected(world: World):
    assert world.habit
    rhythm("daily", MONDAY - WEEK, measure="at_most", target=2, step=1, unit="cups")
    execute("UPDATE habits SET counted = true")
    store(world, MONDAY - WEEK)
    assert shares(see(world.ada)) == {MONDAY - WEEK: (1, 1)}


def test_rests_and_skips_ask_nothing(world: World):
    assert world.habit
    rhythm("daily", MONDAY - WEEK)
    store(world, MONDAY - WEEK, MONDAY)
    make.rest(world.ada, None, MONDAY - 5 * DAY, MONDAY - DAY)
    with db.transaction() as session:
        rests.skip(session, world.ada, world.habit, MONDAY - 6 * DAY, "")
    shown = see(world.ada)
    assert shares(shown) == {MONDAY - WEEK: (1, 1), MONDAY: (1, 2)}
    assert shown.year.share == (2, 2)
    assert [(day.due, len(day.habits)) for day in shown.week or ()] == [
        (1, 1), (1, 0), *[(0, 0)] * 5
    ]  # fmt: skip


def test_runs_are_in_order_of_the_days_that_they_span(world: World, walk: int):
    keep(world, walk, *range(9))
    assert world.habit
    execute(
        "UPDATE schedules SET kind = 'weekly', times = 1 WHERE habit_id = :habit",
        habit=world.habit,
    )
    store(world, *(TUESDAY - n * WEEK for n in range(3)))
    found = [(habit.name, habit.run) for habit in see(world.ada).runs]
    assert found == [("Read 10 pages", 3), ("Walk", 9)]


def test_an_earlier_year_has_no_week_of_today(world: World, walk: int):
    keep(world, walk, 0, 400)
    assert see(world.ada).week is not None
    assert see(world.ada, until=TUESDAY - DAY).week is None


def test_what_a_worker_of_the_version_before_put_away_is_not_due_since_then(world: World):
    assert world.habit
    rhythm("daily", MONDAY)
    execute("UPDATE habits SET archived_at = :now", now=NOON - DAY)
    assert shares(see(world.ada)) == {}
    assert see(world.ada).year.share == (0, 0)


def test_one_pillar_and_one_habit_are_looked_at_alone(world: World, walk: int):
    keep(world, world.habit, 0, 1)
    keep(world, walk, 0, 3)
    for scope, name in (
        (Scope("habit", world.habit), "Read 10 pages"),
        (Scope("pillar", world.pillar), "Body"),
    ):
        shown = see(world.ada, scope)
        assert (shown.name, shown.color) == (name, "clay")
        assert list(counts(shown)) == sorted(back(0, 1))
        assert (shown.totals.days, shown.totals.commits, shown.totals.xp) == (2, 2, 20)
        assert [[habit.id for habit in day.habits] for day in shown.week[:2]] == [[world.habit]] * 2
        assert [habit.id for habit in shown.runs] == [world.habit]
    everything = see(world.ada)
    assert (everything.totals.days, everything.totals.commits) == (3, 4)
    assert everything.totals.xp == 40


@pytest.mark.parametrize(("before", "earlier"), [(-1, False), (0, False), (1, True)])
def test_an_earlier_year_is_there_when_something_was_kept_in_it(
    world: World, walk: int, before: int, earlier: bool
):
    first = date(2025, 3, 10)
    make.keep(world.ada, walk, first - timedelta(days=before))
    year = see(world.ada).year
    assert year.first == first
    assert year.earlier == (first - timedelta(days=1) if earlier else None)


@pytest.mark.parametrize("seed", range(5))
def test_days_and_commits_are_counted_whichever_habit_they_are_of(
    world: World, walk: int, seed: int
):
    dice, span = random.Random(seed), range(500)
    sing = make.habit(world.ada, world.pillar, "Sing", starts_on=date(2023, 1, 1))
    many = {world.habit: dice.randint(0, 9), walk: 40, sing: dice.choice((3, 60))}
    kept = {habit_id: set(back(*dice.sample(span, many[habit_id]))) for habit_id in many}
    # A user who flew west has kept a day that is tomorrow here.
    kept[world.habit].add(TUESDAY + timedelta(days=1))
    for habit_id, days in kept.items():
        for day in days:
            execute(_KEEP, me=world.ada.user_id, habit=habit_id, day=day, now=NOON)
    for scope, among in (
        (Scope(), tuple(kept)),
        (Scope("pillar", world.pillar), (world.habit, sing)),
        (Scope("habit", walk), (walk,)),
    ):
        shown, days = see(world.ada, scope), [day for one in among for day in kept[one]]
        assert (shown.totals.days, shown.totals.commits) == (len(set(days)), len(days))
        assert shown.totals.since == min(days)
        in_year = [day for day in days if shown.year.first <= day <= TUESDAY]
        assert counts(shown) == Counter(in_year)


def test_what_was_taken_back_is_in_no_number(world: World):
    keep(world, world.habit, 0)
    make.take_back(world.ada, world.habit)
    for scope in (Scope(), Scope("pillar", world.pillar), Scope("habit", world.habit)):
        totals = see(world.ada, scope).totals
        assert (totals.commits, totals.xp, totals.since) == (0, 0, None)


def test_the_totals_reach_beyond_the_year_and_the_pages_lead_there(world: World, walk: int):
    keep(world, walk, 0, 400, 900)
    shown = see(world.ada)
    assert (shown.totals.commits, shown.totals.since) == (3, TUESDAY - timedelta(days=900))
    assert (shown.year.commits, shown.year.later) == (1, None)
    second = see(world.ada, until=shown.year.earlier)
    assert (second.year.commits, second.year.later) == (1, TUESDAY)
    assert second.year.last == shown.year.first - timedelta(days=1)
    third = see(world.ada, until=second.year.earlier)
    assert (third.year.commits, third.year.earlier) == (1, None)
    assert third.year.later == second.year.last


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (date.max, TUESDAY),
        (TUESDAY + timedelta(days=1), TUESDAY),
        (date.min, date(2000, 1, 1)),
    ],
)
def test_a_year_may_end_on_any_day_up_to_today(world: World, until: date, last: date):
    assert see(world.ada, until=until).year.last == last


def test_the_week_lists_what_was_kept_in_the_users_order(world: World, walk: int):
    keep(world, walk, 0, 1, 2)
    keep(world, world.habit, 0)
    week = see(world.ada).week
    assert [day.day for day in week] == [MONDAY + timedelta(days=n) for n in range(7)]
    kept = [[habit.name for habit in day.habits] for day in week]
    assert kept == [["Walk"], ["Walk", "Read 10 pages"], [], [], [], [], []]


def test_weeks_begin_on_the_users_own_day(world: World):
    keep(world, world.habit, 0, 2, 3)
    execute("UPDATE users SET week_anchors = ARRAY[DATE '2026-01-04']")
    shown = see(world.ada)
    assert shown.year.first == date(2025, 3, 9)
    assert [cell.day.weekday() for cell in shown.year.weeks[0]] == [6, 0, 1, 2, 3, 4, 5]
    assert [(day.day, bool(day.habits)) for day in shown.week[:3]] == [
        (date(2026, 3, 8), True), (MONDAY, False), (TUESDAY, True)
    ]  # fmt: skip
    sunday, _monday, tuesday, *_between, saturday = shown.year.by_weekday
    assert [share.kept for share in (sunday, tuesday, saturday)] == [1, 1, 1]


def test_a_week_that_a_new_first_day_cuts_is_shown_short(world: World):
    keep(world, world.habit, 0)
    anchors = "ARRAY[DATE '2000-01-03', DATE '2026-03-14']"
    execute(f"UPDATE users SET week_anchors = {anchors}")
    shown = see(world.ada)
    assert [day.day.day for day in shown.week] == [9, 10, 11, 12, 13]
    assert shown.year.first == date(2025, 3, 10)


@pytest.mark.parametrize(
    ("days", "run", "best"),
    [
        ((0, 1, 2), 3, 3),
        ((1, 2), 2, 2),
        ((3, 4, 5), 0, 3),
        ((2, 3, 4), 3, 3),
        ((0, 4, 5), 0, 2),
        ((0,), None, None),
    ],
)
def test_a_run_is_shown_as_it_stands_today(
    world: World, days: tuple[int, ...], run: int | None, best: int | None
):
    keep(world, world.habit, *days)
    shown = [(habit.run, habit.best) for habit in see(world.ada).runs]
    assert shown == ([] if run is None else [(run, best)])


def test_the_runs_that_stand_come_first(world: World, walk: int):
    sing = make.habit(world.ada, world.pillar, "Sing", starts_on=date(2023, 1, 1))
    keep(world, walk, *range(10, 20))
    keep(world, world.habit, *range(2))
    keep(world, sing, *range(3))
    found = [(habit.name, habit.run, habit.best) for habit in see(world.ada).runs]
    assert found == [("Sing", 3, 3), ("Read 10 pages", 2, 2), ("Walk", 0, 10)]


def test_the_archived_stays_in_history_and_has_no_run_today(world: World, walk: int):
    keep(world, walk, 0, 1)
    keep(world, world.habit, 0, 1)
    me, mind = world.ada, see(world.ada, Scope("habit", walk)).shelf[0].id
    with db.transaction() as session:
        habits.archive(session, me, world.habit)
        pillars.archive(session, me, mind)
    shown = see(me)
    assert (shown.totals.commits, shown.year.commits) == (4, 4)
    assert [(habit.archived, habit.run, habit.best) for habit in shown.runs] == [(True, 0, 2)] * 2
    assert [(pillar.name, pillar.archived) for pillar in shown.shelf] == [
        ("Body", False),
        ("Mind", True),
    ]
    assert see(me, Scope("habit", world.habit)).totals.commits == 2


def test_the_deleted_is_gone_and_the_xp_stays_with_the_pet(world: World, walk: int):
    keep(world, walk, 0)
    keep(world, world.habit, 0)
    execute("DELETE FROM habits WHERE id = :id", id=walk)
    shown = see(world.ada)
    assert (shown.totals.commits, shown.totals.xp) == (1, 20)
    with pytest.raises(NotYours):
        see(world.ada, Scope("habit", walk))


def test_a_stranger_finds_nothing_of_it(world: World):
    keep(world, world.habit, 0)
    assert see(world.bob).totals.commits == 0
    for scope in (
        Scope("habit", world.habit),
        Scope("pillar", world.pillar),
        Scope("habit", 2**63 - 1),
        Scope("pillar", 0),
    ):
        with pytest.raises(NotYours):
            see(world.bob, scope)


@pytest.mark.parametrize("kind", ["all", "pillar", "habit"])
def test_four_statements_however_many_habits_there_are(
    world: World, statements: Callable, kind: str
):
    keep(world, world.habit, 0)
    scope = Scope(kind, {"all": None, "pillar": world.pillar, "habit": world.habit}[kind])
    who = make.claims(world.ada)
    seen = []
    for _round in range(2):
        with statements() as listed, db.reading() as session:
            look_back(session, who, TUESDAY, scope)
        seen.append(len(listed))
        fill(world.ada, world.pillar, 60)
        execute(
            "INSERT INTO commits (user_id, habit_id, day, created_at)"
            " SELECT user_id, id, :day, :now FROM habits ON CONFLICT DO NOTHING",
            day=TUESDAY, now=NOON,
        )  # fmt: skip
    # The strength of one thing is a statement of its own.
    assert seen == [4 if kind == "all" else 5] * 2


def test_last_week_tells_how_much_the_best_day_and_the_strongest_pillar(world: World, walk: int):
    # Sunday 8, Saturday 7 and Monday 2 March; the day before and the day after are other weeks.
    keep(world, walk, 1, 2, 3, 8, 9)
    keep(world, world.habit, 3)
    assert week_before(world.ada) == LastWeek(4, (date(2026, 3, 7),), ("Mind",))
    assert week_before(world.ada, MONDAY) == week_before(world.ada, MONDAY + timedelta(days=6))


def test_two_equals_are_both_named(world: World, walk: int):
    keep(world, world.habit, 4)
    keep(world, walk, 5)
    assert week_before(world.ada) == LastWeek(
        2, (date(2026, 3, 5), date(2026, 3, 6)), ("Mind", "Body")
    )


@pytest.mark.parametrize("days", [(), (0, 1), (9, 30)])
def test_a_week_in_which_nothing_was_kept_is_none(world: World, days: tuple[int, ...]):
    keep(world, world.habit, *days)
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)))
    assert week_before(world.ada) is None


def test_last_week_is_one_statement_and_counts_the_archived(world: World, statements: Callable):
    keep(world, world.habit, 3)
    me, who = world.ada, make.claims(world.ada)
    with db.transaction() as session:
        habits.archive(session, me, world.habit)
    with statements() as listed, db.reading() as session:
        assert last_week(session, who, TUESDAY, MONDAYS) == LastWeek(
            1, (date(2026, 3, 7),), ("Body",)
        )
    assert len(listed) == 1
