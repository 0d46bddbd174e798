"""Sign in and sign out."""

import re
import time
import unicodedata

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.infra import db, passwords
from app.infra.db import orm
from app.operations import admin
from tests import world as make
from tests.conftest import browser
from tests.views.cached_pages import KEY
from tests.views.database import execute, scalar
from tests.views.pages import page, send
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

ADA = {"email": "ada@example.org", "password": PASSWORD}


def is_in(client: FlaskClient) -> bool:
    return client.get("/pillars").status_code == 200


def test_the_form_signs_in_and_leads_to_today(world: World, client: FlaskClient):
    assert world.pillar
    form = page(client.get("/login")).form("/login")
    shown = page(send(client, form, **ADA))
    assert shown[f"pillar-{world.pillar}"]["data-xp"] == "0"


@pytest.mark.parametrize("email", ["ADA@example.org", "  ada@EXAMPLE.org ", "ada@example.org\t"])
def test_the_address_is_taken_in_any_case_and_with_blanks_around_it(
    world: World, client: FlaskClient, email: str
):
    assert world.ada
    assert client.post("/login", data=ADA | {"email": email}).status_code == 303


@pytest.mark.parametrize(
    "password",
    ["", PASSWORD[:-1], PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), "\0", "x" * 9999],
)
def test_a_wrong_password_is_refused_with_the_address_still_there(
    world: World, client: FlaskClient, password: str
):
    assert world.ada
    answer = client.post("/login", data=ADA | {"password": password, "next": "/pet"})
    form = page(answer).form("/login")
    assert answer.status_code == 422
    typed = {"email": "ada@example.org", "password": "", "next": "/pet"}
    assert form.typed == typed | {"zone": ""}
    assert 'role="alert"' in answer.text
    assert not is_in(client)


def test_known_and_unknown_addresses_get_the_same_answer(world: World, client: FlaskClient):
    """Line 9 of docs/security.md."""
    assert world.ada
    known, unknown = (
        client.post("/login", data={"email": email, "password": "not this one"})
        for email in ("ada@example.org", "eve@example.org")
    )
    assert known.status_code == unknown.status_code == 422
    assert KEY.sub("", known.text) == KEY.sub("", unknown.text.replace("eve@", "ada@"))
    ignored = {"X-Request-Id", "Content-Length"}
    assert {k: v for k, v in known.headers if k not in ignored} == {
        k: v for k, v in unknown.headers if k not in ignored
    }


def test_an_unknown_address_costs_a_hash_too(world: World, client: FlaskClient):
    """Line 9 of docs/security.md."""
    assert world.ada

    def seconds(email: str) -> float:
        """The work of this thread, which does not grow while others have the machine."""
        began = time.thread_time()
        client.post("/login", data={"email": email, "password": "not this one"})
        return time.thread_time() - began

    pairs = [(seconds("ada@example.org"), seconds("eve@example.org")) for _ in range(5)]
    known, unknown = map(min, zip(*pairs, strict=True))
    # A hash takes about 20 ms and all the rest about 2: without one the ratio would be ten.
    assert 0.4 < known / unknown < 2.5


@pytest.mark.parametrize("password", [PASSWORD, "", "!", "no account has this password"])
def test_an_account_without_a_password_is_refused_like_a_wrong_one(world: World, password: str):
    client = world.signed_in(world.ada)
    execute("UPDATE users SET password_hash = NULL")
    answer = browser(world.app).post("/login", data=ADA | {"password": password})
    assert answer.status_code == 422
    assert "Email address and password do not match." in answer.text
    sent = {"current": password, "password": "another good password"}
    assert client.post("/settings/password", data=sent).status_code == 422
    assert scalar("SELECT count(*) FROM users WHERE password_hash IS NULL") == 1


def follow(client: FlaskClient, answer: TestResponse, **headers: str) -> TestResponse:
    """Follow redirects as a browser does, which names the page of the form all the way."""
    while answer.status_code == 303:
        answer = client.get(answer.headers["Location"], headers=headers)
    return answer


@pytest.mark.parametrize("back", ["", "/pet"])
def test_a_browser_that_keeps_no_cookies_is_told(world: World, back: str):
    assert world.ada
    for gate, sent in (("/login", ADA), ("/signup", ADA | {"email": f"eve{back[1:]}@example.org"})):
        deaf = world.app.test_client(use_cookies=False)
        deaf.environ_base["HTTP_ORIGIN"] = "http://localhost"
        answer = deaf.post(gate, data=sent | {"next": back})
        assert answer.status_code == 303
        shown = follow(deaf, answer, Referer=f"http://localhost{gate}")
        assert "Your browser takes no cookies from here" in shown.text
        assert page(shown).form("/login")
        assert KEEPS_NONE in follow(deaf, deaf.get("/", headers={"Referer": FORM})).text


