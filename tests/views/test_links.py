"""What holds of every link by mail: opening it changes nothing, and its address stays secret."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.operations import links
from app.rules.links import Purpose
from tests.conftest import browser
from tests.views.cached_pages import HTMX
from tests.views.database import contents
from tests.views.letters import letter, switch_mail_on
from tests.views.pages import page
from tests.world import World

pytestmark = pytest.mark.usefixtures("at", "mail")

PATHS = {
    Purpose.JOIN: "/join",
    Purpose.RESET: "/reset",
    Purpose.CONFIRM: "/address",
    Purpose.MOVE: "/address",
    Purpose.RETURN: "/address",
}
each_purpose = pytest.mark.parametrize("purpose", Purpose)


def token_for(world: World, purpose: Purpose) -> str:
    me = 0 if purpose is Purpose.JOIN else world.ada.user_id
    email = "ada@example.org" if purpose in {Purpose.CONFIRM, Purpose.RESET} else "new@example.org"
    with db.transaction() as session:
        return links.make(session, purpose, me, email)


@each_purpose
def test_opening_a_link_changes_nothing_however_often(
    world: World, client: FlaskClient, purpose: Purpose
):
    """Line 15 of docs/security.md."""
    path, token = PATHS[purpose], token_for(world, purpose)
    before = contents()
    for method in ("GET", "HEAD", "GET"):
        for headers in ({}, HTMX):
            answer = client.open(path, method=method, query_string={"link": token}, headers=headers)
            assert answer.status_code == 200
    assert contents() == before
    assert page(client.get(path, query_string={"link": token})).form(path).fields["link"] == token


@each_purpose
def test_the_address_of_a_link_is_told_to_nobody(
    world: World, client: FlaskClient, purpose: Purpose
):
    """Lines 15 and 32 of docs/security.md."""
    path, token = PATHS[purpose], token_for(world, purpose)
    answer = client.get(path, query_string={"link": token})
    # Not no-referrer: Chromium would send "Origin: null" with the form, which is refused.
    assert answer.headers.getlist("Referrer-Policy") == ["strict-origin"]
    assert answer.headers["Cache-Control"] == "no-store"
    refused = client.post(path, data={"link": token, "password": "short"})
    if refused.status_code == 422:
        assert refused.headers.getlist("Referrer-Policy") == ["strict-origin"]
    assert token not in client.get("/sent").text


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000"])
def test_a_letter_leads_to_our_place_whatever_host_a_request_names(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch, host: str
):
    """Line 14 of docs/security.md."""
    assert world.ada
    place = "https://habits.example.org"
    switch_mail_on(app, monkeypatch, public_url=place)
    headers = {"Host": host, "X-Forwarded-Host": host, "Sec-Fetch-Site": "same-origin"}
    browser(app).post("/forgot", data={"email": "ada@example.org"}, headers=headers)
    assert letter("ada@example.org", "reset").place == place
