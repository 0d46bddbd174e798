"""One link by mail in the hands of many at once."""

from contextlib import suppress

import pytest
from flask import Flask

from app.infra import db
from app.operations import factors, links, resets, second_step, sessions
from app.rules.errors import LinkSpent, NotYours
from app.rules.factors import Code
from app.rules.identity import Password
from app.rules.links import Purpose
from tests import world as make
from tests.races.crowd import at_once, counted, scalar
from tests.world import PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")


def test_of_twenty_who_use_one_reset_link_at_once_one_sets_the_password(
    world: World, racing_app: Flask
):
    """Line 10 of docs/security.md."""
    me = world.ada.user_id
    with db.transaction() as session:
        token = links.make(session, Purpose.RESET, me, "ada@example.org")

    def reset(number: int) -> bool:
        try:
            with db.transaction() as session:
                resets.reset(session, token, f"hash {number}", f"key {number}")
        except LinkSpent:
            return False
        return True

    done = at_once(racing_app, 20, reset)
    assert sum(done) == 1
    assert scalar("SELECT password_hash FROM users") == f"hash {done.index(True)}"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'password-changed'") == 1


def test_a_factor_that_goes_while_its_code_comes_in_opens_once_or_not(
    world: World, racing_app: Flask
):
    me, number = world.ada.user_id, world.code_app
    make.recovery_codes(world.ada)
    with db.transaction() as session:
        half = sessions.begin(session, me, Password(PASSWORD_HASH))
    before = counted("sessions")

    def act(who: int) -> bool:
        with db.transaction() as session:
            if who % 10 == 0:
                with suppress(NotYours):
                    factors.remove_code_app(session, world.ada, number)
                return False
            return second_step.finish(session, half, Code(number, step=7)) is not None

    opened = sum(at_once(racing_app, 20, act))
    assert opened <= 1
    assert counted("sessions") == before + opened
    assert not make.ways(world.ada).have_factor
    assert counted("recovery_codes") == 0
