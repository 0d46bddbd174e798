"""Passkeys: made, used to sign in, removed; where browsers have them, and what is no passkey."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.infra import db
from app.operations import factors
from app.rules.errors import Invalid
from app.rules.factors import CHALLENGE_HOLDS, MOST_PASSKEYS
from app.web import passkeys
from tests import world as make
from tests.authenticator import PRESENT, VERIFIED, Authenticator
from tests.conftest import browser
from tests.views.database import contents, scalar
from tests.views.factors import SECURITY, asked
from tests.views.pages import page
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

MADE, SIGN_IN = f"{SECURITY}/passkeys", "/login/passkey"
AT_ONCE = timedelta(seconds=1)


@pytest.fixture
def device(world: World) -> Authenticator:
    """The device on which Ada's passkey is."""
    made = Authenticator()
    make.passkey(world.ada, made)
    return made


def is_in(client: FlaskClient) -> bool:
    return client.get("/pillars").status_code == 200


def sign_in(client: FlaskClient, device: Authenticator, **more: str) -> TestResponse:
    form, options = asked(page(client.get("/login?next=/pet")), SIGN_IN)
    return client.post(SIGN_IN, data=form.fields | {"credential": device.use(options)} | more)


def make_one(client: FlaskClient, device: Authenticator, **more: str) -> TestResponse:
    form, options = asked(page(client.get(f"{MADE}/new")), MADE)
    return client.post(MADE, data=form.fields | {"credential": device.make(options)} | more)


def test_it_is_made_named_and_opens_the_account_without_a_password(
    world: World, client: FlaskClient
):
    ada, device = world.signed_in(world.ada), Authenticator()
    answer = make_one(ada, device, name="My laptop")
    assert answer.headers["Location"] == f"{SECURITY}/codes"
    assert "My laptop" in ada.get(SECURITY).text
    assert sign_in(client, device).headers["Location"] == "/pet"
    assert is_in(client)


def test_it_opens_an_account_without_a_password_and_is_both_steps(
    world: World, client: FlaskClient, device: Authenticator
):
    make.code_app(world.ada)
    with db.transaction() as session:
        factors.remove_password(session, world.ada)
    assert sign_in(client, device).headers["Location"] == "/pet"


@pytest.mark.parametrize("counts", [True, False])
def test_what_was_signed_once_opens_nothing_a_second_time(
    world: World, client: FlaskClient, counts: bool
):
    device = Authenticator(counts=counts)
    make.passkey(world.ada, device)
    form, options = asked(page(client.get("/login")), SIGN_IN)
    sent = form.fields | {"credential": device.use(options)}
    assert client.post(SIGN_IN, data=sent).status_code == 303
    # A press that comes twice gets the same sign-in, while it is alive.
    assert browser(world.app).post(SIGN_IN, data=sent).status_code == 303
    client.post("/logout")
    stolen = browser(world.app)
    assert stolen.post(SIGN_IN, data=sent).status_code == 422
    assert stolen.post(SIGN_IN, data=sent | {"key": "another"}).status_code == 422
    assert not is_in(stolen)


def test_a_copy_whose_count_goes_back_opens_nothing(
    world: World, client: FlaskClient, device: Authenticator
):
    device.uses = 7
    assert sign_in(client, device).status_code == 303
    device.uses = 3
    assert sign_in(browser(world.app), device).status_code == 422


