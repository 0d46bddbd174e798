"""What is known of a user, as Today makes use of it: nobody else's, and as much as is needed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.facts import people
from app.facts.people import PersonFacts
from app.infra import clock, db
from app.operations import accounts, away, pets, pillars
from app.queries import today
from app.queries.day import read_day
from app.queries.today import Notice, Today
from app.rules.identity import Actor
from app.rules.mood import Mood
from app.rules.resting import Span
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
MONDAY_NOON = NOON - DAY


def facts(me: Actor) -> PersonFacts:
    with db.reading() as session:
        found = people.look(session, me.user_id, TUESDAY)
    assert found is not None
    return found


def see(me: Actor) -> Today:
    who = make.claims(me)
    with db.reading() as session:
        return today.show(session, who, clock.now(), 3)


def move(me: Actor, zone: str) -> None:
    with db.transaction() as session:
        accounts.set_preferences(session, me, None, zone)


def test_the_newest_kept_day_is_one_up_to_today_and_ones_own(world: World):
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)))
    assert facts(world.ada).last_kept is None
    make.keep(world.ada, world.habit, TUESDAY - DAY)
    assert facts(world.ada).last_kept == TUESDAY - DAY
    make.keep(world.ada, world.habit)
    move(world.ada, "Pacific/Kiritimati")
    make.keep(world.ada, world.habit, TUESDAY + DAY)
    assert facts(world.ada).last_kept == TUESDAY


def test_what_was_kept_or_added_before_today_is_ones_own(world: World):
    his = make.habit(world.bob, make.pillar(world.bob), starts_on=TUESDAY - 9 * DAY)
    make.keep(world.bob, his, TUESDAY - DAY)
    assert (facts(world.ada).kept_before, facts(world.ada).added_before) == (None, None)
    make.keep(world.ada, world.habit)
    assert facts(world.ada).kept_before is None
    make.keep(world.ada, world.habit, TUESDAY - 3 * DAY)
    assert facts(world.ada).kept_before == TUESDAY - 3 * DAY
    pages = make.habit(world.ada, world.pillar, "Pages")
    more = make.habit(world.ada, world.pillar, "More pages")
    execute("UPDATE habits SET counted = true WHERE id IN (:pages, :more)", pages=pages, more=more)
    for habit, back in ((pages, 2), (pages, 5), (more, 4), (more, 0)):
        add(world.ada, habit, TUESDAY - back * DAY)
    found = facts(world.ada)
    assert (found.kept_before, found.added_before) == (TUESDAY - 3 * DAY, TUESDAY - 2 * DAY)
    assert facts(world.bob).added_before is None


def add(me: Actor, habit: int, day: date) -> None:
    execute(
        "INSERT INTO amounts (user_id, habit_id, day, amount, created_at)"
        " VALUES (:me, :habit, :day, 1, :now)",
        me=me.user_id, habit=habit, day=day, now=NOON,
    )  # fmt: skip


def test_two_days_away_are_offered_as_a_rest_until_that_is_answered(world: World, at: Callable):
    make.keep(world.ada, world.habit)
    offered = []
    for days in (1, 2, 3, 4):
        at(NOON + days * DAY)
        offered.append((see(world.ada).notice, see(world.ada).away))
    first = TUESDAY + DAY
    spans = [Span(first, first + DAY), Span(first, first + 2 * DAY)]
    assert offered == [(None, None), (None, None), *((Notice.AWAY, span) for span in spans)]
    # It waits for an answer, also when something was kept meanwhile.
    make.keep(world.ada, world.habit)
    assert see(world.ada).away == spans[-1]
    with db.transaction() as session:
        away.rest(session, world.ada, *spans[-1])
    assert (see(world.ada).notice, see(world.ada).away) == (None, None)


def test_an_amount_is_no_day_away(world: World, at: Callable):
    make.keep(world.ada, world.habit)
    execute("UPDATE habits SET counted = true")
    add(world.ada, world.habit, TUESDAY + 2 * DAY)
    at(NOON + 4 * DAY)
    assert see(world.ada).away is None
    at(NOON + 5 * DAY)
    assert see(world.ada).away == Span(TUESDAY + 3 * DAY, TUESDAY + 4 * DAY)


def test_days_away_that_were_left_as_they_are_are_not_offered_when_they_become_more(
    world: World, at: Callable
):
    make.keep(world.ada, world.habit)
    at(NOON + 3 * DAY)
    with db.transaction() as session:
        away.leave(session, world.ada)
    for days in (3, 4, 9):
        at(NOON + days * DAY)
        assert see(world.ada).away is None
    make.keep(world.ada, world.habit)
    at(NOON + 12 * DAY)
    assert see(world.ada).away == Span(TUESDAY + 10 * DAY, TUESDAY + 11 * DAY)


def test_a_rest_under_way_and_a_first_commit_are_weightier_than_days_away(
    world: World, at: Callable
):
    assert world.habit
    at(NOON + 4 * DAY)
    assert see(world.ada).notice is Notice.FIRST
    make.keep(world.ada, world.habit, TUESDAY)
    assert see(world.ada).notice is Notice.AWAY
    make.rest(world.ada)
    assert see(world.ada).notice is Notice.REST


def test_practice_is_counted_up_to_five_of_ones_own(world: World):
    his = make.habit(world.bob, make.pillar(world.bob), starts_on=TUESDAY - 9 * DAY)
    for back in range(6):
        make.keep(world.bob, his, TUESDAY - back * DAY)
    said = []
    for back in range(6):
        said.append((facts(world.ada).practice, see(world.ada).practised))
        make.keep(world.ada, world.habit, TUESDAY - back * DAY)
    assert said == [(0, False), (1, False), (2, False), (3, False), (4, False), (5, True)]
    assert facts(world.ada).practice == 5


def test_the_pillars_are_those_that_are_open_in_the_users_order(world: World):
    body, mind, work = (make.pillar(world.ada, name) for name in ("Body", "Mind", "Work"))
    make.pillar(world.bob, "His")
    with db.transaction() as session:
        pillars.move(session, world.ada, work, "up")
        pillars.archive(session, world.ada, body)
    assert [pillar.id for pillar in facts(world.ada).pillars] == [work, mind]
    assert see(world.ada).place.pillars == 2


def test_the_pet_is_the_active_one_and_the_best_stages_are_of_all_ones_own(world: World):
    assert world.bob
    make.keep(world.ada, world.habit)
    first = facts(world.ada).pet_id
    assert facts(world.ada).best_stages == [0]
    execute("UPDATE pets SET best_stage = 3")
    assert see(world.ada).notice is Notice.EGG
    with db.transaction() as session:
        pets.welcome(session, world.ada, 1, "Kiwi", "owl", "sky")
    found = facts(world.ada)
    assert (found.pet.name, found.pet.xp, found.pet.days_kept) == ("Kiwi", 0, 0)
    assert sorted(found.best_stages) == [0, 3]
    assert see(world.ada).notice is None
    with db.transaction() as session:
        pets.take_along(session, world.ada, first)
    assert (facts(world.ada).pet.xp, facts(world.ada).pet.days_kept) == (10, 1)


def test_an_egg_that_waits_lets_others_speak_and_is_spoken_of_again_in_a_week(
    world: World, at: Callable
):
    make.keep(world.ada, world.habit, TUESDAY - 3 * DAY)
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)))
    execute("UPDATE pets SET best_stage = 3")
    at(MONDAY_NOON)
    with db.transaction() as session:
        pets.not_now(session, world.ada)
    assert see(world.ada).notice is Notice.LAST_WEEK
    assert see(world.bob).notice is Notice.EGG
    for days, notice in ((6, None), (7, Notice.EGG), (30, Notice.EGG)):
        at(MONDAY_NOON + days * DAY)
        if see(world.ada).notice is Notice.AWAY:
            with db.transaction() as session:
                away.leave(session, world.ada)
        if see(world.ada).notice is Notice.BACK:
            make.keep(world.ada, world.habit)
        assert see(world.ada).notice is notice
    who = make.claims(world.ada)
    with db.reading() as session:
        assert read_day(session, who, clock.now()).eggs == 1


def test_who_has_never_kept_anything_is_told_what_to_do_first_once_something_is_due(world: World):
    assert world.pillar
    assert see(world.ada).notice is None
    assert world.habit
    assert see(world.ada).notice is Notice.FIRST
    make.keep(world.ada, world.habit)
    assert see(world.ada).notice is None


def test_who_comes_back_is_welcomed_and_only_while_the_pet_sleeps(world: World, at: Callable):
    make.keep(world.ada, world.habit)
    for days, notice in ((1, None), (4, Notice.BACK)):
        at(NOON + days * DAY)
        with db.transaction() as session:
            away.leave(session, world.ada)
        assert see(world.ada).notice is notice
    make.keep(world.ada, world.habit)
    assert see(world.ada).notice is None


def test_the_week_before_is_told_on_a_monday_that_has_nothing_weightier(world: World, at: Callable):
    make.keep(world.ada, world.habit, TUESDAY - 3 * DAY)
    assert see(world.ada).last_week is None
    at(MONDAY_NOON)
    shown = see(world.ada)
    assert shown.notice is Notice.LAST_WEEK
    assert shown.last_week is not None
    assert shown.last_week.kept == 1
    execute("UPDATE pets SET best_stage = 3")
    shown = see(world.ada)
    assert (shown.notice, shown.last_week) == (Notice.EGG, None)


def test_the_week_before_is_told_when_the_users_own_week_begins(world: World, at: Callable):
    make.keep(world.ada, world.habit, TUESDAY - 3 * DAY)
    make.keep(world.ada, world.habit)
    # Sundays, since the first of January.
    execute("UPDATE users SET week_anchors = ARRAY[DATE '2026-01-04']")
    told = []
    for days in range(4, 8):
        at(NOON + days * DAY)
        make.keep(world.ada, world.habit)
        told.append(see(world.ada).last_week)
    assert [week and week.kept for week in told] == [None, 2, None, None]


def test_the_mood_goes_by_the_users_own_clock_and_first_day(world: World, at: Callable):
    # In Kiritimati it is past two in the night of Wednesday, in UTC noon of Tuesday.
    move(world.ada, "Pacific/Kiritimati")
    assert world.habit
    assert see(world.ada).pet.mood is Mood.CONTENT
    # The account began on Wednesday there: on Friday two days are over, in UTC it would be three.
    at(datetime(2026, 3, 13, 8, tzinfo=UTC))
    who = make.claims(world.ada)
    with db.reading() as session:
        assert read_day(session, who, clock.now()).pet.mood is Mood.EAGER
