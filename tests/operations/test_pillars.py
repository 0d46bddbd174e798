"""What can be done to a pillar, and what a plan holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import accounts, pillars, sessions
from app.operations.pillars import PillarFields
from app.queries.ledger import verify
from app.rules.errors import NotYours, PlanFull, SessionEnded
from app.rules.identity import Actor
from tests import world as make
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

FIELDS = PillarFields("Mind", "iris", "brain")
Act = Callable[..., object]


def do(act: Act, *arguments: object) -> object:
    with db.transaction() as session:
        return act(session, *arguments)


def one(statement: str) -> object:
    with db.reading() as session:
        return session.scalar(text(statement))


def order(me: Actor) -> list[int]:
    """Return the user's pillars that are not archived, in their order."""
    with db.reading() as session:
        found = session.scalars(
            text(
                "SELECT id FROM pillars WHERE user_id = :me AND archived_at IS NULL"
                " ORDER BY position, id"
            ),
            {"me": me.user_id},
        )
        return list(found)


ON_ONE: list[tuple[Act, tuple[object, ...]]] = [
    (pillars.edit, (FIELDS,)),
    (pillars.move, ("up",)),
    (pillars.fold, (True,)),
    (pillars.archive, ()),
    (pillars.restore, (3,)),
    (pillars.delete, ()),
]


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_a_strangers_pillar_is_not_there(world: World, act: Act, more: tuple):
    pillar_id, bob = world.pillar, world.bob
    for absent in (pillar_id, 0, 2**63 - 1):
        with pytest.raises(NotYours):
            do(act, bob, absent, *more)
    assert one("SELECT version FROM users WHERE email = 'bob@example.org'") == 0


@pytest.mark.parametrize(("act", "more"), ON_ONE)
def test_an_ended_sign_in_does_nothing_and_each_act_counts_once(
    world: World, act: Act, more: tuple
):
    pillar_id, before = world.pillar, one("SELECT version FROM users")
    do(act, world.ada, pillar_id, *more)
    assert one("SELECT version FROM users") == before + 1  # type: ignore[operator]
    do(sessions.end, world.ada)
    with pytest.raises(SessionEnded):
        do(act, world.ada, pillar_id, *more)


def test_a_sign_in_ends_by_itself_after_400_days(world: World, at: Callable):
    pillar_id = world.pillar
    at(make.NOON + timedelta(days=400) - timedelta(seconds=1))
    do(pillars.edit, world.ada, pillar_id, FIELDS)
    at(make.NOON + timedelta(days=400))
    with pytest.raises(SessionEnded):
        do(pillars.edit, world.ada, pillar_id, FIELDS)


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_free_plan_holds_so_many_and_no_more(world: World, limit: int):
    for _ in range(limit):
        do(pillars.create, world.ada, FIELDS, limit)
    with pytest.raises(PlanFull):
        do(pillars.create, world.ada, FIELDS, limit)
    assert one("SELECT pillar_count FROM users") == len(order(world.ada)) == limit


def test_a_premium_plan_and_a_place_without_a_limit_hold_any_number(world: World):
    for _ in range(5):
        do(pillars.create, world.pia, FIELDS, 3)
        do(pillars.create, world.bob, FIELDS, 0)
    assert len(order(world.pia)) == len(order(world.bob)) == 5


def test_a_downgrade_hides_nothing_and_stops_new_ones_only(world: World):
    made = [do(pillars.create, world.pia, FIELDS, 3) for _ in range(5)]
    do(accounts.set_premium, world.pia.user_id, False)
    assert order(world.pia) == made
    with pytest.raises(PlanFull):
        do(pillars.create, world.pia, FIELDS, 3)
    for pillar_id in made[:3]:
        do(pillars.archive, world.pia, pillar_id)
    do(pillars.create, world.pia, FIELDS, 3)


def test_archiving_and_deleting_free_a_place_exactly_once(world: World):
    first, second = (do(pillars.create, world.ada, FIELDS, 2) for _ in range(2))
    for _twice in range(2):
        do(pillars.archive, world.ada, first)
    assert one("SELECT pillar_count FROM users") == 1
    do(pillars.delete, world.ada, first)
    assert one("SELECT pillar_count FROM users") == 1
    do(pillars.delete, world.ada, second)
    assert one("SELECT pillar_count FROM users") == 0


def test_restoring_passes_the_door_of_the_plan_and_repeating_it_takes_no_place(world: World):
    first, second = (do(pillars.create, world.ada, FIELDS, 2) for _ in range(2))
    do(pillars.archive, world.ada, first)
    do(pillars.create, world.ada, FIELDS, 2)
    with pytest.raises(PlanFull):
        do(pillars.restore, world.ada, first, 2)
    do(pillars.archive, world.ada, second)
    for _twice in range(2):
        do(pillars.restore, world.ada, first, 2)
    assert one("SELECT pillar_count FROM users") == 2


def test_moving_passes_over_the_archived_and_stops_at_the_ends(world: World):
    a, b, c, d = (do(pillars.create, world.ada, FIELDS, 0) for _ in range(4))
    do(pillars.archive, world.ada, b)
    for pillar_id, direction, expected in (
        (c, "up", [c, a, d]), (c, "up", [c, a, d]), (a, "down", [c, d, a]), (a, "down", [c, d, a]),
    ):  # fmt: skip
        do(pillars.move, world.ada, pillar_id, direction)
        assert order(world.ada) == expected
    do(pillars.move, world.ada, b, "up")
    assert order(world.ada) == [c, d, a]
    do(pillars.restore, world.ada, b, 0)
    assert sorted(order(world.ada)) == [a, b, c, d]


def test_a_deleted_pillar_takes_its_habits_and_leaves_xp_and_ledger(world: World):
    other = make.habit(world.ada, make.pillar(world.ada, "Mind"))
    make.keep(world.ada, world.habit)
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    make.keep(world.ada, other)
    do(pillars.delete, world.ada, world.pillar)
    assert one("SELECT count(*) FROM commits") == 1
    assert one("SELECT count(*) FROM ledger_entries") == 3
    assert one("SELECT xp FROM pets") == 30
    with db.reading() as session:
        assert list(verify.differences(session)) == []


def test_an_edit_leaves_colour_and_icon_that_are_none(world: World):
    do(pillars.edit, world.ada, world.pillar, FIELDS)
    do(pillars.edit, world.ada, world.pillar, PillarFields("Soul", None, None))
    assert one("SELECT name || color || icon FROM pillars") == "Soulirisbrain"
