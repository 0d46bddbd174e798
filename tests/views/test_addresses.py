"""The address of an account: confirmed, moved by a link to the new one, and moved back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.operations import addresses
from app.rules.identity import FRESH
from tests import world as make
from tests.conftest import browser
from tests.views.database import contents, scalar
from tests.views.letters import letter, letters
from tests.views.pages import page, send
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

OLD, NEW = "ada@example.org", "ada@example.net"
EMAIL = "SELECT email FROM users WHERE id = :me"
VERIFIED = "SELECT verified_at IS NOT NULL FROM users WHERE id = :me"


def ask(client: FlaskClient, email: str = NEW) -> None:
    """Ask to move to another address."""
    form = page(client.get("/settings/email/edit")).form("/settings/email")
    assert "Look into your mail" in send(client, form, email=email).text


def press(client: FlaskClient, link: str) -> str:
    """Open a link, press its button, and return the page that comes."""
    return send(client, page(client.get(link)).form("/address")).text


def email_of(world: World) -> object:
    return scalar(EMAIL, me=world.ada.user_id)


def signs_in(app: Flask, email: str, password: str = PASSWORD) -> bool:
    sent = {"email": email, "password": password}
    return browser(app).post("/login", data=sent).status_code == 303


@pytest.mark.usefixtures("mail")
def test_an_address_is_confirmed_by_a_link_on_any_device(world: World, app: Flask):
    ada = world.signed_in(world.ada)
    assert "Not confirmed yet" in ada.get("/settings").text
    form = page(ada.get("/settings/email")).form("/settings/email/confirm")
    send(ada, form)
    assert "Your address is confirmed." in press(browser(app), letter(OLD, "confirm").link)
    shown = ada.get("/settings/email")
    assert "Not confirmed yet" not in shown.text
    with pytest.raises(LookupError):
        page(shown).form("/settings/email/confirm")


@pytest.mark.usefixtures("mail")
def test_the_old_address_stays_until_the_new_one_is_confirmed(world: World, app: Flask):
    """Line 13 of docs/security.md."""
    ada = world.signed_in(world.ada)
    ask(ada)
    assert email_of(world) == OLD
    assert signs_in(app, OLD)
    assert "Your new address is confirmed." in press(browser(app), letter(NEW, "move").link)
    assert email_of(world) == NEW
    assert scalar(VERIFIED, me=world.ada.user_id)
    assert (signs_in(app, OLD), signs_in(app, NEW)) == (False, True)
    # Nobody is signed out by that, and the address that was left is free.
    assert ada.post("/pet", data={"name": "Miso"}).headers["Location"] == "/pet"
    assert letter(OLD, "return").link
    assert make.user(OLD)


@pytest.mark.usefixtures("mail")
def test_another_address_needs_a_fresh_proof(world: World, at: Callable):
    """Line 13 of docs/security.md."""
    ada = world.signed_in(world.ada)
    at(NOON + FRESH)
    for answer in (
        ada.get("/settings/email/edit"),
        ada.post("/settings/email", data={"email": NEW}),
    ):
        assert answer.headers["Location"].startswith("/settings/proof?next=/settings/email")
    assert not letters()


@pytest.mark.usefixtures("mail")
def test_the_old_address_can_take_the_account_back_for_three_days(
    world: World, app: Flask, at: Callable
):
    """Line 13 of docs/security.md."""
    thief = world.signed_in(world.ada)
    ask(thief)
    press(thief, letter(NEW, "move").link)
    sent = {"current": PASSWORD, "password": "a password of the thief"}
    assert thief.post("/settings/password", data=sent).status_code == 303
    at(NOON + timedelta(days=3) - timedelta(minutes=1))
    back = letter(OLD, "return").link
    assert "Your address is back" in press(browser(app), back)
    assert email_of(world) == OLD
    assert thief.post("/pet", data={"name": "Mine"}).headers["Location"] == "/login"
    for email in (OLD, NEW):
        assert not signs_in(app, email, "a password of the thief")
    owner = browser(app)
    form = page(owner.get(letter(OLD, "reset").link)).form("/reset")
    owner.post("/reset", data=form.fields | {"password": PASSWORD})
    assert signs_in(app, OLD)


@pytest.mark.usefixtures("mail")
@pytest.mark.parametrize(("days_before", "is_left"), [(3, True), (2, False)])
def test_the_way_back_takes_the_factors_of_a_thief_and_leaves_those_of_the_owner(
    world: World, app: Flask, at: Callable, days_before: int, is_left: bool
):
    """Line 12 of docs/security.md."""
    at(NOON - timedelta(days=days_before, minutes=1))
    assert world.passkey
    make.recovery_codes(world.ada)
    at(NOON)
    with db.transaction() as session:
        addresses.ask_to_move(session, world.ada, NEW)
    press(browser(app), letter(NEW, "move").link)
    assert world.code_app
    press(browser(app), letter(OLD, "return").link)
    left = "SELECT count(*) FROM {} WHERE user_id = :me"
    counts = [
        scalar(left.format(table), me=world.ada.user_id)
        for table in ("passkeys", "code_apps", "recovery_codes")
    ]
    assert counts == [int(is_left), 0, 0]
    assert scalar("SELECT has_factor FROM users WHERE id = :me", me=world.ada.user_id) is is_left


@pytest.mark.usefixtures("mail")
def test_after_three_days_there_is_no_way_back(world: World, at: Callable):
    ada = world.signed_in(world.ada)
    ask(ada)
    press(ada, letter(NEW, "move").link)
    at(NOON + timedelta(days=3))
    answer = ada.get(letter(OLD, "return").link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/email")
    assert email_of(world) == NEW


@pytest.mark.usefixtures("mail")
def test_a_way_back_ends_every_other_one(world: World, app: Flask):
    """A thief who moves on has a way back to the place before: the owner's ends that too."""
    ada = world.signed_in(world.ada)
    for email in (NEW, "ada@example.com"):
        ask(ada, email)
        press(ada, letter(email, "move").link)
    press(browser(app), letter(OLD, "return").link)
    assert browser(app).get(letter(NEW, "return").link).status_code == 303
    assert email_of(world) == OLD


