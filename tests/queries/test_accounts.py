"""Accounts as they are read."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.infra import clock, db
from app.operations import sessions
from app.queries import accounts
from tests import world as make
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")


def test_claims_are_those_of_a_sign_in_that_lives(world: World, at: Callable):
    me = world.ada

    def is_believed() -> bool:
        with db.reading() as session:
            return accounts.claims(session, me, clock.now()) is not None

    assert make.claims(me).user_id == me.user_id
    at(NOON + timedelta(days=400) - timedelta(seconds=1))
    assert is_believed()
    at(NOON + timedelta(days=400))
    assert not is_believed()
    at(NOON)
    with db.transaction() as session:
        sessions.end(session, me)
    assert not is_believed()
