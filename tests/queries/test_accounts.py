"""Accounts as they are read: how long somebody who guesses has to wait."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.infra import clock, db
from app.operations import sessions
from app.queries import accounts
from app.rules.identity import TRIES, TRIES_WITHIN
from tests import world as make
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")


def fail(user_id: int, times: int, origin: str = "here") -> None:
    with db.transaction() as session:
        for _ in range(times):
            sessions.note_failure(session, user_id, origin)


def wait(user_id: int, origin: str = "here") -> datetime | None:
    with db.reading() as session:
        return accounts.wait_until(session, user_id, origin, clock.now())


def test_so_many_wrong_passwords_and_the_account_waits_until_the_first_is_forgotten(
    world: World, at: Callable
):
    me = world.ada.user_id
    fail(me, 1)
    at(NOON + timedelta(minutes=5))
    fail(me, TRIES - 2)
    assert wait(me) is None
    fail(me, 1)
    assert wait(me) == NOON + TRIES_WITHIN
    at(NOON + TRIES_WITHIN - timedelta(seconds=1))
    assert wait(me) == NOON + TRIES_WITHIN
    at(NOON + TRIES_WITHIN)
    assert wait(me) is None
    fail(me, 1)
    assert wait(me) == NOON + timedelta(minutes=5) + TRIES_WITHIN


def test_each_account_and_each_origin_waits_alone(world: World):
    ada, bob = world.ada.user_id, world.bob.user_id
    fail(ada, TRIES)
    assert wait(ada)
    assert wait(ada, "elsewhere") is None
    assert wait(bob) is None
    assert wait(0) is None


def test_claims_are_those_of_a_sign_in_that_lives(world: World, at: Callable):
    me = world.ada

    def is_believed() -> bool:
        with db.reading() as session:
            return accounts.claims(session, me, clock.now()) is not None

    assert make.claims(me).user_id == me.user_id
    at(NOON + timedelta(days=180) - timedelta(seconds=1))
    assert is_believed()
    at(NOON + timedelta(days=180))
    assert not is_believed()
    at(NOON)
    with db.transaction() as session:
        sessions.end(session, me)
    assert not is_believed()
