"""Sign up: an account, its egg, and signed in at once."""

import unicodedata
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.queries import accounts
from tests.conftest import MakeApp, browser
from tests.views.database import contents, scalar
from tests.views.pages import page, send
from tests.world import PASSWORD, World

EVA = {"email": "eva@example.org", "password": PASSWORD, "timezone": "Europe/Berlin"}


def test_signing_up_signs_in_and_leads_by_the_first_steps_to_an_egg(client: FlaskClient):
    form = page(client.get("/signup")).form("/signup")
    assert page(send(client, form, **EVA)).form("/welcome")
    shown = page(client.get("/"))
    assert shown["pet"]["data-stage"] == "egg"
    assert shown["pet"]["data-xp"] == "0"
    assert scalar("SELECT timezone FROM users") == "Europe/Berlin"
    assert scalar("SELECT count(*) FROM pillars") == 0
    assert scalar("SELECT is_premium FROM users") is False


def test_a_zone_that_is_not_sent_is_utc(client: FlaskClient):
    client.post("/signup", data={"email": "eva@example.org", "password": PASSWORD})
    assert scalar("SELECT timezone FROM users") == "UTC"


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@Example.org ", " ada@example.org"])
def test_an_address_that_is_taken_is_refused(world: World, client: FlaskClient, email: str):
    assert world.ada
    before = contents()
    answer = client.post("/signup", data=EVA | {"email": email, "password": "quite another one"})
    assert answer.status_code == 422
    assert "has an account already" in page(answer).error_of("email")
    assert page(answer).form("/signup").fields["timezone"] == "Europe/Berlin"
    assert contents() == before
    assert client.get("/pillars").status_code == 303


