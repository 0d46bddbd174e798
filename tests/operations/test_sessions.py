"""Sign-ins: what one needs to begin, until when it holds, when it was used, and what is swept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import accounts, owner, sessions, tries
from app.operations.sweep import AT_ONCE
from app.operations.tries import Origin
from app.rules.errors import SessionEnded
from app.rules.identity import Actor, Password
from app.rules.tries import SIGN_IN
from tests import world as make
from tests.world import NOON, PASSWORD_HASH, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
A_MOMENT = timedelta(seconds=1)
# The row of a worker of the version before, and a row of any age.
MADE_BEFORE = "INSERT INTO sessions (user_id, created_at) VALUES (:user, :at) RETURNING id"
FAILED = "INSERT INTO sign_in_failures (user_id, origin, failed_at) VALUES (:user, :origin, :at)"
ENDED = "INSERT INTO sessions (user_id, created_at, ended_at) VALUES (:user, :at, :at)"


def execute(statement: str, **values: object) -> object:
    """Run a statement and return the value that it returns, if it returns one."""
    with db.transaction() as session:
        found = session.execute(text(statement), values)
        return found.scalar() if found.returns_rows else None


def scalar(statement: str, **values: object) -> object:
    """Return the one value that a statement reads."""
    with db.reading() as session:
        return session.scalar(text(statement), values)


def begin(user_id: int, password_hash: str = PASSWORD_HASH) -> Actor | None:
    with db.transaction() as session:
        return sessions.begin(session, user_id, Password(password_hash))


def end(me: Actor) -> None:
    with db.transaction() as session:
        sessions.end(session, me)


def fail(user_id: int) -> None:
    with db.transaction() as session:
        tries.begin(session, SIGN_IN, user_id, Origin("0", "f"), limited=True)


def set_name(me: Actor) -> None:
    with db.transaction() as session:
        accounts.set_preferences(session, me, "Ada")


def used(me: Actor) -> object:
    return scalar("SELECT last_used_at FROM sessions WHERE id = :id", id=me.credential)


def test_a_proof_shows_no_hash_where_it_is_written_out():
    assert PASSWORD_HASH not in repr(Password(PASSWORD_HASH))


def test_a_sign_in_is_that_of_a_browser_for_400_days(world: World):
    me = begin(world.ada.user_id)
    assert me is not None
    expires, kind, label = (
        scalar(f"SELECT {column} FROM sessions WHERE id = :id", id=me.credential)
        for column in ("expires_at", "kind", "label")
    )
    assert (expires, kind, label) == (NOON + 400 * DAYS, "browser", "")


@pytest.mark.parametrize("user_id", [0, 999_999])
def test_nobody_signs_in_as_a_user_who_is_not_there(app: object, user_id: int):
    assert begin(user_id) is None


@pytest.mark.parametrize("proof", ["", "!", pytest.param(PASSWORD_HASH, id="the one it had")])
def test_an_account_without_a_password_is_opened_by_none(world: World, proof: str):
    execute("UPDATE users SET password_hash = NULL WHERE id = :id", id=world.ada.user_id)
    assert begin(world.ada.user_id, proof) is None
    assert begin(world.bob.user_id) is not None


def test_an_expired_sign_in_writes_and_claims_nothing(world: World, at: At):
    me = world.ada
    execute("UPDATE sessions SET expires_at = :end WHERE id = :id", end=NOON, id=me.credential)
    at(NOON - A_MOMENT)
    set_name(me)
    assert make.claims(me)
    at(NOON)
    with pytest.raises(SessionEnded):
        set_name(me)
    with pytest.raises(AssertionError):
        make.claims(me)


def test_a_sign_in_from_before_it_said_until_when_holds_for_400_days(world: World, at: At):
    number = execute(MADE_BEFORE, user=world.ada.user_id, at=NOON)
    assert scalar("SELECT kind || label FROM sessions WHERE id = :id", id=number) == "browser"
    me = Actor(world.ada.user_id, int(str(number)))
    at(NOON + 400 * DAYS - A_MOMENT)
    set_name(me)
    assert make.claims(me)
    at(NOON + 400 * DAYS)
    with pytest.raises(SessionEnded):
        set_name(me)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda me, _habit, _day: set_name(me), id="an operation"),
        pytest.param(make.keep, id="a commit"),
        pytest.param(make.take_back, id="an undo"),
    ],
)
def test_when_a_sign_in_was_used_is_known_to_the_hour(world: World, at: At, write: Callable):
    me, other = world.ada, begin(world.ada.user_id)
    assert other is not None
    days = [TUESDAY - back * DAYS for back in range(5)]
    if write is make.take_back:
        for day in days:
            make.keep(me, world.habit, day)
    assert world.habit
    assert used(me) is None
    for day, moment, noted in [
        (days[0], NOON, None),
        (days[1], NOON + HOURS - A_MOMENT, None),
        (days[2], NOON + HOURS, NOON + HOURS),
        (days[3], NOON + 2 * HOURS - A_MOMENT, NOON + HOURS),
        (days[4], NOON + 30 * HOURS, NOON + 30 * HOURS),
    ]:
        at(moment)
        write(me, world.habit, day)
        assert used(me) == noted
    assert used(other) is None


def test_a_write_that_is_refused_does_not_count_as_use(world: World, at: At):
    me = world.ada
    end(me)
    at(NOON + 2 * HOURS)
    with pytest.raises(SessionEnded):
        set_name(me)
    assert used(me) is None
    assert scalar("SELECT version FROM users") == 0


def test_a_write_opens_with_two_statements_whether_or_not_it_notes_its_use(
    world: World, at: At, statements: Callable
):
    me = world.ada
    for moment in (NOON, NOON + 2 * HOURS):
        at(moment)
        with statements() as seen, db.transaction() as session:
            owner.begin_change(session, me, moment)
        assert len(seen) == 2


SWEEPERS = [
    pytest.param(lambda me: begin(me.user_id), id="signing in"),
    pytest.param(end, id="signing out"),
    pytest.param(lambda me: fail(me.user_id), id="a wrong password"),
]


def change_password(me: Actor) -> None:
    with db.transaction() as session:
        accounts.change_password(session, me, "another hash")


@pytest.mark.parametrize("act", [*SWEEPERS, pytest.param(change_password, id="a new password")])
def test_rare_writes_sweep_a_few_rows_of_this_user_that_count_no_longer(world: World, act):
    me = world.ada
    # Plans that read a part of a statement again and again: no more rows may go by them.
    for way in ("material", "hashjoin", "mergejoin", "hashagg", "sort"):
        execute(f"SET LOCAL enable_{way} = off")
    for user in (world.bob.user_id, me.user_id):
        for _ in range(AT_ONCE + 1):
            execute(ENDED, user=user, at=NOON - 30 * DAYS)
            execute(FAILED, user=user, at=NOON - DAYS, origin="old")
    act(me)
    old_sessions = "SELECT count(*) FROM sessions WHERE user_id = :user AND created_at < :at"
    old_failures = "SELECT count(*) FROM sign_in_failures WHERE user_id = :user AND origin = 'old'"
    for user, left in ((me.user_id, 1), (world.bob.user_id, AT_ONCE + 1)):
        assert scalar(old_sessions, user=user, at=NOON - DAYS) == left
        assert scalar(old_failures, user=user) == left


def test_what_still_counts_is_left(world: World):
    me = world.ada
    execute(ENDED, user=me.user_id, at=NOON - 30 * DAYS + A_MOMENT)
    execute(FAILED, user=me.user_id, at=NOON - DAYS + A_MOMENT, origin="fresh")
    execute(MADE_BEFORE, user=me.user_id, at=NOON - 210 * DAYS + A_MOMENT)
    end(me)
    assert scalar("SELECT count(*) FROM sessions") == 3
    assert scalar("SELECT count(*) FROM sign_in_failures") == 1


@pytest.mark.parametrize(
    "gone",
    [
        "INSERT INTO sessions (user_id, created_at) VALUES (:user, :began)",
        "INSERT INTO sessions (user_id, created_at, expires_at) VALUES (:user, :began, :then)",
        "INSERT INTO sessions (user_id, created_at, expires_at, ended_at)"
        " VALUES (:user, :began, :later, :then)",
        "INSERT INTO sessions (user_id, created_at, expires_at, ended_at)"
        " VALUES (:user, :began, :then, :later)",
    ],
)
def test_what_ended_or_expired_thirty_days_ago_goes_whichever_came_first(world: World, gone: str):
    me, then = world.ada, NOON - 30 * DAYS
    execute(gone, user=me.user_id, began=then - 400 * DAYS, then=then, later=NOON + DAYS)
    end(me)
    assert scalar("SELECT count(*) FROM sessions") == 1


def test_wrong_passwords_for_addresses_that_nobody_has_are_swept_too(world: World):
    for user in (0, world.ada.user_id):
        execute(FAILED, user=user, at=NOON - DAYS, origin="old")
    fail(0)
    assert scalar("SELECT count(*) FROM sign_in_failures WHERE user_id = 0") == 1
    assert scalar("SELECT count(*) FROM sign_in_failures") == 2


def test_an_ordinary_write_sweeps_nothing(world: World):
    me, habit = world.ada, world.habit
    execute(ENDED, user=me.user_id, at=NOON - 90 * DAYS)
    execute(FAILED, user=me.user_id, at=NOON - DAYS, origin="old")
    set_name(me)
    make.keep(me, habit)
    assert scalar("SELECT count(*) FROM sessions") == 2
    assert scalar("SELECT count(*) FROM sign_in_failures") == 1
