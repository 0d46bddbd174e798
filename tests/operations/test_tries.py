"""Tries at the doors that strangers knock at: how many, from where, and when the next may come."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import tries
from app.operations.tries import Origin, Try
from app.rules.errors import TooManyTries
from app.rules.tries import ATTACKED, PASSWORD, REMEMBERED, SIGN_IN, SIGN_UP, Door
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

TRIES, WITHIN = SIGN_IN.limit.tries, SIGN_IN.limit.within
HERE, THERE = "0" * 32, "f" * 32
A_MOMENT = timedelta(seconds=1)


def attempt(user_id: int, network: str = HERE, door: Door = SIGN_IN, whose: str = "ada") -> Try:
    with db.transaction() as session:
        origin = Origin(whose.encode().hex().ljust(32, "0"), network)
        return tries.begin(session, door, user_id, origin, limited=True)


def wait(user_id: int, **more: object) -> datetime | None:
    """Until when a try has to wait; one that need not is not counted either."""
    try:
        begun = attempt(user_id, **more)  # type: ignore[arg-type]
    except TooManyTries as error:
        return error.until
    forget(begun)
    return None


def forget(begun: Try) -> None:
    with db.transaction() as session:
        tries.forget(session, begun)


def attacked(user_id: int, times: int, ago: timedelta = timedelta(hours=2)) -> None:
    """So many failures for the account, each from a network of its own."""
    with db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO sign_in_failures (user_id, origin, failed_at)"
                " SELECT :user, :whose || lpad(n::text, 32, 'a'), :at"
                " FROM generate_series(1, :times) n"
            ),
            {
                "user": user_id,
                "whose": b"ada".hex().ljust(32, "0"),
                "at": NOON - ago,
                "times": times,
            },
        )


@pytest.mark.parametrize("door", [SIGN_IN, SIGN_UP, PASSWORD], ids=lambda door: door.name)
def test_so_many_failures_and_the_next_try_waits_until_the_first_counts_no_longer(
    world: World, at: Callable, door: Door
):
    me, limit = world.ada.user_id, door.limit
    attempt(me, door=door)
    at(NOON + timedelta(minutes=5))
    for _ in range(limit.tries - 2):
        attempt(me, door=door)
    assert wait(me, door=door) is None
    attempt(me, door=door)
    assert wait(me, door=door) == NOON + limit.within
    at(NOON + limit.within - A_MOMENT)
    assert wait(me, door=door) == NOON + limit.within
    at(NOON + limit.within)
    attempt(me, door=door)
    assert wait(me, door=door) == NOON + timedelta(minutes=5) + limit.within


def test_each_account_and_each_network_waits_alone(world: World):
    ada, bob = world.ada.user_id, world.bob.user_id
    for _ in range(TRIES):
        attempt(ada)
    assert wait(ada)
    assert wait(ada, network=THERE) is None
    assert wait(bob) is None
    assert wait(0) is None
    assert wait(ada, whose="another address") is None


def test_a_try_that_turned_out_well_counts_for_nothing(world: World):
    me = world.ada.user_id
    for _ in range(TRIES - 1):
        attempt(me)
    for _ in range(TRIES):
        forget(attempt(me))
    assert wait(me) is None
    attempt(me)
    assert wait(me)


def test_a_hundred_failures_from_anywhere_slow_an_account_and_never_lock_it(world: World):
    me = world.ada.user_id
    assert SIGN_IN.slowed is not None
    attacked(me, ATTACKED - 1)
    for _ in range(SIGN_IN.slowed.tries):
        attempt(me)
    # A hundred and more by now: fewer are looked at, from wherever.
    assert wait(me) == NOON + SIGN_IN.slowed.within
    attacked(me, 1000)
    for _ in range(SIGN_IN.slowed.tries):
        attempt(me, network=THERE)
    assert wait(me, network=THERE)
    # Whoever knows the password gets in from where nobody guesses, however often others do.
    assert wait(me, network="1" * 32) is None


def test_an_account_is_slowed_by_its_own_failures_of_a_day_alone(world: World):
    ada, bob = world.ada.user_id, world.bob.user_id
    attacked(ada, ATTACKED, ago=REMEMBERED)
    attacked(bob, ATTACKED)
    attacked(0, ATTACKED)
    for user_id, whose in ((ada, "ada"), (0, "nobody"), (0, "ad"), (0, "adb")):
        for _ in range(TRIES - 1):
            attempt(user_id, whose=whose)
        assert wait(user_id, whose=whose) is None
    for user_id in (bob, 0):
        for _ in range(3):
            attempt(user_id)
        assert wait(user_id)


@pytest.mark.parametrize("door", [SIGN_UP, PASSWORD], ids=lambda door: door.name)
def test_other_doors_are_never_slowed(world: World, door: Door):
    attacked(world.ada.user_id, ATTACKED)
    for _ in range(door.limit.tries - 1):
        attempt(world.ada.user_id, door=door)
    assert wait(world.ada.user_id, door=door) is None


def test_a_try_that_is_refused_is_not_counted(world: World, at: Callable):
    for _ in range(TRIES):
        attempt(world.ada.user_id)
    at(NOON + timedelta(minutes=10))
    for _ in range(TRIES):
        assert wait(world.ada.user_id)
    at(NOON + WITHIN)
    assert wait(world.ada.user_id) is None