FORM, KEEPS_NONE = "http://localhost/login?next=/", "takes no cookies"


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Referer": "http://localhost/settings"}, {"Referer": "http://["},
        {"Referer": FORM, "Cache-Control": "max-age=0"},
        {"Referer": FORM, "Cache-Control": "no-cache"},
    ],
)  # fmt: skip
def test_a_visitor_is_not_told_of_cookies(client: FlaskClient, headers: dict[str, str]):
    assert KEEPS_NONE not in follow(client, client.get("/pet", headers=headers), **headers).text
    assert client.get("/", headers=headers).status_code == 200


def test_whoever_keeps_cookies_is_not_told_of_them(world: World, client: FlaskClient):
    assert world.ada
    shown = follow(client, client.post("/login", data=ADA), Referer=FORM)
    assert shown.status_code == 200
    client.post("/logout")
    assert KEEPS_NONE not in client.get("/pet", headers={"Referer": FORM}).headers["Location"]
    assert "cookies=off" not in client.get("/pet", headers={"Referer": FORM}).headers["Location"]


@pytest.fixture
def operators(app: Flask) -> None:
    """Ada's account as the command line makes it."""
    make.user("ada@example.org")


@pytest.mark.usefixtures("operators")
def test_the_first_sign_in_to_an_account_on_utc_offers_the_zone_of_the_browser(client: FlaskClient):
    sent = ADA | {"zone": "America/New_York", "next": "/pet"}
    asked = client.get(client.post("/login", data=sent).headers["Location"])
    assert "America/New York" in asked.text
    for zone in ("America/New_York", "UTC"):
        form = page(asked).form("/settings", timezone=zone)
        answer = client.post(form.action, data=form.fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/pet")
        assert scalar("SELECT timezone FROM users") == zone


@pytest.mark.usefixtures("operators")
@pytest.mark.parametrize("zone", ["", "UTC", "Mars/Olympus", "\0", "//evil.example"])
def test_no_zone_is_offered_that_is_none_or_is_there_already(client: FlaskClient, zone: str):
    answer = client.post("/login", data=ADA | {"zone": zone})
    assert answer.headers["Location"] == "/"
    answer = client.get("/settings/zone", query_string={"zone": zone, "next": "//evil.example"})
    assert answer.status_code == (200 if zone == "UTC" else 303)
    assert "evil" not in answer.text


@pytest.mark.usefixtures("operators")
@pytest.mark.parametrize(
    "chosen",
    [
        "UPDATE users SET timezone = 'Asia/Tokyo'",
        "UPDATE users SET habits_made_on = '2026-03-01', habits_made = 1",
    ],
)
def test_whoever_has_a_zone_or_a_habit_is_not_asked(client: FlaskClient, chosen: str):
    execute(chosen)
    answer = client.post("/login", data=ADA | {"zone": "Europe/London"})
    assert answer.headers["Location"] == "/"


DECOMPOSED = unicodedata.normalize("NFD", "élève où ça naît")


def test_a_hash_of_a_password_as_it_was_typed_still_holds_and_is_made_anew(world: World):
    assert world.ada
    raw = argon2.PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1).hash(DECOMPOSED)
    execute("UPDATE users SET password_hash = :raw", raw=raw)
    composed = unicodedata.normalize("NFC", DECOMPOSED)

    def sign_in(typed: str) -> int:
        return browser(world.app).post("/login", data=ADA | {"password": typed}).status_code

    assert sign_in(composed) == 422
    assert sign_in(DECOMPOSED) == 303
    assert scalar("SELECT password_hash FROM users") != raw
    assert sign_in(composed) == 303
    renewed = scalar("SELECT password_hash FROM users")
    assert sign_in(DECOMPOSED) == 303
    assert scalar("SELECT password_hash FROM users") == renewed


def test_a_hash_of_an_older_strength_is_made_anew(world: World, client: FlaskClient):
    weak = argon2.PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    signed_in = world.signed_in(world.ada)
    execute("UPDATE users SET password_hash = :weak", weak=weak)
    assert client.post("/login", data=ADA).status_code == 303
    assert "m=19456,t=2,p=1" in str(scalar("SELECT password_hash FROM users"))
    # It is the same password: nobody is signed out.
    assert signed_in.post("/pet", data={"name": "Miso"}).headers["Location"] == "/pet"


