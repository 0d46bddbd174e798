"""The link of an invitation: a sign-up for one, and a friendly word for everybody after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import world as make
from tests.conftest import browser
from tests.views.database import contents, execute, scalar
from tests.views.pages import page, send
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

EVA = {"email": "eva@example.org", "password": PASSWORD, "timezone": "Europe/Berlin"}


@pytest.fixture
def by_invitation(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server takes new accounts by invitation."""
    set_registration(app, monkeypatch, "invite")


def set_registration(app: Flask, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, registration=value))


@pytest.mark.usefixtures("by_invitation")
def test_the_link_makes_one_account_and_says_so_afterwards(world: World, client: FlaskClient):
    assert world.ada
    url = f"/invite/{make.invite()}"
    form = page(client.get(url)).form(url)
    assert page(send(client, form, **EVA)).form("/welcome")
    # The same form once more is signed in; whoever else comes is told.
    assert browser(world.app).post(url, data=form.fields | EVA).status_code == 303
    for answer in (
        browser(world.app).get(url),
        browser(world.app).post(url, data=EVA | {"email": "bob@example.org"}),
    ):
        assert answer.status_code == 410
        assert "This invitation was used" in answer.text
        assert not page(answer).forms
    assert scalar("SELECT count(*) FROM users") == 2


@pytest.mark.usefixtures("by_invitation")
def test_who_was_not_invited_is_told_whom_to_ask(world: World, client: FlaskClient):
    assert page(client.get("/signup")).form("/signup")
    assert world.ada
    shown = client.get("/signup")
    assert not page(shown).forms
    assert "by invitation" in shown.text
    refused = client.post("/signup", data=EVA)
    assert refused.status_code == 403
    assert "by invitation" in refused.text


def test_looking_at_a_link_uses_nothing_up(world: World, client: FlaskClient):
    """A program that reads mail opens every link in it."""
    assert world.ada
    url = f"/invite/{make.invite()}"
    before = contents()
    for _ in range(2):
        assert page(client.get(url)).form(url)
        assert client.head(url).status_code == 200
    assert contents() == before


def test_a_refused_form_stays_on_the_page_of_the_link(world: World, client: FlaskClient):
    assert world.ada
    url = f"/invite/{make.invite()}"
    for typed, field in (
        ({"password": "short"}, "password"),
        ({"email": "ada@example.org", "password": "quite another one"}, "email"),
    ):
        answer = client.post(url, data=EVA | typed)
        assert answer.status_code == 422
        assert page(answer).error_of(field)
        assert page(answer).form(url).fields["timezone"] == "Europe/Berlin"
    assert client.post(url, data=EVA).status_code == 303


def test_a_link_for_an_address_brings_it_along_and_takes_no_other(
    world: World, client: FlaskClient
):
    url = f"/invite/{make.invite(email='eva@example.org')}"
    shown = page(client.get(url))
    assert shown.form(url).fields["email"] == "eva@example.org"
    assert "readonly" in shown["email"]
    answer = client.post(url, data=EVA | {"email": "bob@example.org"})
    assert answer.status_code == 422
    assert "eva@example.org" in page(answer).error_of("email")
    assert "readonly" not in page(answer)["email"]
    assert client.post(url, data=EVA | {"email": "EVA@example.org"}).status_code == 303


def test_what_a_dead_link_says_and_where_it_leads(
    client: FlaskClient, at: Callable[[datetime], None]
):
    old, taken_back = make.invite(days=1), make.invite(days=30)
    execute(
        "UPDATE invitations SET withdrawn_at = :now WHERE expires_at > :later",
        now=NOON,
        later=NOON + timedelta(days=9),
    )
    at(NOON + timedelta(days=1))
    for token, status, said in (
        (old, 410, "too old"), (taken_back, 410, "taken back"), ("x" * 43, 404, "no such"),
        ("%ff%00", 404, "no such"),
    ):  # fmt: skip
        answer = client.get(f"/invite/{token}")
        assert (answer.status_code, said in answer.text) == (status, True)
        assert "without an invitation, too" in answer.text
        assert client.post(f"/invite/{token}", data=EVA).status_code == status


def test_a_dead_link_says_nothing_of_a_sign_up_that_there_is_not(
    world: World, client: FlaskClient, by_invitation: None
):
    answer = client.get(f"/invite/{'x' * 43}")
    assert "without an invitation" not in answer.text


def test_no_link_leads_into_a_closed_place(
    app: Flask, world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    assert world.ada
    set_registration(app, monkeypatch, "closed")
    url = f"/invite/{make.invite()}"
    for answer in (client.get(url), client.post(url, data=EVA)):
        assert answer.status_code == 403
        assert "takes no new accounts" in answer.text
    assert scalar("SELECT count(*) FROM users") == 1


def test_who_is_signed_in_leaves_the_link_for_others(world: World):
    url = f"/invite/{make.invite()}"
    answer = world.signed_in(world.ada).get(url)
    assert answer.status_code == 200
    assert "You have an account already" in answer.text
    assert not page(answer).forms