@pytest.mark.usefixtures("mail")
def test_an_address_that_is_taken_is_told_and_the_one_who_asks_is_not(world: World):
    """Line 9 of docs/security.md."""
    assert world.bob
    ada = world.signed_in(world.ada)
    ask(ada, "bob@example.org")
    assert [(each.to, each.kind) for each in letters()] == [("bob@example.org", "taken")]
    assert scalar("SELECT count(*) FROM links") == 0


@pytest.mark.usefixtures("mail")
def test_an_address_that_was_taken_in_between_is_not_moved_to(world: World, app: Flask):
    ada = world.signed_in(world.ada)
    ask(ada)
    make.user(NEW)
    form = page(ada.get(letter(NEW, "move").link)).form("/address")
    answer = ada.post("/address", data=form.fields)
    assert answer.status_code == 422
    assert "has an account of its own" in answer.text
    assert email_of(world) == OLD


@pytest.mark.usefixtures("mail")
def test_the_same_press_twice_moves_once(world: World):
    ada = world.signed_in(world.ada)
    ask(ada)
    form = page(ada.get(letter(NEW, "move").link)).form("/address")
    for _ in range(2):
        assert ada.post("/address", data=form.fields).headers["Location"] == "/settings/email"
        assert "Your new address is confirmed." in ada.get("/settings/email").text
    assert len([each for each in letters() if each.kind == "return"]) == 1


@pytest.mark.parametrize("email", ["", "ada", OLD, "a\0b@example.org"])
def test_what_cannot_be_another_address_is_told(world: World, email: str):
    ada = world.signed_in(world.ada)
    before = contents()
    answer = ada.post("/settings/email", data={"email": email})
    assert answer.status_code == 422
    assert page(answer).error_of("email")
    assert contents() == before


def test_without_mail_an_address_is_moved_at_once_and_a_taken_one_is_told(world: World, app: Flask):
    assert world.bob
    ada = world.signed_in(world.ada)
    assert "This server sends no mail" in ada.get("/settings/email").text
    form = page(ada.get("/settings/email/edit")).form("/settings/email")
    answer = ada.post("/settings/email", data=form.fields | {"email": "bob@example.org"})
    assert answer.status_code == 422
    assert "has an account of its own" in page(answer).error_of("email")
    assert "Saved." in send(ada, form, email=NEW).text
    assert signs_in(app, NEW)
    assert not scalar(VERIFIED, me=world.ada.user_id)