def test_what_was_asked_holds_for_a_while(
    world: World, client: FlaskClient, device: Authenticator, at: Callable
):
    for past, status in ((CHALLENGE_HOLDS, 303), (CHALLENGE_HOLDS + AT_ONCE, 422)):
        at(NOON)
        form, options = asked(page(client.get("/login")), SIGN_IN)
        at(NOON + past)
        sent = form.fields | {"credential": device.use(options)}
        assert browser(world.app).post(SIGN_IN, data=sent).status_code == status


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"flags": PRESENT}, id="nobody was recognised"),
        pytest.param({"flags": VERIFIED}, id="nobody was there"),
        pytest.param({"origin": "https://evil.example"}, id="a page elsewhere"),
        pytest.param({"origin": "http://localhost:81"}, id="another port"),
        pytest.param({"host": "evil.example"}, id="a passkey of elsewhere"),
    ],
)
def test_what_is_signed_otherwise_is_refused(world: World, client: FlaskClient, fault: dict):
    ada, bad = world.signed_in(world.ada), Authenticator(**fault)
    before = contents()
    answer = make_one(ada, bad)
    assert answer.status_code == 422
    assert "No passkey came of this." in answer.text
    assert contents() == before
    make.passkey(world.ada, bad)
    answer = sign_in(client, bad)
    assert answer.status_code == 422
    assert "This passkey opened no account." in answer.text
    assert not is_in(client)


def test_the_signature_of_another_key_is_refused(
    world: World, client: FlaskClient, device: Authenticator
):
    forger = Authenticator(secret=9, handle=device.handle)
    forger.credential = device.credential
    assert sign_in(client, forger).status_code == 422


@pytest.mark.parametrize("handle", [b"", b"\0" * 8, b"\xff" * 8, b"\xff" * 64])
def test_a_passkey_of_nobody_opens_nothing(
    client: FlaskClient, device: Authenticator, handle: bytes
):
    device.handle = handle
    assert sign_in(client, device).status_code == 422


def test_what_was_asked_for_one_purpose_answers_no_other(world: World, device: Authenticator):
    """What a page asks of somebody half way, or to make a passkey, signs nobody in."""
    client = world.half_way("ada@example.org")
    form, options = asked(page(client.get("/login/second-step")), "/login/second-step")
    sent = form.fields | {"credential": device.use(options)}
    assert browser(world.app).post(SIGN_IN, data=sent).status_code == 422


def test_what_was_asked_of_one_user_is_of_no_use_to_another(world: World):
    ada, bob, device = world.signed_in(world.ada), world.signed_in(world.bob), Authenticator()
    form, options = asked(page(ada.get(f"{MADE}/new")), MADE)
    sent = form.fields | {"credential": device.make(options)}
    # The page was drawn for another account; without its mark it is the challenge that says so.
    assert bob.post(MADE, data=sent).status_code == 403
    assert bob.post(MADE, data=sent | {"key": "another"}).status_code == 422
    assert ada.post(MADE, data=sent).status_code == 303


def test_the_same_passkey_is_there_once(world: World):
    ada, device = world.signed_in(world.ada), Authenticator()
    assert make_one(ada, device).status_code == 303
    again = make_one(ada, device)
    assert again.status_code == 422
    assert "This passkey is here already." in again.text


def test_a_name_that_cannot_be_is_told(world: World):
    answer = make_one(world.signed_in(world.ada), Authenticator(), name="x" * 81)
    assert answer.status_code == 422
    assert page(answer).error_of("name")
    assert scalar("SELECT count(*) FROM passkeys") == 0


def test_there_is_room_for_some(world: World):
    for number in range(MOST_PASSKEYS):
        make.passkey(world.ada, Authenticator(secret=number + 1), f"Device {number}")
    with pytest.raises(Invalid, match="There can be 20 of them"):
        make.passkey(world.ada, Authenticator(secret=99))


def test_a_factor_is_called_by_another_name_and_not_by_none(world: World, device: Authenticator):
    client = world.signed_in(world.ada)
    ways = [("passkeys", make.ways(world.ada).passkeys[0].id), ("apps", make.code_app(world.ada))]
    for kind, number in ways:
        place = f"{SECURITY}/{kind}/{number}"
        assert place in client.get(SECURITY).text
        refused = client.post(place, data={"name": "  "})
        assert refused.status_code == 422
        assert client.post(place, data={"name": f"Red <{kind}>"}).status_code == 303
        assert f"Red &lt;{kind}&gt;" in client.get(place).text
    shown = client.get(SECURITY).text
    assert "Red &lt;passkeys&gt;" in shown
    assert "Red &lt;apps&gt;" in shown


