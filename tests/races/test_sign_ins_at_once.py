"""Sign-ins under a crowd: the lock that makes a new password the end of every older sign-in."""

from threading import Event

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import text

from app.infra import db
from app.operations import accounts, sessions, tries
from app.operations.tries import Origin
from app.rules.errors import TooManyTries
from app.rules.identity import Actor, Password
from app.rules.tries import SIGN_IN
from tests.conftest import browser
from tests.races.crowd import at_once, counted, scalar
from tests.races.test_launcher import until
from tests.world import NOON, PASSWORD, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")

WITHIN = 10.0
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
_OLD = text("""
    INSERT INTO sign_in_failures (user_id, origin, failed_at)
    SELECT 0, 'old', CAST(:now AS timestamptz) - interval '1 day' FROM generate_series(1, 200)
""")


def test_a_sign_in_that_waits_for_a_new_password_begins_with_the_new_one_alone(
    world: World, racing_app: Flask
):
    ada, is_set = world.ada, Event()

    def set_password() -> None:
        with db.transaction() as session:
            accounts.set_password(session, ada.user_id, "another hash")
            session.flush()
            is_set.set()
            until(lambda: waiting(session) == 2, WITHIN, lambda: "nobody came to wait")

    def begin(password_hash: str) -> Actor | None:
        assert is_set.wait(WITHIN)
        with db.transaction() as session:
            return sessions.begin(session, ada.user_id, Password(password_hash))

    acts = [set_password, lambda: begin(PASSWORD_HASH), lambda: begin("another hash")]
    _, late, fresh = at_once(racing_app, 3, lambda number: acts[number]())
    assert late is None
    assert fresh is not None
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1


def test_of_sixty_tries_at_once_no_more_than_the_limit_are_looked_at(
    world: World, racing_app: Flask
):
    """Line 7 of docs/security.md."""

    def is_looked_at(_number: int) -> bool:
        try:
            with db.transaction() as session:
                tries.begin(session, SIGN_IN, world.ada.user_id, Origin("0", "f"), limited=True)
        except TooManyTries:
            return False
        return True

    assert world.ada
    assert sum(at_once(racing_app, 60, is_looked_at)) == SIGN_IN.limit.tries
    noted = f"SELECT count(*) FROM sign_in_failures WHERE user_id = {world.ada.user_id}"
    assert scalar(noted) == SIGN_IN.limit.tries


def test_two_sign_ins_that_make_an_old_hash_anew_at_once_are_both_right(
    world: World, racing_app: Flask
):
    assert world.ada
    raw = PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    with db.transaction() as session:
        session.execute(text("UPDATE users SET password_hash = :raw"), {"raw": raw})
    right = {"email": "ada@example.org", "password": PASSWORD}
    answers = at_once(racing_app, 4, lambda _: browser(racing_app).post("/login", data=right))
    assert [answer.status_code for answer in answers] == [303] * 4


def test_those_who_sweep_at_once_neither_wait_for_each_other_nor_fail(
    world: World, racing_app: Flask
):
    with db.transaction() as session:
        session.execute(text("DELETE FROM sign_in_failures"))
        session.execute(_OLD, {"now": NOON})

    def fail(number: int) -> None:
        for _ in range(10):
            with db.transaction() as session:
                tries.begin(session, SIGN_IN, 0, Origin("0", f"{number}"), limited=True)

    at_once(racing_app, 4, fail)
    assert counted("sign_in_failures") == 40


def waiting(session: object) -> int:
    """How many wait for a lock, seen from within a transaction."""
    return session.scalar(text(_WAITING))  # type: ignore[attr-defined,no-any-return]
