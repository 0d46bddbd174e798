"""A habit takes root and leaves Today, and returns with its run."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import habits, pillars, rooted
from app.queries.day import read_day
from app.queries.ledger import verify
from app.rules.errors import Archived, Invalid, NotYours, Rooted, SessionEnded
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)


@pytest.fixture
def strong(world: World) -> int:
    """A habit of Ada's, kept on each of 110 days, as after an import."""
    return make.strong(world.ada, world.pillar)


def do(act: Callable[..., object], *arguments: object) -> object:
    with db.transaction() as session:
        return act(session, *arguments)


def is_rooted(habit: int) -> bool:
    with db.reading() as session:
        assert list(verify.differences(session)) == []
    return bool(scalar("SELECT rooted_at IS NOT NULL FROM habits WHERE id = :id", id=habit))


def counted(me: Actor) -> tuple[int, int]:
    """Return how many habits count on Today, and how many of these are kept."""
    who = make.claims(me)
    with db.reading() as session:
        day = read_day(session, who, clock.now())
    return day.pet.due, day.pet.kept


def test_a_strong_habit_takes_root_and_counts_nowhere(world: World, strong: int):
    assert world.habit
    assert counted(world.ada) == (2, 0)
    assert do(rooted.root, world.ada, strong) is True
    assert is_rooted(strong)
    assert counted(world.ada) == (1, 0)
    assert scalar("SELECT (kind, starts_on) = ('archive', :day) FROM rests", day=TUESDAY)
    assert scalar(
        "SELECT (occasion, subject_id, number, label, day) = ('milestone', :id, 0, 'Write', :day)"
        " FROM moments",
        id=strong,
        day=TUESDAY,
    )


def test_a_habit_that_is_kept_today_rests_from_tomorrow_on(world: World, strong: int):
    make.keep(world.ada, strong)
    do(rooted.root, world.ada, strong)
    assert scalar("SELECT starts_on FROM rests") == TUESDAY + DAY


def test_it_returns_with_its_run_however_long_it_was_away(world: World, strong: int, at: Callable):
    do(rooted.root, world.ada, strong)
    at(NOON + 60 * DAY)
    do(rooted.unroot, world.ada, strong)
    assert not is_rooted(strong)
    assert scalar("SELECT asked_on FROM habits WHERE id = :id", id=strong) == TUESDAY + 60 * DAY
    assert make.keep(world.ada, strong).row.streak == 111


def test_it_is_a_moment_once(world: World, strong: int):
    assert [do(rooted.root, world.ada, strong) for _time in range(2)] == [True, False]
    do(rooted.unroot, world.ada, strong)
    do(rooted.unroot, world.ada, strong)
    assert do(rooted.root, world.ada, strong) is False
    assert scalar("SELECT count(*) FROM moments") == 1
    assert scalar("SELECT count(*) FROM rests") == 1


def test_what_is_not_strong_enough_takes_no_root(world: World):
    before = contents(), world.habit
    with pytest.raises(Invalid):
        do(rooted.root, world.ada, world.habit)
    assert not is_rooted(world.habit)
    assert before


def test_it_is_left_where_it_is_for_now(world: World, strong: int):
    do(rooted.not_yet, world.ada, strong)
    assert not is_rooted(strong)
    assert scalar("SELECT asked_on FROM habits WHERE id = :id", id=strong) == TUESDAY


def test_a_rooted_habit_takes_no_commit(world: World, strong: int):
    do(rooted.root, world.ada, strong)
    before = contents()
    with pytest.raises(Rooted, match="has taken root"):
        make.keep(world.ada, strong)
    assert contents() == before
    do(pillars.archive, world.ada, world.pillar)
    with pytest.raises(Archived, match="is archived"):
        make.keep(world.ada, strong)


def test_in_the_archive_a_habit_is_rooted_no_more_and_its_run_waits(
    world: World, strong: int, at: Callable
):
    do(rooted.root, world.ada, strong)
    at(NOON + 30 * DAY)
    do(habits.archive, world.ada, strong)
    assert not is_rooted(strong)
    with pytest.raises(Archived, match="is archived"):
        make.keep(world.ada, strong)
    with pytest.raises(Archived):
        do(rooted.root, world.ada, strong)
    at(NOON + 60 * DAY)
    do(habits.restore, world.ada, strong, 1000)
    assert make.keep(world.ada, strong).row.streak == 111
    assert scalar("SELECT count(*) FROM rests") == 1


def test_a_worker_of_the_version_before_may_restore_what_was_rooted(world: World, strong: int):
    do(rooted.root, world.ada, strong)
    do(habits.archive, world.ada, strong)
    execute("UPDATE habits SET rooted_at = :now", now=NOON)
    do(habits.restore, world.ada, strong, 1000)
    assert not is_rooted(strong)


def test_a_pillar_that_is_restored_leaves_its_rooted_habits_rooted(world: World, strong: int):
    do(rooted.root, world.ada, strong)
    do(pillars.archive, world.ada, world.pillar)
    do(pillars.restore, world.ada, world.pillar, 3)
    assert is_rooted(strong)
    assert counted(world.ada) == (0, 0)


@pytest.mark.parametrize("act", [rooted.root, rooted.unroot, rooted.not_yet])
def test_nobody_decides_for_somebody_else_or_after_a_sign_out(
    world: World, strong: int, act: Callable
):
    bob = world.bob
    before = contents()
    with pytest.raises(NotYours):
        do(act, bob, strong)
    assert contents() == before
    execute("UPDATE sessions SET ended_at = created_at")
    with pytest.raises(SessionEnded):
        do(act, world.ada, strong)


def test_a_habit_of_ten_years_takes_root_by_its_last_days(world: World, at: Callable):
    at(datetime(2036, 3, 10, 12, tzinfo=UTC))
    habit = make.habit(world.ada, world.pillar, starts_on=date(2026, 3, 10))
    make.bring(world.ada, habit, date(2035, 6, 1), 283)
    assert do(rooted.root, world.ada, habit) is True
