"""Rate limits: sign-in and sign-up are slowed for who guesses, and for nobody else."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app.infra import db
from app.infra.limits import limiter
from app.models import SignInFailure
from app.web import access
from tests import world as make
from tests.conftest import MakeApp, browser
from tests.world import PASSWORD, World


@pytest.fixture(scope="module")
def place(make_app: MakeApp) -> Iterator[Flask]:
    """An app with its limits on, and Ada's account in it."""
    app = make_app(rate_limits=True)
    with app.app_context():
        make.user("ada@example.org")
    yield app
    # There is one limiter in a process, and the other tests want none.
    limiter.enabled = False


@pytest.fixture(autouse=True)
def _fresh(place: Flask) -> Iterator[None]:
    limiter.enabled = True
    with place.app_context():
        limiter.reset()
        with db.transaction() as session:
            session.execute(delete(SignInFailure))
    yield
    limiter.enabled = False


def url_of(app: Flask) -> str:
    return app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg2", "")


def sign_in(
    app: Flask, password: str, email: str = "ada@example.org", address: str = "127.0.0.1"
) -> TestResponse:
    return browser(app).post(
        "/login",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_the_eleventh_wrong_sign_in_is_told_to_wait(place: Flask):
    """Line 7 of docs/security.md."""
    assert [sign_in(place, "a guess").status_code for _ in range(10)] == [422] * 10
    answer = sign_in(place, "a guess")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1
    assert "Too many tries in a short time." in answer.text
    # The limit holds for who knows the password too, else it would tell which guess is right.
    assert sign_in(place, PASSWORD).status_code == 429
    assert sign_in(place, "a guess", email=" ADA@example.org").status_code == 429


def test_who_is_told_to_wait_is_in_the_log(place: Flask, caplog: pytest.LogCaptureFixture):
    for _ in range(11):
        sign_in(place, "a guess", address="192.0.2.3")
    last = caplog.messages[-1]
    assert last.startswith("too many tries: user ")
    assert last.endswith(" from 192.0.2.3")


def test_wrong_sign_ins_count_whichever_process_they_come_to(place: Flask, make_app: MakeApp):
    other = make_app(url_of(place), rate_limits=True)
    tries = [sign_in(app, "a guess").status_code for app in (place, other) for _ in range(5)]
    assert tries == [422] * 10
    assert sign_in(other, "a guess").status_code == 429


def test_after_a_hundred_failures_an_account_is_slowed_and_its_owner_still_gets_in(place: Flask):
    for number in range(100):
        assert sign_in(place, "a guess", address=f"192.0.2.{number}").status_code == 422
    # Known or not, an address is slowed alike.
    tried = [sign_in(place, "a guess", address="10.0.0.1").status_code for _ in range(4)]
    assert tried == [422] * 3 + [429]
    assert sign_in(place, PASSWORD, address="10.0.0.1").status_code == 429
    assert [sign_in(place, PASSWORD, address="10.0.0.2").status_code for _ in range(9)] == [303] * 9


def test_the_owner_at_another_address_still_gets_in(place: Flask):
    """Line 7 of docs/security.md."""
    for _ in range(10):
        sign_in(place, "a guess")
    # Two addresses of the loopback range are two addresses.
    for address in ("127.0.0.2", "10.0.0.7", "::1", "2001:db8::1"):
        assert sign_in(place, PASSWORD, address=address).status_code == 303


def test_another_account_at_the_same_address_still_gets_in(place: Flask):
    for _ in range(12):
        sign_in(place, "a guess", email="eve@example.org")
    assert sign_in(place, "a guess", email="eve@example.org").status_code == 429
    assert sign_in(place, PASSWORD).status_code == 303


def test_the_right_password_counts_for_nothing(place: Flask):
    assert [sign_in(place, PASSWORD).status_code for _ in range(11)] == [303] * 11


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8::2:0:0:1", "2001:db8::"),
        ("2001:db8::1", "2001:db8::"),
        ("::1", "::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("a proxy that lies", "a proxy that lies"),
        ("", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_64_of_an_ipv6_one(
    place: Flask, remote: str, network: str
):
    with place.test_request_context(environ_overrides={"REMOTE_ADDR": remote}):
        assert access.address() == network


def test_addresses_of_one_network_wait_together(place: Flask):
    for number in range(10):
        sign_in(place, "a guess", address=f"2001:db8::{number}")
    assert sign_in(place, "a guess", address="2001:db8::ffff").status_code == 429
    assert sign_in(place, PASSWORD, address="2001:db8:0:1::1").status_code == 303


def test_behind_a_proxy_the_address_is_what_the_proxy_says_and_not_what_a_client_says(
    place: Flask, make_app: MakeApp
):
    """Line 44 of docs/security.md."""
    behind = make_app(url_of(place), rate_limits=True, proxy_hops=1)

    def sign_in_from(forwarded: str, app: Flask = behind) -> int:
        sent = {"email": "ada@example.org", "password": "a guess"}
        headers = {"X-Forwarded-For": forwarded}
        return browser(app).post("/login", data=sent, headers=headers).status_code

    # The last address is the proxy's word; those before it are anybody's.
    assert {sign_in_from(f"203.0.113.{number}, 192.0.2.1") for number in range(10)} == {422}
    assert sign_in_from("192.0.2.1") == 429
    assert sign_in_from("192.0.2.1, 192.0.2.2") == 422
    # Where no proxy is said to be, nobody's word counts.
    assert {sign_in_from(f"203.0.113.{number}", place) for number in range(10)} == {422}
    assert sign_in_from("203.0.113.99", place) == 429


def test_one_address_signs_up_sixty_times_an_hour(place: Flask, make_app: MakeApp):
    def sign_up(address: str, app: Flask = place) -> int:
        sent = {"email": "nobody", "password": "short"}
        client = browser(app)
        overrides = {"REMOTE_ADDR": address}
        return client.post("/signup", data=sent, environ_overrides=overrides).status_code

    assert [sign_up("192.0.2.9") for _ in range(61)] == [422] * 60 + [429]
    assert sign_up("192.0.2.10") == 422
    # Whichever process they come to.
    assert sign_up("192.0.2.9", make_app(url_of(place), rate_limits=True)) == 429


def test_another_site_cannot_use_up_anybodys_tries(place: Flask):
    client = browser(place)
    for _ in range(130):
        sent = {"email": "ada@example.org", "password": "a guess"}
        answer = client.post("/login", data=sent, headers={"Origin": "http://evil.example"})
        assert answer.status_code == 403
    assert sign_in(place, PASSWORD).status_code == 303


def test_a_body_past_all_bounds_is_refused_as_such(place: Flask):
    """Line 34 of docs/security.md."""
    sent = {"email": "x" * 300_000, "password": "y"}
    assert browser(place).post("/login", data=sent).status_code == 413


def test_looking_at_the_forms_and_committing_have_no_limit(place: Flask):
    with place.app_context():
        world = World(place)
        me = make.user("kim@example.org")
        habit_id = make.habit(me, make.pillar(me))
        client = world.signed_in(me)
    for _ in range(40):
        assert client.post(f"/habits/{habit_id}/commit").status_code == 303
        assert client.post(f"/habits/{habit_id}/undo").status_code == 303
    for _ in range(61):
        assert client.get("/signup").status_code == 200


def change(client: FlaskClient, current: str, password: str) -> int:
    sent = {"current": current, "password": password}
    return client.post("/settings/password", data=sent).status_code


def test_ten_wrong_tries_at_another_password_are_told_to_wait(place: Flask):
    with place.app_context():
        world = World(place)
        people = [make.user(f"{name}@example.org") for name in ("lea", "max")]
        lea, max_ = (world.signed_in(me) for me in people)
    assert [change(lea, "a guess", PASSWORD) for _ in range(9)] == [422] * 9
    # A weak new one is a try too.
    assert change(lea, PASSWORD, "short") == 422
    assert change(lea, "a guess", PASSWORD) == 429
    told = lea.post("/settings/password", data={"current": "a guess", "password": PASSWORD})
    assert 1 < int(told.headers["Retry-After"]) <= 15 * 60 + 1
    assert change(lea, PASSWORD, PASSWORD) == 429
    assert change(max_, PASSWORD, PASSWORD) == 303


def test_a_password_that_was_changed_counts_for_nothing(place: Flask):
    with place.app_context():
        ned = World(place).signed_in(make.user("ned@example.org"))
    assert [change(ned, PASSWORD, PASSWORD) for _ in range(12)] == [303] * 12
    assert [change(ned, "a guess", PASSWORD) for _ in range(11)] == [422] * 10 + [429]


def test_a_limit_tells_htmx_in_a_sentence(place: Flask):
    for _ in range(10):
        sign_in(place, "a guess")
    answer = browser(place).post(
        "/login",
        data={"email": "ada@example.org", "password": "a guess"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 429
    assert answer.text.startswith("<hx-partial")


def test_the_eleventh_wrong_code_is_told_to_wait_wherever_it_comes_from(place: Flask):
    """Line 11 of docs/security.md."""
    with place.app_context():
        make.code_app(make.user("eve@example.org"))
    client = make.World(place).half_way("eve@example.org")

    def typed(code: str, network: int) -> int:
        origin = {"REMOTE_ADDR": f"192.0.2.{network}"}
        sent = {"code": code}
        return client.post("/login/second-step", data=sent, environ_overrides=origin).status_code

    assert [typed("123456", number) for number in range(10)] == [422] * 10
    assert typed(make.code(), 11) == 429


def test_somebody_exports_twelve_times_an_hour_and_others_all_the_same(place: Flask):
    with place.app_context():
        world = World(place)
        lou, mia = (world.signed_in(make.user(f"{name}@example.org")) for name in ("lou", "mia"))
    assert [lou.post("/export").status_code for _ in range(13)] == [200] * 12 + [429]
    assert mia.post("/export").status_code == 200
    assert browser(place).post("/export").headers["Location"] == "/login"


def test_addresses_of_feeds_cannot_be_guessed_quickly(place: Flask):
    guesses = [browser(place).get(f"/calendar/1-{n:030}.ics").status_code for n in range(61)]
    assert guesses == [404] * 60 + [429]
