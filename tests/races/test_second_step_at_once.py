"""The second step under a crowd."""

import pytest
from flask import Flask

from app.infra import db
from app.operations import factors, second_step, sessions
from app.rules.factors import Code, Recovery, Use
from app.rules.identity import Password
from tests import world as make
from tests.races.crowd import at_once, counted
from tests.world import NOON, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")


def test_of_forty_who_send_one_code_at_once_one_comes_in(world: World, racing_app: Flask):
    """Line 11 of docs/security.md."""
    me, number = world.ada.user_id, world.code_app
    with db.transaction() as session:
        half = sessions.begin(session, me, Password(PASSWORD_HASH))
    before, code = counted("sessions"), Code(number, step=7)

    def finish(_number: int) -> bool:
        with db.transaction() as session:
            return second_step.finish(session, half, code) is not None

    assert sum(at_once(racing_app, 40, finish)) == 1
    assert counted("sessions") == before + 1


def test_of_forty_who_send_one_recovery_code_at_once_one_uses_it(world: World, racing_app: Flask):
    assert world.code_app
    make.recovery_codes(world.ada)
    me, code_hash = world.ada.user_id, make.recovery_hash(world.ada, 3)

    def use(_number: int) -> Use:
        with db.transaction() as session:
            sessions.lock_for_sign_in(session, me)
            return factors.use(session, me, Recovery(3, code_hash), NOON)

    assert at_once(racing_app, 40, use).count(Use.FIRST) == 1
    assert make.ways(world.ada).recovery_codes == 9
