"""The page that asks for the end of an account, and what every page says until then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.infra.mail import Letter
from app.infra.worker import Shift
from app.jobs import leaving
from app.operations import outbox
from app.rules.identity import FRESH
from app.rules.leaving import GRACE
from app.web import letters
from tests.views.database import scalar
from tests.views.pages import page
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")

At = Callable[[datetime], None]
URL = "/settings/leave"
ADDRESS = {"address": "ada@example.org"}
SAID = "Your account goes on Tuesday, 17 March."


@pytest.fixture
def ada(world: World) -> FlaskClient:
    return world.signed_in(world.ada)


def leaves_at() -> object:
    return scalar("SELECT leaves_at FROM users WHERE email = 'ada@example.org'")


def test_it_is_asked_for_confirmed_and_told_on_every_page(world: World, ada: FlaskClient):
    assert world.habit
    assert URL in ada.get("/settings").text
    form = page(ada.get(URL)).form(URL)
    assert ada.post(URL, data=form.fields | ADDRESS).headers["Location"] == URL
    assert leaves_at() == NOON + GRACE
    for url in ("/", "/pet", f"/habits/{world.habit}"):
        assert SAID in ada.get(url).text
    again = ada.get(URL).text
    assert "Your account goes on Tuesday, 17 March" in again
    assert SAID not in again
    assert "Delete my account" not in again


def test_it_is_kept_with_one_press(ada: FlaskClient):
    ada.post(URL, data=ADDRESS)
    form = page(ada.get(URL)).form(f"{URL}/stay")
    assert ada.post(form.action, data=form.fields).headers["Location"] == URL
    assert leaves_at() is None
    assert SAID not in ada.get("/").text


@pytest.mark.parametrize("typed", ["", "ada", "bob@example.org", "\0", "x" * 2000])
def test_another_address_is_no_yes(ada: FlaskClient, typed: str):
    answer = ada.post(URL, data={"address": typed})
    assert answer.status_code == 422
    assert page(answer).error_of("address") == "This is not the address of your account."
    assert leaves_at() is None


def test_it_asks_who_somebody_is_unless_that_was_proved_lately(ada: FlaskClient, at: At):
    """Line 13 of docs/security.md."""
    at(NOON + FRESH)
    answer = ada.post(URL, data=ADDRESS)
    assert answer.headers["Location"] == f"/settings/proof?next={URL}"
    assert leaves_at() is None


def test_another_device_hears_of_it_when_its_claims_are_read_again(
    world: World, ada: FlaskClient, at: At
):
    phone = world.signed_in(world.ada)
    ada.post(URL, data=ADDRESS)
    at(NOON.replace(minute=6))
    assert SAID in phone.get("/").text


def letter(app: Flask) -> Letter:
    with db.transaction() as writing:
        taken = outbox.take(writing)
    assert taken is not None
    return letters.write(app, taken)


def test_the_letters_say_until_when_it_can_be_kept_and_that_it_is_done(
    app: Flask, ada: FlaskClient, at: At
):
    ada.post(URL, data=ADDRESS)
    asked = letter(app)
    at(NOON + GRACE)
    leaving.end(Shift())
    done = letter(app)
    for part in ("subject", "text", "html"):
        assert "Tuesday, 17 March" in getattr(asked, part)
        assert "deleted" in getattr(done, part)
    assert f"http://127.0.0.1:8000{URL}" in asked.text
    assert URL not in done.text


def test_the_worker_ends_what_is_due_and_again_who_is_back(
    app: Flask, world: World, ada: FlaskClient, at: At, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    ada.post(URL, data=ADDRESS)
    assert world.bob
    at(NOON + GRACE)
    leaving.end(Shift())
    assert scalar("SELECT string_agg(email, '') FROM users") == "bob@example.org"
    settings = replace(app.extensions["settings"], backups_dir=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    leaving.Again(app).run(Shift())
    listed = f"half a li\n{world.bob.user_id} {NOON.isoformat()}\n12 never\n\n"
    (tmp_path / "departed").write_text(listed, encoding="utf-8")
    leaving.Again(app).run(Shift())
    assert scalar("SELECT count(*) FROM users") == 0