def test_the_last_way_to_sign_in_is_not_removed(world: World, device: Authenticator):
    ada, number = world.signed_in(world.ada), make.ways(world.ada).passkeys[0].id
    assert ada.post(f"{SECURITY}/password/remove").status_code == 303
    answer = ada.post(f"{MADE}/{number}/remove")
    assert answer.status_code == 422
    assert "you could not sign in without this passkey" in answer.text
    make.passkey(world.ada, Authenticator(secret=7))
    assert ada.post(f"{MADE}/{number}/remove").status_code == 303
    assert len(make.ways(world.ada).passkeys) == 1


def test_a_password_without_a_passkey_beside_it_is_not_removed(world: World):
    make.code_app(world.ada)
    ada = world.signed_in(world.ada)
    answer = ada.post(f"{SECURITY}/password/remove")
    assert answer.status_code == 422
    assert "You have no passkey" in answer.text
    assert scalar("SELECT password_hash FROM users")


def test_one_that_was_removed_opens_nothing(
    world: World, client: FlaskClient, device: Authenticator
):
    number = make.ways(world.ada).passkeys[0].id
    world.signed_in(world.ada).post(f"{MADE}/{number}/remove")
    assert sign_in(client, device).status_code == 422
    # Without a factor the password is enough again.
    sent = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post("/login", data=sent).headers["Location"] == "/"


def test_looking_at_the_sign_in_asks_the_database_nothing(
    client: FlaskClient, statements: Callable
):
    with statements() as seen:
        assert client.get("/login").status_code == 200
    assert seen == []


SITES = [
    (None, "http://localhost:8000", "localhost", "http://localhost:8000"),
    (None, "http://127.0.0.1:8000", None, None),
    (None, "http://192.168.1.5", None, None),
    (None, "http://habits.example.org", None, None),
    (None, "https://habits.example.org", "habits.example.org", "https://habits.example.org"),
    (None, "https://192.168.1.5", None, None),
    (None, "http://habits.localhost", "habits.localhost", "http://habits.localhost"),
    ("https://a.example:8443", "https://a.example:8443", "a.example", "https://a.example:8443"),
    ("https://a.example", "http://localhost", None, None),
    ("http://a.example", "http://a.example", None, None),
    ("http://localhost:8000", "http://localhost:8000", "localhost", "http://localhost:8000"),
]


@pytest.mark.parametrize(("own", "shown", "host", "origin"), SITES)
def test_passkeys_are_where_browsers_have_them_and_nowhere_else(
    app: Flask, own: str | None, shown: str, host: str | None, origin: str | None, monkeypatch
):
    monkeypatch.setitem(app.config, "PUBLIC_URL", own)
    with app.test_request_context(base_url=shown):
        here = passkeys.site()
    assert (here and here.host, here and here.origin) == (host, origin)


def test_elsewhere_no_page_asks_for_one_and_none_is_taken(world: World, device: Authenticator):
    ada, client = world.signed_in(world.ada), browser(world.app)
    form, options = asked(page(client.get("/login")), SIGN_IN)
    sent = form.fields | {"credential": device.use(options)}
    for each, path in ((client, "/login"), (ada, f"{MADE}/new"), (ada, SECURITY)):
        shown = each.get(path, base_url="http://127.0.0.1", headers={"Host": "127.0.0.1"})
        assert "data-passkey" not in shown.text
    answer = client.post(
        SIGN_IN, data=sent, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/login", "/login/second-step"])
def test_the_fields_tell_a_browser_what_they_are_for(
    world: World, device: Authenticator, path: str
):
    shown = page(world.half_way("ada@example.org").get(path))
    given = {
        field["name"]: field.get("autocomplete")
        for _tag, field in shown.elements
        if "name" in field
    }
    if path == "/login":
        assert given["email"] == "username webauthn"
    else:
        assert given["code"] == "one-time-code"