def test_who_has_an_account_and_signs_up_with_its_password_is_signed_in(
    world: World, client: FlaskClient
):
    assert world.ada
    before = scalar("SELECT count(*) FROM users")
    answer = client.post("/signup", data=EVA | {"email": "ada@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
    assert client.get("/pillars").status_code == 200
    assert scalar("SELECT count(*) FROM users") == before


def test_a_wrong_password_on_sign_up_counts_like_one_on_sign_in(world: World, client: FlaskClient):
    assert world.ada
    sent = EVA | {"email": "ada@example.org", "password": "quite another one"}
    client.post("/signup", data=sent)
    assert scalar("SELECT count(*) FROM sign_in_failures WHERE user_id > 0") == 1


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "ninechars", "password123", "PASSWORD123", "qwertyuiop", "1234567890",
        "eva@example.org", "EVA@EXAMPLE.ORG", "x" * 1025, "aaaaaaaaaa", "ababababab", "0000000001",
        "abcdefghij", "asdfghjkl;'", "passwordpassword", "iloveyou2024", "eva@example.org1",
        "üüüüüüüüüü", "e\u0301" * 10, "x" * 1024, "🦊" * 10, "evaevaevaeva", "P4ssw0rd!1",
    ],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(client: FlaskClient, password: str):
    """Lines 1 and 3 of docs/security.md."""
    answer = client.post("/signup", data=EVA | {"password": password})
    assert answer.status_code == 422
    assert page(answer).error_of("password")
    assert page(answer).form("/signup").fields["email"] == "eva@example.org"
    assert password == "" or f'value="{password}"' not in answer.text.replace(EVA["email"], "")
    assert scalar("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize(
    ("password", "twin"),
    [
        (f"few people say this {'a' * 52}bcd", f"few people say this {'a' * 52}bce"),
        (f"élève où ça {'é' * 40}1", f"élève où ça {'é' * 40}2"),
        (" leading and trailing ", "leading and trailing"),
        ("Mixed Case Words", "mixed case words"),
        ("naïve café words", "naive cafe words"),
        ("🦊🦉🐢🐈🐉🌱🦊🦉🐢🐈", "🦊🦉🐢🐈🐉🌱🦊🦉🐢🐉"),
        ("a long way down " * 64, "a long way down " * 63 + "a long way dowm "),
        ("zero\0inside it", "zero"),
    ],
)
def test_a_password_is_taken_to_its_last_sign(app: Flask, password: str, twin: str):
    """Lines 1 and 4 of docs/security.md."""
    assert browser(app).post("/signup", data=EVA | {"password": password}).status_code == 303
    for typed, status in ((twin, 422), (password.strip(), 422), (password, 303)):
        if typed != password or status == 303:
            answer = browser(app).post("/login", data=EVA | {"password": typed})
            assert answer.status_code == status


@pytest.mark.parametrize(
    "password", ["tischlampe", "summer2024!", "jetzt geht es", "ключевое слово"]
)
def test_a_password_that_takes_a_million_tries_will_do(client: FlaskClient, password: str):
    """Line 2 of docs/security.md."""
    assert client.post("/signup", data=EVA | {"password": password}).status_code == 303


def test_a_password_is_the_same_however_a_device_writes_its_accents(app: Flask):
    composed, decomposed = "élève où ça naît", unicodedata.normalize("NFD", "élève où ça naît")
    assert browser(app).post("/signup", data=EVA | {"password": decomposed}).status_code == 303
    for typed in (composed, decomposed):
        assert browser(app).post("/login", data=EVA | {"password": typed}).status_code == 303


def test_a_password_is_stored_as_a_hash_alone(client: FlaskClient):
    client.post("/signup", data=EVA)
    stored = scalar("SELECT password_hash FROM users")
    assert str(stored).startswith("$argon2id$")
    assert scalar("SELECT count(*) FROM users u WHERE u::text LIKE '%correct horse%'") == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""), ("email", "eva"), ("email", "eva@"), ("email", "@example.org"),
        ("email", "eva@exa mple.org"), ("email", "eva@a@b"), ("email", "e\0va@example.org"),
        ("email", "e" * 250 + "@example.org"), ("timezone", "Mars/Olympus"), ("timezone", ""),
        ("timezone", "../etc/passwd"), ("timezone", "localtime"), ("timezone", "UTC\0"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_the_form_comes_back(
    client: FlaskClient, field: str, value: str
):
    answer = client.post("/signup", data=EVA | {field: value})
    assert answer.status_code == 422
    assert page(answer).error_of(field)
    assert scalar("SELECT count(*) FROM users") == 0


def test_what_a_form_does_not_ask_is_not_taken(client: FlaskClient):
    more = {"is_premium": "1", "is_admin": "1", "id": "7", "xp": "999", "pillar_count": "-9"}
    assert client.post("/signup", data=EVA | more).status_code == 303
    with db.reading() as session:
        (line,) = accounts.all_accounts(session)
    assert (line.is_premium, line.pillars) == (False, 0)
    assert scalar("SELECT xp FROM pets") == 0


@pytest.fixture
def closed(make_app: MakeApp) -> Iterator[Flask]:
    """An app that takes no new accounts, on a database of its own, still without any."""
    app = make_app(registration="closed")
    with app.app_context():
        yield app


def test_a_closed_place_takes_its_first_account_and_no_second(closed: Flask):
    first, second = browser(closed), browser(closed)
    assert page(first.get("/signup")).form("/signup")
    assert first.post("/signup", data=EVA).status_code == 303
    assert first.get("/pillars").status_code == 200
    # The same form once more: its account is there, and signed in to.
    assert browser(closed).post("/signup", data=EVA).headers["Location"] == "/welcome"
    shown = second.get("/signup")
    assert shown.status_code == 200
    assert not page(shown).forms
    refused = second.post("/signup", data=EVA | {"email": "eve@example.org"})
    assert refused.status_code == 403
    assert "takes no new accounts" in refused.text
    assert scalar("SELECT count(*) FROM users") == 1
    assert second.post("/login", data=EVA).status_code == 303