def test_no_statement_looks_for_a_password_hash(world: World, client: FlaskClient):
    """What is looked for stands in the database's log when it is slow or fails."""
    given: list[tuple[str, object]] = []

    def note(
        _conn: object, _cursor: object, statement: str, values: object, *_rest: object
    ) -> None:
        given.append((statement, values))

    event.listen(orm.engines[None], "before_cursor_execute", note)
    try:
        client.post("/signup", data=ADA | {"timezone": "UTC"})
        execute("UPDATE users SET password_hash = :raw", raw=passwords._hasher.hash(DECOMPOSED))
        for password in ("a guess", DECOMPOSED, DECOMPOSED):
            client.post("/login", data=ADA | {"password": password})
        sent = {"current": DECOMPOSED, "password": "another good password"}
        assert client.post("/settings/password", data=sent).status_code == 303
    finally:
        event.remove(orm.engines[None], "before_cursor_execute", note)
    carrying = [statement for statement, values in given if "$argon2" in repr(values)]
    assert len(carrying) == 4
    for statement in carrying:
        assert re.match(r"\s*(INSERT INTO users|UPDATE users SET password_hash ?=)", statement)
        assert "password_hash" not in statement.partition("WHERE")[2]


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\\/evil.example",
        "https:evil.example", "https://evil.example", "http://evil.example/", "HTTP://evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "/\t/evil.example",
        "\n//evil.example", "/\r\nSet-Cookie: a=b", " //evil.example", "//[", "http://[", "",
        "mailto:a@b", "//evil.example/..", ".", "x" * 9000,
    ],
)  # fmt: skip
def test_the_way_back_leads_nowhere_else(world: World, client: FlaskClient, back: str):
    """Line 30 of docs/security.md."""
    assert world.ada
    assert client.get("/login", query_string={"next": back}).status_code == 200
    answer = client.post("/login", data=ADA | {"next": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "back",
    ["/pet", "/habits/7?newest=2026-01-01", "/ledger?before=5", "/%0d%0aSet-Cookie:x", "/a:b"],
)
def test_the_way_back_to_a_page_of_ours_is_kept(world: World, client: FlaskClient, back: str):
    assert world.ada
    form = page(client.get("/login", query_string={"next": back})).form("/login")
    assert form.fields["next"] == back
    answer = client.post(form.action, data=form.fields | ADA)
    assert answer.headers["Location"] == back
    assert "x" not in [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]


def test_a_page_asked_for_by_a_visitor_is_come_back_to(world: World, client: FlaskClient):
    assert world.ada
    login = client.get("/pet", follow_redirects=True)
    answer = client.post("/login", data=page(login).form("/login").fields | ADA)
    assert answer.headers["Location"] == "/pet"


def test_signing_out_ends_this_sign_in_and_its_cookie_for_good(world: World):
    client, other = world.signed_in(world.ada), browser(world.app)
    other.post("/login", data=ADA)
    kept = client.get_cookie("session")
    assert kept is not None
    answer = client.post("/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert "You are signed out" in client.get("/login").text
    assert not is_in(client)
    client.set_cookie("session", kept.value)
    assert client.post("/pet", data={"name": "Miso"}).headers["Location"] == "/login"
    assert is_in(other)
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1


def test_signing_out_everywhere_ends_every_sign_in(world: World):
    """Line 18 of docs/security.md."""
    client, other = world.signed_in(world.ada), browser(world.app)
    other.post("/login", data=ADA)
    form = page(client.get("/settings")).form("/logout", everywhere="1")
    send(client, form)
    assert other.post("/pet", data={"name": "Miso"}).headers["Location"] == "/login"
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0


def test_signing_out_leaves_other_people_alone(world: World):
    bob = world.signed_in(world.bob)
    world.signed_in(world.ada).post("/logout", data={"everywhere": "1"})
    assert bob.post("/pet", data={"name": "Miso"}).status_code == 303


def test_a_visitor_who_signs_out_is_led_to_the_login(client: FlaskClient):
    answer = client.post("/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_a_password_is_typed_in_a_field_that_hides_it_and_takes_a_paste(client: FlaskClient):
    """Line 6 of docs/security.md."""
    for path, kinds in (("/login", ["current-password"]), ("/signup", ["new-password"])):
        html = client.get(path).text
        fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", html)
        assert [re.search(r'autocomplete="([^"]*)"', each).group(1) for each in fields] == kinds
        assert 'autocomplete="username' in html
        assert "onpaste" not in html


def test_who_is_signed_in_and_signs_in_as_another_is_the_other(world: World):
    client = world.signed_in(world.ada)
    make.pillar(world.bob, "Work")
    client.post("/login", data=ADA | {"email": "bob@example.org"})
    assert "Work" in client.get("/").text


def test_an_account_that_is_switched_off_is_told_so_by_the_right_password_alone(
    world: World, client: FlaskClient
):
    """Line 18 of docs/security.md."""
    phone = world.signed_in(world.ada)
    with db.transaction() as session:
        admin.disable(session, None, world.ada.user_id)
    right = client.post("/login", data=ADA)
    wrong = client.post("/login", data=ADA | {"password": "quite another one"})
    assert (right.status_code, wrong.status_code) == (422, 422)
    assert "switched off" in right.text
    assert "switched off" not in wrong.text
    assert phone.post("/pet", data={"name": "x"}).headers["Location"] == "/login"
    assert client.post("/signup", data=ADA).status_code == 403
