"""A forgotten password: a letter, and a new one for whoever reads it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import browser
from tests.views.cached_pages import HTMX
from tests.views.database import contents, execute, scalar
from tests.views.letters import letter, letters, switch_mail_on
from tests.views.pages import Form, page
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at", "mail")

ADA, FRESH = "ada@example.org", "another horse battery staple"


def ask(client: FlaskClient) -> str:
    """Ask for a new password of Ada's, and return the link that comes by mail."""
    form = page(client.get("/forgot")).form("/forgot")
    answer = client.post("/forgot", data=form.fields | {"email": ADA})
    assert answer.headers["Location"] == "/sent"
    return letter(ADA, "reset").link


def form_at(client: FlaskClient, link: str) -> Form:
    return page(client.get(link)).form("/reset")


def signs_in(app: Flask, password: str) -> bool:
    sent = {"email": ADA, "password": password}
    return browser(app).post("/login", data=sent).status_code == 303


def test_a_letter_leads_to_a_new_password_and_out_of_every_sign_in(world: World, app: Flask):
    """Lines 12 and 18 of docs/security.md."""
    hers, other = world.signed_in(world.ada), browser(app)
    form = form_at(other, ask(other))
    answer = other.post("/reset", data=form.fields | {"password": FRESH})
    assert answer.headers["Location"] == "/login"
    assert "The password is changed" in other.get("/login").text
    # A link signs nobody in: what is asked for beside the password is asked for still.
    assert other.get("/pillars").status_code == 303
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0
    assert hers.post("/pet", data={"name": "Miso"}).headers["Location"] == "/login"
    assert (signs_in(app, PASSWORD), signs_in(app, FRESH)) == (False, True)
    assert letter(ADA, "password-changed")
    assert scalar("SELECT count(*) FROM users WHERE verified_at = :now", now=NOON) == 1


def test_who_is_signed_in_here_is_signed_out_at_once_and_nobody_else(world: World):
    ada, bob = world.signed_in(world.ada), world.signed_in(world.bob)
    for client in (bob, ada):
        form = form_at(client, ask(client))
        client.post("/reset", data=form.fields | {"password": FRESH})
    assert bob.get("/pillars").status_code == 200
    assert ada.get("/pillars").status_code == 303


def test_the_same_form_sent_twice_says_the_same_and_another_one_does_nothing(
    world: World, app: Flask
):
    assert world.ada
    client = browser(app)
    form = form_at(client, ask(client))
    for _ in range(2):
        answer = client.post("/reset", data=form.fields | {"password": FRESH})
        assert answer.headers["Location"] == "/login"
    assert len([each for each in letters() if each.kind == "password-changed"]) == 1
    other = form.fields | {"key": "another", "password": PASSWORD}
    assert client.post("/reset", data=other).headers["Location"] == "/forgot"
    assert "This link was used already" in client.get("/forgot").text
    assert signs_in(app, FRESH)


def test_a_weak_password_is_refused_and_uses_nothing_up(world: World, client: FlaskClient):
    assert world.ada
    form = form_at(client, ask(client))
    for weak in ("short", ADA, "password123"):
        answer = client.post("/reset", data=form.fields | {"password": weak})
        assert answer.status_code == 422
        assert page(answer).error_of("password")
        form = page(answer).form("/reset")
    answer = client.post("/reset", data=form.fields | {"password": FRESH}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/login"


def test_a_link_that_is_too_old_leads_to_another_one(
    world: World, client: FlaskClient, at: Callable
):
    """Line 10 of docs/security.md."""
    assert world.ada
    link = ask(client)
    form = form_at(client, link)
    at(NOON + timedelta(hours=1))
    before = contents()
    sent = form.fields | {"password": FRESH}
    for answer in (client.get(link), client.post("/reset", data=sent)):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/forgot")
    assert contents() == before


def test_an_account_without_a_password_gets_one(world: World, app: Flask):
    assert world.ada
    execute("UPDATE users SET password_hash = NULL")
    client = browser(app)
    client.post("/reset", data=form_at(client, ask(client)).fields | {"password": FRESH})
    assert signs_in(app, FRESH)


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """This server sends mail, and takes its limits seriously."""
    switch_mail_on(app, monkeypatch, rate_limits=True)


@pytest.mark.usefixtures("limited")
def test_five_letters_an_hour_go_to_one_address_and_nobody_is_told(
    world: World, app: Flask, at: Callable
):
    assert world.ada
    for n in range(8):
        answer = browser(app).post(
            "/forgot", data={"email": ADA}, environ_overrides={"REMOTE_ADDR": f"192.0.2.{n}"}
        )
        assert answer.headers["Location"] == "/sent"
    assert len(letters()) == 5
    at(NOON + timedelta(hours=1))
    ask(browser(app))
    assert len(letters()) == 6


@pytest.mark.usefixtures("limited")
def test_who_asks_for_one_address_again_and_again_is_told_to_wait(world: World, app: Flask):
    """Line 9 of docs/security.md."""
    assert world.ada
    for email in (ADA, "eve@example.org"):
        statuses = [
            browser(app).post("/forgot", data={"email": email}).status_code for _ in range(11)
        ]
        assert statuses == [303] * 10 + [429]


def test_an_address_that_nobody_has_costs_a_link_and_gets_no_letter(client: FlaskClient):
    """Line 9 of docs/security.md."""
    answer = client.post("/forgot", data={"email": "eve@example.org"})
    assert answer.headers["Location"] == "/sent"
    assert scalar("SELECT count(*) FROM links WHERE user_id = 0") == 1
    assert not letters()


@pytest.mark.parametrize("email", ["", "ada", "a\0b@example.org", "x" * 250 + "@example.org"])
def test_what_cannot_be_an_address_is_told(client: FlaskClient, email: str):
    answer = client.post("/forgot", data={"email": email})
    assert answer.status_code == 422
    assert page(answer).error_of("email")
    assert not letters()
