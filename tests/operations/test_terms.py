"""The terms of a habit: an edit counts from the user's today, and the days before keep theirs."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.facts import terms as facts
from app.infra import db
from app.operations import habits
from app.operations.habits import HabitFields
from app.rules.errors import Invalid, NotYours
from app.rules.schedule import Kind, Schedule, Term
from app.rules.terms import TermFields
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

FIRST = date(2026, 1, 1)
DAILY = Term(FIRST)
GYM = TermFields("weekly", times="3")
PAGES = TermFields(kind="at_least", target="50.5", unit="pages", step="0,5")


def edit(world: World, fields: TermFields, starts_on: date | None = None) -> None:
    wish, habit_id = HabitFields(None, None, starts_on, fields), world.habit
    with db.transaction() as session:
        habits.edit(session, world.ada, habit_id, wish)


def terms(world: World, habit_id: int | None = None) -> tuple[Term, ...]:
    habit_id = habit_id or world.habit
    with db.reading() as reading:
        return facts.look(reading, world.ada.user_id, habit_id)


def counted() -> object:
    with db.reading() as reading:
        return reading.scalar(text("SELECT counted FROM habits"))


def test_a_new_habit_begins_with_the_terms_of_its_form(world: World):
    starts_on = TUESDAY - timedelta(days=3)
    fields, pillar_id = HabitFields("Read", "easy", starts_on, PAGES), world.pillar
    with db.transaction() as session:
        made = habits.create(session, world.ada, pillar_id, fields, 10)
    kind = Kind.AT_LEAST
    term = Term(starts_on, Schedule.DAILY, kind, target=50_500, step=500, unit="pages")
    assert terms(world, made) == (term,)
    assert counted() is True


def test_an_edit_counts_from_today_and_the_days_before_keep_what_they_had(world: World):
    edit(world, GYM)
    assert terms(world) == (DAILY, Term(TUESDAY, Schedule.WEEKLY, times=3))
    assert counted() is False


def test_another_edit_on_the_same_day_takes_the_place_of_the_first(world: World):
    edit(world, GYM)
    edit(world, TermFields(times="2"))
    assert terms(world) == (DAILY, Term(TUESDAY, Schedule.WEEKLY, times=2))
    edit(world, TermFields("daily"))
    assert terms(world) == (DAILY,)


def test_an_edit_on_a_later_day_adds_terms(world: World, at: Callable):
    edit(world, GYM)
    at(NOON + timedelta(days=1))
    edit(world, PAGES)
    assert [term.starts_on for term in terms(world)] == [
        FIRST, TUESDAY, TUESDAY + timedelta(days=1),
    ]  # fmt: skip
    assert counted() is True
    at(NOON + timedelta(days=2))
    edit(world, TermFields(kind="check"))
    assert counted() is True


@pytest.mark.parametrize("fields", [TermFields(), TermFields("daily", kind="check", times="9")])
def test_an_edit_that_leaves_all_as_it_is_writes_no_terms(world: World, fields: TermFields):
    assert world.habit
    folded = "SELECT folded_on FROM habits"
    with db.reading() as reading:
        before = reading.scalar(text(folded))
    edit(world, fields)
    assert terms(world) == (DAILY,)
    with db.reading() as reading:
        assert reading.scalar(text(folded)) == before


def test_another_rhythm_folds_the_days_anew(world: World):
    edit(world, GYM)
    with db.reading() as reading:
        assert reading.scalar(text("SELECT folded_on FROM habits")) is not None


def test_terms_that_lie_ahead_give_way(world: World, at: Callable):
    at(NOON + timedelta(days=1))
    edit(world, GYM)
    at(NOON)
    edit(world, TermFields("every", every="3"))
    assert terms(world) == (DAILY, Term(TUESDAY, Schedule.EVERY, every=3))


def test_a_habit_that_begins_tomorrow_begins_with_its_new_terms(world: World):
    made = make.habit_of_tomorrow(world.ada, world.pillar)
    with db.transaction() as session:
        habits.edit(session, world.ada, made, HabitFields(None, None, None, GYM))
    tomorrow = TUESDAY + timedelta(days=1)
    assert terms(world, made) == (Term(tomorrow, Schedule.WEEKLY, times=3),)


@pytest.mark.parametrize(
    ("starts_on", "left"),
    [
        (date(2025, 6, 1), [(date(2025, 6, 1), 1), (TUESDAY, 3)]),
        (TUESDAY - timedelta(days=1), [(TUESDAY - timedelta(days=1), 1), (TUESDAY, 3)]),
        (TUESDAY, [(TUESDAY, 3)]),
    ],
)
def test_another_first_day_keeps_the_terms_that_are_in_force_from_it_on(
    world: World, starts_on: date, left: list[tuple[date, int]]
):
    edit(world, GYM)
    edit(world, TermFields(), starts_on)
    assert [(term.starts_on, term.times) for term in terms(world)] == left


def test_first_day_and_terms_can_change_at_once(world: World):
    edit(world, GYM, TUESDAY)
    assert terms(world) == (Term(TUESDAY, Schedule.WEEKLY, times=3),)


def test_terms_that_cannot_be_change_nothing(world: World):
    assert world.habit
    with pytest.raises(Invalid) as refused:
        edit(world, TermFields("weekly", times="8"), date(2025, 6, 1))
    assert list(refused.value.errors) == ["times"]
    assert terms(world) == (DAILY,)


def test_a_strangers_habit_is_not_there_whatever_its_terms_would_be(world: World):
    bad = HabitFields(None, None, None, TermFields("weekly", times="8"))
    bob, habit_id = world.bob, world.habit
    with pytest.raises(NotYours), db.transaction() as session:
        habits.edit(session, bob, habit_id, bad)
