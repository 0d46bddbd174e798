"""What operators do to accounts: only admins, and never to each other."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import db
from app.operations import accounts, admin, first_admin, sessions
from app.rules.errors import (
    Disabled,
    Invalid,
    InvitationSpent,
    NotYours,
    OutOfReach,
    SessionEnded,
)
from app.rules.identity import Actor, Password
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.world import NOON, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")

Act = Callable[[Session, Actor | None, int], None]
AS_TYPED = text("SELECT upper(email) FROM users WHERE id = :user")
ACTS: dict[str, Act] = {
    "premium": lambda session, by, user_id: admin.set_premium(session, by, user_id, True),
    "disable": admin.disable,
    "enable": admin.enable,
    "sign out": admin.sign_out,
    "delete": lambda session, by, user_id: admin.delete(
        session, by, user_id, session.scalar(AS_TYPED, {"user": user_id}) or ""
    ),
}
each_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


def do(act: Act, by: Actor | None, whom: Actor) -> None:
    with db.transaction() as session:
        act(session, by, whom.user_id)


def sign_in(me: Actor) -> Actor | None:
    with db.transaction() as session:
        return sessions.begin(session, me.user_id, Password(PASSWORD_HASH))


@each_act
def test_who_is_no_admin_now_does_nothing(world: World, act: Act):
    root = make.admin()
    assert world.ada
    assert world.bob
    with db.transaction() as session:
        accounts.set_admin(session, root.user_id, False)
    before = contents()
    for by in (root, world.bob):
        with pytest.raises(NotYours):
            do(act, by, world.ada)
    assert contents() == before


@each_act
def test_an_admin_who_is_signed_out_does_nothing(world: World, act: Act):
    root = make.admin()
    assert world.ada
    with db.transaction() as session:
        sessions.end(session, root)
    before = contents()
    with pytest.raises(SessionEnded):
        do(act, root, world.ada)
    assert contents() == before


@each_act
def test_an_admin_reaches_no_other_admin_and_a_command_does(world: World, act: Act):
    root, other = make.admin(), make.admin("other@example.org")
    before = contents()
    with pytest.raises(OutOfReach):
        do(act, root, other)
    assert contents() == before
    do(act, None, other)


@each_act
def test_an_account_that_is_not_there_is_told(world: World, act: Act):
    root = make.admin()
    for by in (root, None):
        with pytest.raises(NotYours):
            do(act, by, Actor(10**18, 1))


@each_act
def test_an_admin_does_to_the_own_account_no_more_than_change_its_plan(world: World, act: Act):
    root = make.admin()
    if act is ACTS["premium"]:
        do(act, root, root)
        assert scalar("SELECT is_premium FROM users") is True
        return
    with pytest.raises(OutOfReach):
        do(act, root, root)


def test_an_account_that_is_switched_off_is_signed_out_and_stays_so_until_it_is_on(world: World):
    make.keep(world.ada, world.habit)
    entries = scalar("SELECT count(*) FROM ledger_entries")
    do(admin.disable, make.admin(), world.ada)
    with pytest.raises(SessionEnded):
        make.keep(world.ada, world.habit)
    with pytest.raises(Disabled):
        sign_in(world.ada)
    assert scalar("SELECT count(*) FROM ledger_entries") == entries
    do(admin.enable, None, world.ada)
    assert sign_in(world.ada)


def test_signing_out_leaves_the_account_open(world: World):
    assert world.ada
    do(admin.sign_out, make.admin(), world.ada)
    with pytest.raises(SessionEnded):
        make.pillar(world.ada)
    assert sign_in(world.ada)


def become(me: Actor, token: str) -> None:
    with db.transaction() as session:
        first_admin.become(session, me, token)


def test_the_newest_link_makes_one_account_the_admin_once(world: World):
    old, token = make.first_admin_link(), make.first_admin_link()
    for refused in (old, "x" * 43, make.invite()):
        with pytest.raises(InvitationSpent):
            become(world.ada, refused)
    become(world.ada, token)
    assert scalar("SELECT is_admin FROM users WHERE id = :me", me=world.ada.user_id) is True
    with pytest.raises(InvitationSpent):
        become(world.bob, token)
    with db.transaction() as session:
        assert first_admin.make_link(session) is None


def test_a_link_is_dead_once_somebody_else_was_made_the_admin(world: World):
    token = make.first_admin_link()
    assert make.admin()
    with pytest.raises(InvitationSpent):
        become(world.ada, token)
    assert scalar("SELECT count(*) FROM users WHERE is_admin") == 1


def test_an_old_link_and_a_signed_out_account_make_no_admin(world: World):
    token, ada = make.first_admin_link(), world.ada
    with db.transaction() as session:
        sessions.end(session, ada)
    with pytest.raises(SessionEnded):
        become(ada, token)
    execute("UPDATE invitations SET created_at = created_at - interval '8 days'")
    execute("UPDATE invitations SET expires_at = :now", now=NOON)
    with pytest.raises(InvitationSpent):
        become(world.bob, token)


def test_a_command_is_written_down_too_and_by_no_admin(world: World):
    assert world.ada
    for act in list(ACTS.values())[:4]:
        do(act, None, world.ada)
    with db.transaction() as session:
        admin.appoint(session, world.ada.user_id, True)
        admin.appoint(session, world.ada.user_id, False)
    make.invite()
    told = "SELECT string_agg(event, ', ' ORDER BY id) FROM audit WHERE user_id = :user"
    assert scalar(told, user=world.ada.user_id) == (
        "signed up, premium plan given, account switched off, account switched on,"
        " signed out by an operator, made an admin, no admin any more"
    )
    assert scalar(told, user=0) == "invitation made"
    assert scalar("SELECT count(done_by) FROM audit") == 0


def test_nothing_is_deleted_whose_address_was_not_typed(world: World):
    root = make.admin()
    assert world.ada
    before = contents()
    for typed in ("", "ada@example.or", "root@example.org"):
        with pytest.raises(Invalid), db.transaction() as session:
            admin.delete(session, root, world.ada.user_id, typed)
    assert contents() == before
