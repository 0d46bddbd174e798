"""A press that met an ended sign-in waits; one on another account's page is refused."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.infra import db
from app.operations import sessions
from app.rules.identity import FRESH, Actor
from app.rules.names import LONGEST_NOTE
from app.web.carried import SECRETS
from tests import world as make
from tests.conftest import MakeApp, browser
from tests.views.database import contents, scalar
from tests.views.pages import Form, page
from tests.world import NOON, PASSWORD, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")

At = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}
ANOTHERS = "This page was drawn for another account"


def end(me: Actor) -> None:
    with db.transaction() as session:
        sessions.end(session, me)


def form_of(client: FlaskClient, place: str, action: str) -> Form:
    return page(client.get(place)).form(action)


def sign_in(client: FlaskClient, who: str = "ada") -> TestResponse:
    """Sign in by the form as it stands."""
    form = form_of(client, "/login", "/login")
    sent = form.fields | {"email": f"{who}@example.org", "password": PASSWORD}
    answer = client.post("/login", data=sent)
    assert answer.status_code == 303
    return answer


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("minutes", [0, 6])
def test_a_tap_that_met_an_ended_sign_in_is_shown_after_signing_in(
    world: World, at: At, headers: dict[str, str], minutes: int
):
    url = f"/habits/{world.habit}/commit"
    ada = world.signed_in(world.ada)
    tap = form_of(ada, "/", url)
    end(world.ada)
    at(NOON + timedelta(minutes=minutes))
    answer = ada.post(url, data=tap.fields, headers=headers)
    assert (answer.headers.get("Location") or answer.headers["HX-Redirect"]) == "/login"
    assert "What you pressed waits for you." in ada.get("/login").text
    # A day later the tap would mean another day: it says which.
    at(NOON + timedelta(minutes=50))
    assert sign_in(ada).headers["Location"] == "/not-saved"
    shown = ada.get("/not-saved")
    assert "Read 10 pages" in shown.text
    assert "10 March 2026" in shown.text
    waits = page(shown).form(url)
    assert waits.fields == tap.fields
    assert waits.fields["day"] == TUESDAY.isoformat()
    for _ in range(2):
        assert ada.post(url, data=waits.fields).headers["Location"] == "/"
    assert scalar("SELECT count(*) FROM commits") == 1
    # Nothing waits any more.
    assert ada.get("/not-saved").headers["Location"] == "/"
    assert sign_in(ada).headers["Location"] == "/"


def test_what_was_typed_comes_back_and_is_saved(world: World):
    url, text = f"/habits/{world.habit}/note", "Slow, <b>and</b> fun.\nAgain."
    ada = world.signed_in(world.ada)
    form = form_of(ada, f"/habits/{world.habit}?note={TUESDAY}", url)
    end(world.ada)
    ada.post(url, data=form.fields | {"note": text})
    sign_in(ada)
    shown = ada.get("/not-saved")
    assert "Slow, &lt;b&gt;and&lt;/b&gt; fun." in shown.text
    ada.post(url, data=page(shown).form(url).fields)
    assert scalar("SELECT body FROM notes") == text


def test_what_is_refused_goes_on_waiting(world: World):
    url = f"/habits/{world.habit}/note"
    ada = world.signed_in(world.ada)
    form = form_of(ada, f"/habits/{world.habit}?note={TUESDAY}", url)
    end(world.ada)
    ada.post(url, data=form.fields | {"note": "Slow."})
    sign_in(ada)
    waits = page(ada.get("/not-saved")).form(url).fields
    assert ada.post(url, data=waits | {"note": "x" * (LONGEST_NOTE + 1)}).status_code == 422
    assert page(ada.get("/not-saved")).form(url).fields == waits


def test_a_program_with_keys_of_its_own_acts_and_has_nothing_to_wait_for(world: World):
    visitor, ada = browser(world.app), world.signed_in(world.ada)
    for key in ("one", "123e4567-e89b-12d3-a456-426614174000"):
        assert ada.post(f"/habits/{world.habit}/commit", data={"key": key}).status_code == 303
    for sent in ({}, {"key": "one"}, {"key": "123e4567-e89b-12d3-a456-426614174000"}):
        visitor.post(f"/habits/{world.habit}/commit", data=sent)
        assert visitor.get_cookie("carried") is None


def test_what_was_not_changed_is_not_shown_as_typed(world: World):
    ada = world.signed_in(world.ada)
    form = form_of(ada, f"/habits/{world.habit}", f"/habits/{world.habit}")
    end(world.ada)
    ada.post(form.action, data=form.fields | {"unit": "leagues"})
    sign_in(ada)
    shown = page(ada.get("/not-saved")).elements
    assert [given.get("class") for _tag, given in shown].count("typed") == 1


def test_the_longest_note_is_carried(world: World):
    text = " ".join(f"word{n}" for n in range(LONGEST_NOTE))[:LONGEST_NOTE]
    url = f"/habits/{world.habit}/note"
    ada = world.signed_in(world.ada)
    form = form_of(ada, f"/habits/{world.habit}?note={TUESDAY}", url)
    end(world.ada)
    ada.post(url, data=form.fields | {"note": text})
    cookie = ada.get_cookie("carried")
    assert cookie is not None
    assert len(cookie.value) < 3900  # Of 4096, with its name.
    sign_in(ada)
    assert page(ada.get("/not-saved")).form(url).fields["note"] == text


def test_what_is_too_long_to_be_carried_takes_the_place_of_nothing(world: World):
    url = f"/habits/{world.habit}/note"
    ada = world.signed_in(world.ada)
    form = form_of(ada, f"/habits/{world.habit}?note={TUESDAY}", url)
    end(world.ada)
    ada.post(url, data=form.fields | {"note": "short"})
    long = form.fields | {"note": "".join(map(chr, range(0x4E00, 0x5600)))}
    assert ada.post(url, data=long).headers["Location"] == "/login"
    assert ada.get_cookie("carried") is None
    # Where HTMX asks, it stays on its page.
    told = ada.post(url, data=long, headers=HTMX)
    assert (told.status_code, told.headers.get("HX-Redirect")) == (401, None)
    assert "Sign in in another tab" in told.text
    assert sign_in(ada).headers["Location"] == "/"


def test_what_waits_is_for_the_one_whose_page_it_stood_on(world: World):
    assert world.bob
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}/commit"
    tap = form_of(ada, "/", url)
    end(world.ada)
    ada.post(url, data=tap.fields)
    assert sign_in(ada, "bob").headers["Location"] == "/"
    assert ada.get("/not-saved").headers["Location"] == "/"
    assert sign_in(ada).headers["Location"] == "/not-saved"


def test_what_waited_for_an_hour_is_gone(world: World, monkeypatch: pytest.MonkeyPatch):
    ada, url = world.signed_in(world.ada), f"/habits/{world.habit}/commit"
    tap = form_of(ada, "/", url)
    end(world.ada)
    ada.post(url, data=tap.fields)
    cookie, later = ada.get_cookie("carried"), time.time() + 3602
    assert cookie is not None
    # The browser, whose clock this is too, would drop it; from one that does not it is refused.
    monkeypatch.setattr(time, "time", lambda: later)
    ada.set_cookie("carried", cookie.value)
    assert sign_in(ada).headers["Location"] == "/"


@pytest.mark.parametrize("spoil", ["", "x", "eyJ.x.y"])
def test_a_forged_form_does_not_wait(world: World, spoil: str):
    assert world.ada
    client = browser(world.app)
    client.set_cookie("carried", spoil)
    assert sign_in(client).headers["Location"] == "/"


def test_a_form_that_asks_for_a_proof_waits_for_it(world: World, at: At):
    ada = world.signed_in(world.ada)
    with db.transaction() as session:
        sessions.open_session(session, world.ada.user_id, NOON)
    at(NOON + FRESH)
    url = "/settings/sign-ins/end-others"
    form = form_of(ada, "/settings/sign-ins", url)
    asked = ada.get(ada.post(url, data=form.fields).headers["Location"])
    proof = page(asked).form("/settings/proof").fields | {"password": PASSWORD}
    assert ada.post("/settings/proof", data=proof).headers["Location"] == "/not-saved"
    shown = ada.get("/not-saved")
    assert "Nothing has happened yet" in shown.text
    ada.post(url, data=page(shown).form(url).fields)
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1


def test_no_password_is_ever_carried(world: World):
    ada = world.signed_in(world.ada)
    for place in ("/settings", "/settings/proof", "/login", "/signup"):
        client = browser(world.app) if place in {"/login", "/signup"} else ada
        fields = [given for tag, given in page(client.get(place)).elements if tag == "input"]
        hidden = {given["name"] for given in fields if given.get("type") == "password"}
        assert hidden
        assert hidden <= SECRETS, "carried.SECRETS names every field that hides what is typed"
    form = form_of(ada, "/settings", "/settings")
    end(world.ada)
    ada.post("/settings", data=form.fields | {"name": "Ada L.", "password": PASSWORD})
    sign_in(ada)
    shown = ada.get("/not-saved")
    assert "Ada L." in shown.text
    assert PASSWORD not in shown.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_press_on_the_page_of_another_account_is_refused_with_a_sentence(
    world: World, headers: dict[str, str]
):
    assert world.bob
    tab, url = world.signed_in(world.ada), f"/habits/{world.habit}/commit"
    # Drawn, and served from the cache.
    taps = [form_of(tab, "/", url) for _ in range(2)]
    settings = form_of(tab, "/settings", "/settings")
    password = form_of(tab, "/settings", "/settings/password")
    sign_in(tab, "bob")
    before = contents()
    typed = {"current": PASSWORD, "password": "another horse battery"}
    for form in (*taps, settings, password):
        answer = tab.post(form.action, data=form.fields | typed, headers=headers)
        assert answer.status_code == 403
        assert ANOTHERS in answer.text
    assert contents() == before
    sign_in(tab)
    assert tab.post(url, data=taps[0].fields).status_code == 303


def test_who_signs_in_from_a_page_of_before_is_the_one_that_was_typed(world: World):
    assert world.bob
    tab = world.signed_in(world.ada)
    form = form_of(tab, "/login", "/login")
    sign_in(tab, "bob")
    sent = form.fields | {"email": "ada@example.org", "password": PASSWORD}
    assert tab.post("/login", data=sent).status_code == 303


def test_a_page_of_before_the_key_was_another_one_is_still_its_readers(
    world: World, make_app: MakeApp
):
    old, new = "a key that was there before, of 32+", "a key that is there from now on, of 32+"
    place = make_app(secret_key=old)
    with place.app_context():
        me = make.user("ada@example.org")
        ada = World(place, {"ada": me}).signed_in(me)
        form = form_of(ada, "/settings", "/settings")
        cookie = ada.get_cookie("session")
    assert cookie is not None
    url = place.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg2", "")
    for settings, status in (({"secret_key_old": old}, 303), ({}, 303)):
        later = browser(make_app(url, secret_key=new, **settings))
        later.set_cookie("session", cookie.value)
        assert later.get("/settings").status_code == (200 if settings else 303)
        answer = later.post("/settings", data=form.fields | {"name": "Ada"})
        assert answer.status_code == status
        assert answer.headers["Location"] == ("/settings" if settings else "/login")
