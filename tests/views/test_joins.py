"""Sign up where mail is sent: a letter first, then the account, for whoever reads it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp, browser
from tests.views.database import contents, scalar
from tests.views.letters import letter, letters, switch_mail_on
from tests.views.pages import page, send
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at", "mail")

EVA = "eva@example.org"
CHOSEN = {"password": PASSWORD, "timezone": "Europe/Berlin"}


def ask(client: FlaskClient, email: str = EVA) -> str:
    """Sign up, and return the link that comes by mail."""
    form = page(client.get("/signup")).form("/signup")
    assert set(form.typed) == {"email"}
    assert "Look into your mail" in send(client, form, email=email).text
    return letter(email, "join").link


def test_a_letter_leads_to_an_account_on_whichever_device_it_is_read(app: Flask):
    laptop, phone = browser(app), browser(app)
    link = ask(laptop)
    assert scalar("SELECT count(*) FROM users") == 0
    form = page(phone.get(link)).form("/join")
    assert page(send(phone, form, **CHOSEN)).form("/welcome")
    assert scalar("SELECT email || ' ' || timezone FROM users") == f"{EVA} Europe/Berlin"
    assert scalar("SELECT count(*) FROM users WHERE verified_at = :now", now=NOON) == 1
    assert laptop.get("/pillars").status_code == 303


def test_nobody_takes_an_address_whose_mail_they_do_not_read(app: Flask):
    """Whoever signs up with it chooses no password; its owner does, later and elsewhere."""
    stranger, owner = browser(app), browser(app)
    stranger.post("/signup", data={"email": EVA} | CHOSEN | {"password": "chosen by a stranger"})
    link = ask(owner)
    owner.post("/join", data=page(owner.get(link)).form("/join").fields | CHOSEN)
    sent = {"email": EVA, "password": "chosen by a stranger"}
    assert browser(app).post("/login", data=sent).status_code == 422
    assert browser(app).post("/login", data=sent | {"password": PASSWORD}).status_code == 303


def test_an_address_that_has_an_account_gets_a_letter_that_says_so(
    world: World, client: FlaskClient
):
    assert world.ada
    known = client.post("/signup", data={"email": "ADA@example.org "})
    assert known.headers["Location"] == "/sent"
    assert [(each.to, each.kind, each.link) for each in letters()] == [
        ("ada@example.org", "joined-before", "")
    ]
    assert scalar("SELECT count(*) FROM links") == 0


def test_a_wrong_field_brings_the_form_back_and_uses_nothing_up(client: FlaskClient):
    link = ask(client)
    form = page(client.get(link)).form("/join")
    for wrong in ({"password": "short"}, {"password": EVA}, {"timezone": "Mars/Olympus"}):
        answer = client.post("/join", data=form.fields | CHOSEN | wrong)
        assert answer.status_code == 422
        assert page(answer).error_of(*wrong)
        form = page(answer).form("/join")
    assert client.post("/join", data=form.fields | CHOSEN).headers["Location"] == "/welcome"


def test_the_same_form_sent_twice_is_one_account_and_signs_in(app: Flask):
    client, again = browser(app), browser(app)
    form = page(client.get(ask(client))).form("/join")
    for each in (client, again):
        answer = each.post("/join", data=form.fields | CHOSEN)
        assert answer.headers["Location"] == "/welcome"
        assert each.get("/pillars").status_code == 200
    assert scalar("SELECT count(*) FROM sessions") == 1
    wrong = form.fields | CHOSEN | {"password": "some other password"}
    assert browser(app).post("/join", data=wrong).status_code == 422


def test_a_second_letter_of_the_same_address_says_that_the_account_is_there(app: Flask):
    client, other = browser(app), browser(app)
    first, second = ask(client), ask(other)
    client.post("/join", data=page(client.get(first)).form("/join").fields | CHOSEN)
    form = page(other.get(second)).form("/join")
    answer = other.post("/join", data=form.fields | CHOSEN | {"password": "some other password"})
    assert answer.status_code == 422
    assert "has an account already" in answer.text
    assert scalar("SELECT count(*) FROM users") == 1


def test_a_link_that_is_spent_or_too_old_leads_to_another_one(client: FlaskClient, at: Callable):
    link = ask(client)
    form = page(client.get(link)).form("/join")
    at(NOON + timedelta(hours=1))
    before = contents()
    for method, url in (("GET", link), ("POST", "/join")):
        answer = client.open(url, method=method, data=form.fields | CHOSEN)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/signup")
        assert "This link was used already" in client.get("/signup").text
    assert contents() == before


@pytest.fixture
def closed(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app that takes no new accounts, and sends mail."""
    app = make_app(registration="closed")
    switch_mail_on(app, monkeypatch)
    with app.app_context():
        yield app


def test_a_closed_place_takes_its_first_account_and_writes_to_nobody_else(closed: Flask):
    first, late = browser(closed), browser(closed)
    links = [ask(first), ask(late, "late@example.org")]
    forms = [page(first.get(link)).form("/join") for link in links]
    assert first.post("/join", data=forms[0].fields | CHOSEN).status_code == 303
    assert late.post("/join", data=forms[1].fields | CHOSEN).status_code == 403
    for email in (EVA, "new@example.org"):
        assert late.post("/signup", data={"email": email}).status_code == 403
    assert len(letters()) == 2
    assert scalar("SELECT count(*) FROM users") == 1
