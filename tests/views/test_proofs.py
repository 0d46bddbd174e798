"""What cannot be undone asks once more who somebody is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.infra import db
from app.operations import sessions
from app.rules.identity import FRESH, Actor, Password
from tests import world as make
from tests.authenticator import Authenticator
from tests.conftest import browser
from tests.views.database import execute, scalar
from tests.views.factors import asked
from tests.views.pages import page
from tests.world import NOON, PASSWORD, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}
OTHERS = "/settings/sign-ins/end-others"
A_MOMENT = timedelta(seconds=1)


def another(world: World) -> Actor:
    """Sign Ada in on another device."""
    me = world.ada.user_id
    with db.transaction() as session:
        begun = sessions.begin(session, me, Password(PASSWORD_HASH))
    assert begun is not None
    return begun


def alive() -> object:
    return scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL")


def test_a_proof_is_fresh_for_ten_minutes(world: World, at: At):
    """Line 13 of docs/security.md."""
    ada = world.signed_in(world.ada)
    another(world)
    at(NOON + FRESH)
    answer = ada.post(OTHERS, data={"key": "one"})
    assert answer.headers["Location"] == f"/settings/proof?next={OTHERS}"
    told = ada.post(OTHERS, data={"key": "one"}, headers=HTMX)
    assert told.headers["HX-Redirect"] == f"/settings/proof?next={OTHERS}"
    assert alive() == 2
    at(NOON + FRESH - A_MOMENT)
    assert ada.post(OTHERS, data={"key": "one"}).headers["Location"] == "/settings/sign-ins"
    assert alive() == 1


def test_a_password_proves_and_leads_back(world: World, at: At):
    """Line 13 of docs/security.md."""
    ada = world.signed_in(world.ada)
    another(world)
    at(NOON + FRESH)
    form = page(ada.get(ada.post(OTHERS).headers["Location"])).form("/settings/proof")
    answer = ada.post(form.action, data=form.fields | {"password": PASSWORD})
    assert answer.headers["Location"] == OTHERS
    assert ada.get(OTHERS).headers["Location"] == "/settings/sign-ins"
    assert ada.post(OTHERS, data={"key": "one"}).headers["Location"] == "/settings/sign-ins"
    assert alive() == 1


def test_a_proof_holds_for_the_sign_in_that_gave_it(world: World, at: At):
    phone = world.signed_in(another(world))
    at(NOON + FRESH)
    world.signed_in(world.ada).post("/settings/proof", data={"password": PASSWORD})
    assert phone.post(OTHERS).headers["Location"].startswith("/settings/proof")


@pytest.mark.parametrize("typed", ["", "a guess", PASSWORD + " "])
def test_a_wrong_password_proves_nothing_and_is_written_down(world: World, at: At, typed: str):
    ada = world.signed_in(world.ada)
    at(NOON + FRESH)
    answer = ada.post("/settings/proof", data={"password": typed, "next": "/pet"})
    assert answer.status_code == 422
    shown = page(answer)
    assert shown.error_of("password") == "This is not the password you have."
    assert shown.form("/settings/proof").fields["next"] == "/pet"
    assert ada.post(OTHERS).headers["Location"].startswith("/settings/proof")
    assert "and not proven" in ada.get("/settings/audit").text


def test_nobody_without_a_password_proves_by_one(world: World, at: At):
    ada = world.signed_in(world.ada)
    execute("UPDATE users SET password_hash = NULL")
    at(NOON + FRESH)
    for typed in ("", "!", PASSWORD):
        assert ada.post("/settings/proof", data={"password": typed}).status_code == 422


def test_a_proof_leads_nowhere_else(world: World):
    ada = world.signed_in(world.ada)
    answer = ada.post("/settings/proof", data={"password": PASSWORD, "next": "//evil.example"})
    assert answer.headers["Location"] == "/"


def test_an_ended_sign_in_proves_nothing_and_is_asked_to_sign_in(world: World):
    ada = world.signed_in(world.ada)
    with db.transaction() as session:
        sessions.end(session, world.ada)
    before = scalar("SELECT count(*) FROM audit")
    for typed in (PASSWORD, "a guess"):
        answer = ada.post("/settings/proof", data={"password": typed})
        assert answer.headers["Location"] == "/login"
    assert scalar("SELECT count(*) FROM audit") == before


def test_a_sign_in_from_before_proofs_were_noted_has_proved_nothing(world: World):
    ada = world.signed_in(world.ada)
    execute("UPDATE sessions SET proved_at = NULL")
    assert ada.post(OTHERS).headers["Location"].startswith("/settings/proof")


def test_a_visitor_is_asked_to_sign_in(world: World):
    assert browser(world.app).post(OTHERS).headers["Location"] == "/login"


def test_who_has_a_factor_proves_by_it_and_not_by_the_password(world: World, at: At):
    """Line 13 of docs/security.md."""
    ada, remove = world.signed_in(world.ada), f"/settings/security/apps/{world.code_app}/remove"
    at(NOON + FRESH)
    where = ada.get(remove).headers["Location"]
    assert where == f"/settings/proof?next={remove}"
    form = page(ada.get(where)).form("/settings/proof")
    assert set(form.typed) == {"next", "code"}
    assert ada.post("/settings/proof", data=form.fields | {"password": PASSWORD}).status_code == 422
    sent = form.fields | {"code": make.code()}
    assert ada.post("/settings/proof", data=sent).headers["Location"] == remove
    # The same form sent twice; by then the proof is fresh.
    assert ada.post("/settings/proof", data=sent).headers["Location"] == remove
    assert ada.get(remove).status_code == 200


def test_a_code_that_signed_somebody_in_is_no_proof_of_another(world: World, at: At):
    assert world.code_app
    ada = world.signed_in(world.ada)
    at(NOON + FRESH)
    phone = world.half_way("ada@example.org")
    assert phone.post("/login/second-step", data={"code": make.code()}).status_code == 303
    assert ada.post("/settings/proof", data={"code": make.code()}).status_code == 422


def test_a_passkey_proves(world: World, at: At):
    device = Authenticator()
    make.passkey(world.ada, device)
    ada = world.signed_in(world.ada)
    at(NOON + FRESH)
    form, options = asked(page(ada.get("/settings/proof?next=/pet")), "/settings/proof")
    sent = form.fields | {"credential": device.use(options)}
    assert ada.post("/settings/proof", data=sent).headers["Location"] == "/pet"
    assert ada.get("/settings/security/codes").status_code == 200
