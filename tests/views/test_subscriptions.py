"""Letters: asked for on their page, turned off by a link that mail programs press too."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.rules.subscriptions import Subscription
from app.web.unsubscribing import Reader, token_for
from tests.conftest import MakeApp
from tests.views.database import contents, execute, scalar
from tests.views.pages import page
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")
CHOSEN = "SELECT string_agg(kind || ' ' || minute, ', ' ORDER BY kind) FROM subscriptions"
ON = {"reminder": "on", "at": "1230"}


def link(world: World, kind: str = "reminder") -> str:
    return f"/unsubscribe/{token_for(world.app, Reader(world.ada.user_id, Subscription(kind)))}"


def test_letters_are_chosen_and_shown_as_they_were_chosen(world: World):
    ada = world.signed_in(world.ada)
    form = page(ada.get("/letters")).form("/letters")
    assert (form.typed["reminder"], form.typed["weekly"]) == ("off", "off")
    assert ada.post("/letters", data=form.fields | ON).headers["Location"] == "/letters"
    assert scalar(CHOSEN) == "reminder 1230"
    form = page(ada.get("/letters")).form("/letters")
    assert (form.typed["reminder"], form.typed["at"]) == ("on", "1230")
    ada.post("/letters", data=form.fields | {"weekly": "on"})
    assert scalar(CHOSEN) == "reminder 1230, weekly 480"
    form = page(ada.get("/letters")).form("/letters")
    ada.post("/letters", data=form.fields | {"at": "600"})
    assert scalar(CHOSEN) == "reminder 600, weekly 480"
    form = page(ada.get("/letters")).form("/letters")
    ada.post("/letters", data=form.fields | {"reminder": "off"})
    assert scalar(CHOSEN) == "weekly 480"


def test_a_page_left_open_takes_nothing_back(world: World):
    ada = world.signed_in(world.ada)
    old = page(ada.get("/letters")).form("/letters")
    ada.post("/letters", data=page(ada.get("/letters")).form("/letters").fields | ON)
    ada.post("/letters", data=old.fields | {"weekly": "on"})
    assert scalar(CHOSEN) == "reminder 1230, weekly 480"


@pytest.mark.parametrize("wrong", [{"at": "25:00"}, {"at": "1231"}, {"reminder": "maybe"}])
def test_what_is_not_on_the_list_is_refused(world: World, wrong: dict[str, str]):
    answer = world.signed_in(world.ada).post("/letters", data=ON | wrong)
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text
    assert scalar(CHOSEN) is None


def test_the_page_says_whether_mail_is_sent_at_all(world: World, make_app: MakeApp, monkeypatch):
    ada = world.signed_in(world.ada)
    assert "no mail server yet" in ada.get("/letters").text
    sending = make_app("postgresql://unused", mail_url="smtp://localhost").extensions["settings"]
    monkeypatch.setitem(world.app.extensions, "settings", sending)
    assert "no mail server" not in ada.get("/letters").text
    assert "once your address is confirmed" in ada.get("/letters").text
    execute("UPDATE users SET verified_at = created_at")
    assert "confirmed" not in ada.get("/letters").text


def test_a_link_asks_and_only_its_button_turns_off(world: World, client: FlaskClient):
    ada = world.signed_in(world.ada)
    ada.post("/letters", data=ON | {"weekly": "on"})
    before = contents()
    shown = page(client.get(link(world)))
    assert contents() == before
    answer = client.post(shown.form(link(world)).action)
    assert answer.status_code == 200
    assert "It is off." in answer.text
    assert scalar(CHOSEN) == "weekly 480"
    # Once more, from the page or from the letter.
    assert client.post(link(world)).status_code == 200
    assert "It is off." in client.get(link(world)).text


def test_a_mail_program_turns_off_without_an_origin_and_without_a_sign_in(world: World):
    """Line 27 of docs/security.md."""
    world.signed_in(world.ada).post("/letters", data=ON)
    program = world.app.test_client()
    sent = {"List-Unsubscribe": "One-Click"}
    assert program.post(link(world), data=sent).status_code == 200
    assert scalar(CHOSEN) is None


def test_a_link_holds_for_what_it_was_made_for_alone(world: World):
    """Line 27 of docs/security.md."""
    world.signed_in(world.ada).post("/letters", data=ON)
    program, whole = world.app.test_client(), link(world)
    for url in (whole[:-2], "/unsubscribe/x", "/unsubscribe/é", whole.lower()):
        assert program.post(url).status_code == 404
        assert program.get(url).status_code == 404
    # Nothing else may be sent from elsewhere, and the link opens no sign-in.
    assert program.post("/letters", data={"reminder": "off"}).status_code == 403
    answer = program.get(whole)
    assert "ada@example.org" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert scalar(CHOSEN) == "reminder 1230"


def test_a_link_outlives_a_change_of_the_hour(world: World, at):
    ada = world.signed_in(world.ada)
    old = link(world)
    at(NOON + timedelta(minutes=1))
    ada.post("/letters", data=ON)
    assert world.app.test_client().post(old).status_code == 200
    assert scalar(CHOSEN) is None
