"""Invitations: one account each, for a while, for whom they are meant."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.infra import db
from app.operations import accounts, invitations
from app.rules.errors import (
    Invalid,
    InvitationNeeded,
    InvitationSpent,
    NotYours,
    RegistrationClosed,
    SessionEnded,
)
from app.rules.identity import Actor
from app.rules.registration import Registration
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
DAYS = timedelta(days=1)


def sign_up(
    email: str = "eva@example.org",
    token: str | None = None,
    registration: Registration = Registration.INVITE,
) -> Actor:
    with db.transaction() as session:
        return accounts.sign_up(
            session, email, "hash", "UTC", registration=registration, invitation=token
        )


def withdraw(number: object, by: Actor | None = None) -> None:
    with db.transaction() as session:
        invitations.withdraw(session, by, int(str(number)))


def test_who_was_invited_comes_in_and_nobody_else(world: World):
    assert world.ada
    token = make.invite()
    with pytest.raises(InvitationNeeded):
        sign_up("bob@example.org")
    eva = sign_up("eva@example.org", token)
    assert scalar("SELECT used_by FROM invitations") == eva.user_id
    with pytest.raises(InvitationSpent):
        sign_up("bob@example.org", token)
    assert scalar("SELECT count(*) FROM users") == 2


def test_the_first_account_needs_no_invitation(app: object):
    sign_up()
    with pytest.raises(InvitationNeeded):
        sign_up("bob@example.org")


def test_no_invitation_leads_into_a_closed_place(world: World):
    assert world.ada
    with pytest.raises(RegistrationClosed):
        sign_up(token=make.invite(), registration=Registration.CLOSED)


def test_an_invitation_is_used_up_on_an_open_server_too(world: World):
    token = make.invite()
    sign_up(token=token, registration=Registration.OPEN)
    with pytest.raises(InvitationSpent):
        sign_up("bob@example.org", token, Registration.OPEN)


def test_a_token_that_nobody_made_is_none(world: World):
    assert world.ada
    make.first_admin_link("f" * 43)
    for token in ("", "x" * 43, "f" * 43, "\udcff"):
        with pytest.raises(InvitationSpent):
            sign_up(token=token)


def test_an_invitation_holds_to_the_last_second_of_its_days(world: World, at: At):
    assert world.ada
    first, second = make.invite(days=2), make.invite(days=2)
    at(NOON + 2 * DAYS - timedelta(seconds=1))
    sign_up("eva@example.org", first)
    at(NOON + 2 * DAYS)
    with pytest.raises(InvitationSpent):
        sign_up("bob@example.org", second)


def test_an_invitation_with_an_address_is_for_that_alone(world: World):
    assert world.ada
    token = make.invite(email="eva@example.org")
    with pytest.raises(InvitationSpent):
        sign_up("bob@example.org", token)
    sign_up("eva@example.org", token)


def test_a_sign_up_that_is_refused_uses_nothing_up(world: World):
    assert world.ada
    token = make.invite()
    with pytest.raises(Invalid):
        sign_up("ada@example.org", token)
    sign_up("eva@example.org", token)


def test_one_that_was_withdrawn_lets_nobody_in_and_one_that_was_used_stays_so(world: World):
    assert world.ada
    token = make.invite()
    for _ in range(2):
        withdraw(scalar("SELECT id FROM invitations"))
    with pytest.raises(InvitationSpent):
        sign_up(token=token)
    used = make.invite()
    sign_up(token=used)
    with pytest.raises(NotYours):
        withdraw(scalar("SELECT max(id) FROM invitations"))
    with pytest.raises(NotYours):
        withdraw(10**18)


def test_admins_invite_and_withdraw_and_nobody_else_does(world: World):
    root = make.admin()
    make.invite(by=root)
    number = scalar("SELECT id FROM invitations WHERE made_by = :me", me=root.user_id)
    assert world.bob
    execute("UPDATE sessions SET ended_at = :now WHERE user_id = :me", now=NOON, me=root.user_id)
    before = contents()
    for who, refusal in ((world.bob, NotYours), (root, SessionEnded)):
        with pytest.raises(refusal):
            make.invite(by=who)
        with pytest.raises(refusal):
            withdraw(number, who)
    assert contents() == before


def test_the_link_of_the_first_admin_is_no_invitation_to_withdraw(world: World):
    make.first_admin_link()
    with pytest.raises(NotYours):
        withdraw(scalar("SELECT id FROM invitations"))


def test_only_a_hash_of_the_token_is_stored(world: World):
    token = make.invite()
    assert len(token) >= 43
    assert scalar("SELECT count(*) FROM invitations i WHERE i::text LIKE :it", it=f"%{token}%") == 0


def test_what_became_of_one_is_remembered_for_a_season(world: World, at: At):
    make.invite(days=1)
    at(NOON + 91 * DAYS - timedelta(seconds=1))
    make.invite()
    assert scalar("SELECT count(*) FROM invitations") == 2
    at(NOON + 91 * DAYS)
    make.invite()
    assert scalar("SELECT count(*) FROM invitations") == 2


def test_a_deleted_account_leaves_no_trace_in_the_invitations(world: World):
    root = make.admin()
    eva = sign_up(token=make.invite(email="eva@example.org"))
    make.invite(by=root)
    for gone in (eva, root):
        with db.transaction() as session:
            accounts.delete(session, gone.user_id)
    assert scalar("SELECT count(*) FROM invitations") == 1
    assert scalar("SELECT count(made_by) FROM invitations") == 0
