"""Second factors: whoever has the account is told of every change, by a letter."""

from collections.abc import Callable

import pytest
from flask import current_app

from app.infra import db
from app.operations import factors
from app.queries import outbox
from app.rules.audit import Event, sentence
from app.rules.identity import Actor
from app.web.letters import write
from tests import world as make
from tests.authenticator import Authenticator
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


def _remove_passkey(ada: Actor) -> None:
    passkey = make.ways(ada).passkeys[0].id
    with db.transaction() as writing:
        factors.remove_passkey(writing, ada, passkey)


def _remove_code_app(ada: Actor) -> None:
    app = make.ways(ada).code_apps[0].id
    with db.transaction() as writing:
        factors.remove_code_app(writing, ada, app)


def _remove_password(ada: Actor) -> None:
    with db.transaction() as writing:
        factors.remove_password(writing, ada)


def _remove_all(ada: Actor) -> None:
    with db.transaction() as writing:
        factors.remove_all(writing, ada.user_id)


CHANGES: dict[Event, Callable[[Actor], object]] = {
    Event.CODE_APP_ADDED: make.code_app,
    Event.CODE_APP_REMOVED: _remove_code_app,
    Event.PASSKEY_ADDED: lambda ada: make.passkey(ada, Authenticator(secret=52)),
    Event.PASSKEY_REMOVED: _remove_passkey,
    Event.PASSWORD_REMOVED: _remove_password,
    Event.RECOVERY_CODES_MADE: make.recovery_codes,
    Event.FACTORS_REMOVED: _remove_all,
}


@pytest.mark.parametrize("event", CHANGES)
def test_a_letter_tells_of_every_change_and_cannot_be_turned_off(world: World, event: Event):
    """Line 13 of docs/security.md."""
    make.code_app(world.ada)
    make.passkey(world.ada, Authenticator())
    with db.reading() as reading:
        before = {one.id for one in outbox.latest(reading, 9)}
    CHANGES[event](world.ada)
    with db.reading() as reading:
        (told,) = [one for one in outbox.latest(reading, 9) if one.id not in before]
    letter = write(current_app, told)
    assert (told.address, told.subscription) == ("ada@example.org", None)
    assert sentence(event) in letter.text
    assert sentence(event) in letter.html
    assert "/settings/security" in letter.text
