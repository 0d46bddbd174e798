"""Links by mail: hard to guess, used once, for one purpose, and ended with what they are about."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.infra import db
from app.operations import accounts, addresses, links
from app.rules.errors import LinkSpent
from app.rules.links import LASTS, Purpose
from tests.views.database import execute, scalar
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

MINE = "ada@example.org"


def made(world: World, purpose: Purpose = Purpose.RESET, email: str = MINE) -> str:
    me = world.ada.user_id
    with db.transaction() as session:
        return links.make(session, purpose, me, email)


def use(token: str, *purposes: Purpose, key: str | None = None) -> bool:
    """Use a link; tell whether that was the first time."""
    with db.transaction() as session:
        return links.use(session, token, key, *(purposes or (Purpose.RESET,)))[1]


def is_good(token: str, purpose: Purpose = Purpose.RESET) -> bool:
    with db.reading() as reading:
        return links.look(reading, token, None, purpose) is not None


def test_a_token_cannot_be_guessed_and_is_not_stored(world: World):
    """Line 10 of docs/security.md."""
    tokens = {made(world) for _ in range(20)}
    assert len({token.partition(".")[2] for token in tokens}) == 20
    # 43 letters of 6 bits each.
    assert all(len(token.partition(".")[2]) == 43 for token in tokens)
    for token in tokens:
        stored = "SELECT count(*) FROM links l WHERE position(:secret IN l::text) > 0"
        assert scalar(stored, secret=token.partition(".")[2]) == 0


def test_a_link_is_used_once(world: World):
    """Line 10 of docs/security.md."""
    token = made(world)
    assert is_good(token)
    assert use(token)
    assert not is_good(token)
    with pytest.raises(LinkSpent):
        use(token)


def test_the_form_that_has_used_a_link_may_come_again_and_no_other(world: World):
    token = made(world)
    assert use(token, key="one")
    assert not use(token, key="one")
    with pytest.raises(LinkSpent):
        use(token, key="two")
    with pytest.raises(LinkSpent):
        use(token, Purpose.MOVE, key="one")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_good_for_its_time_and_no_longer(world: World, at: Callable, purpose: Purpose):
    """Line 10 of docs/security.md."""
    token = made(world, purpose)
    within = LASTS[purpose]
    assert within <= timedelta(hours=1) or purpose is Purpose.RETURN
    at(NOON + within - timedelta(seconds=1))
    assert is_good(token, purpose)
    at(NOON + within)
    assert not is_good(token, purpose)
    with pytest.raises(LinkSpent):
        use(token, purpose)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_good_for_its_purpose_alone(world: World, purpose: Purpose):
    token = made(world, purpose)
    others = [other for other in Purpose if other is not purpose]
    with pytest.raises(LinkSpent):
        use(token, *others)
    assert use(token, purpose)


def test_a_link_is_that_of_its_account_alone(world: World):
    """Line 10 of docs/security.md."""
    token = made(world)
    secret = token.partition(".")[2]
    for other in (world.bob.user_id, 0):
        with pytest.raises(LinkSpent):
            use(f"{other}.{secret}")


@pytest.mark.parametrize(
    "token",
    ["", ".", "1.", "x.y", "1." + "a" * 42, "1." + "a" * 44, "01." + "a" * 43, "-1." + "a" * 43,
     "9" * 19 + "." + "a" * 43, "9" * 20 + "." + "a" * 43, "1." + "é" * 43, "1." + "\0" * 43,
     "1." + "a" * 43 + "\n", "\ud800." + "a" * 43, "١." + "a" * 43],
)  # fmt: skip
def test_what_is_no_token_is_good_for_nothing(world: World, token: str):
    assert world.ada
    assert not is_good(token)
    with pytest.raises(LinkSpent):
        use(token)


@pytest.mark.parametrize(
    "deed",
    [
        lambda session, me: accounts.set_password(session, me.user_id, "another"),
        lambda session, me: addresses.move(session, me, "ada@example.net"),
    ],
    ids=["password", "address"],
)
def test_another_password_or_address_ends_the_links_that_are_about(world: World, deed: Callable):
    """Line 10 of docs/security.md."""
    about = {purpose: made(world, purpose) for purpose in Purpose}
    bob = world.bob.user_id
    with db.transaction() as session:
        theirs = links.make(session, Purpose.RESET, bob, "bob@example.org")
    with db.transaction() as session:
        deed(session, world.ada)
    assert is_good(theirs)
    # Whoever has taken an account sets a password next: the owner's way back is not theirs to end.
    assert {purpose for purpose in Purpose if is_good(about[purpose], purpose)} == {Purpose.RETURN}


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.RESET])
def test_a_link_to_an_address_that_the_account_has_no_more_proves_nothing(
    world: World, purpose: Purpose
):
    """Line 10 of docs/security.md."""
    token = made(world, purpose, "old@example.org")
    with db.transaction() as session:
        link, _is_first = links.use(session, token, None, purpose)
    with pytest.raises(LinkSpent), db.transaction() as session:
        addresses.prove(session, link.user_id, link.email)


def test_links_that_are_too_old_are_swept_up(world: World, at: Callable):
    tokens = made(world), made(world, Purpose.RETURN)
    at(NOON + timedelta(hours=1))
    with db.transaction() as session:
        accounts.set_password(session, world.ada.user_id, "another")
    assert scalar("SELECT count(*) FROM links") == 1
    assert is_good(tokens[1], Purpose.RETURN)


def test_an_account_that_is_deleted_takes_its_links_along(world: World):
    made(world)
    execute("UPDATE links SET used_at = :now", now=NOON)
    with db.transaction() as session:
        accounts.delete(session, world.ada.user_id)
    assert scalar("SELECT count(*) FROM links") == 0
