"""The second step of a sign-in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.infra import db
from app.infra.sealed import Box
from app.operations import accounts, factors, sessions
from app.rules.factors import HALF_WAY_HOLDS, HalfWay, shown
from app.rules.identity import Password
from tests import world as make
from tests.authenticator import Authenticator
from tests.conftest import browser
from tests.views.database import contents, execute, scalar
from tests.views.factors import asked
from tests.views.letters import letters
from tests.views.pages import page
from tests.world import NOON, PASSWORD, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")

STEP = "/login/second-step"
ADA = {"email": "ada@example.org", "password": PASSWORD}
AT_ONCE = timedelta(seconds=1)


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """A browser in which Ada's password was typed; her phone makes codes."""
    make.code_app(world.ada)
    return world.half_way("ada@example.org")


def is_in(client: FlaskClient) -> bool:
    return client.get("/pillars").status_code == 200


def send(client: FlaskClient, code: str, **more: str) -> TestResponse:
    return client.post(STEP, data={"code": code, **more})


def test_a_right_password_alone_opens_nothing_and_a_code_does(ada: FlaskClient, world: World):
    """Line 12 of docs/security.md."""
    before = contents()
    assert not is_in(ada)
    assert ada.get("/").text == browser(world.app).get("/").text
    assert ada.post("/pet", data={"name": "x"}).headers["Location"] == "/login"
    assert contents() == before
    form = page(ada.get(STEP)).form(STEP)
    answer = ada.post(STEP, data=form.fields | {"code": make.code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_in(ada)


def test_it_leads_to_where_the_first_step_was_asked_to_lead(world: World, client: FlaskClient):
    make.code_app(world.ada)
    client.post("/login", data=ADA | {"next": "/pet?x=1"})
    assert send(client, make.code()).headers["Location"] == "/pet?x=1"


@pytest.mark.parametrize("back", ["//evil.example", "/" + "x" * 3000])
def test_it_leads_nowhere_else_and_a_long_way_fits_the_cookie(
    world: World, client: FlaskClient, back: str
):
    make.code_app(world.ada)
    client.post("/login", data=ADA | {"next": back})
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert len(cookie.value) < 3000
    assert send(client, make.code()).headers["Location"] == "/"


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{first} {last}"])
def test_blanks_in_a_code_are_no_fault(ada: FlaskClient, typed: str):
    code = make.code()
    sent = typed.format(code=code, first=code[:3], last=code[3:])
    assert send(ada, sent).status_code == 303


@pytest.mark.parametrize(("beside", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_code_holds_for_its_own_step_and_those_beside_it(
    ada: FlaskClient, beside: int, status: int
):
    assert send(ada, make.code(beside)).status_code == status


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0", "x" * 9999, "0" * 12]
)
def test_a_wrong_code_is_told_beside_its_field(ada: FlaskClient, typed: str):
    answer = send(ada, typed)
    assert answer.status_code == 422
    assert "not right, or it was used before" in page(answer).error_of("code")
    assert not is_in(ada)


def test_a_code_counts_once_and_so_do_all_that_came_before_it(ada: FlaskClient, world: World):
    """Line 11 of docs/security.md."""
    assert send(ada, make.code()).status_code == 303
    for beside in (0, -1):
        assert send(world.half_way("ada@example.org"), make.code(beside)).status_code == 422
    assert send(world.half_way("ada@example.org"), make.code(1)).status_code == 303


def test_the_form_sent_twice_opens_one_sign_in_and_only_with_the_right_code(world: World):
    make.code_app(world.ada)
    tabs = [world.half_way("ada@example.org") for _ in range(3)]
    before = scalar("SELECT count(*) FROM sessions")
    sent = {"code": make.code(), "key": "one"}
    assert [tab.post(STEP, data=sent).status_code for tab in tabs[:2]] == [303, 303]
    assert scalar("SELECT count(*) FROM sessions") == before + 1
    # The key proves nothing.
    assert tabs[2].post(STEP, data=sent | {"code": make.code(-1)}).status_code == 422
    assert not is_in(tabs[2])


def test_half_the_way_ends_by_itself(ada: FlaskClient, at: Callable):
    at(NOON + HALF_WAY_HOLDS - AT_ONCE)
    assert ada.get(STEP).status_code == 200
    at(NOON + HALF_WAY_HOLDS)
    assert ada.get(STEP).headers["Location"] == "/login"
    assert send(ada, make.code()).headers["Location"] == "/login"
    assert not is_in(ada)


def test_another_password_ends_half_the_way(ada: FlaskClient, world: World):
    with db.transaction() as session:
        accounts.set_password(session, world.ada.user_id, "another hash")
    assert send(ada, make.code()).status_code == 422
    assert not is_in(ada)


def test_a_new_password_does_not_go_around_it(ada: FlaskClient, world: World):
    """Line 12 of docs/security.md."""
    with db.transaction() as session:
        accounts.set_password(session, world.ada.user_id, make.PASSWORD_HASH)
        begun = sessions.begin(session, world.ada.user_id, Password(make.PASSWORD_HASH))
    assert isinstance(begun, HalfWay)
    assert scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0


def test_it_holds_for_its_own_account_alone(ada: FlaskClient, world: World):
    make.code_app(world.bob)
    execute("DELETE FROM code_apps WHERE user_id = :me", me=world.ada.user_id)
    assert send(ada, make.code()).status_code == 422


def test_an_account_that_is_switched_off_says_so_after_the_right_code_alone(
    ada: FlaskClient, world: World
):
    execute("UPDATE users SET disabled_at = :now WHERE id = :me", now=NOON, me=world.ada.user_id)
    assert "switched off" not in send(ada, "123456").text
    assert "switched off" in send(ada, make.code()).text
    assert not is_in(ada)


def test_what_happens_is_written_down_for_the_one_whose_account_it_is(
    ada: FlaskClient, world: World
):
    codes = make.recovery_codes(world.ada)
    send(ada, "123456")
    send(ada, codes[0])
    lines = ada.get("/settings/audit").text
    for said in (
        "An authenticator app was added.", "New recovery codes were made.",
        "A recovery code was used.", "the code or passkey after it was not.",
    ):  # fmt: skip
        assert said in lines
    assert [each.kind for each in letters()] == ["security"] * 3


def test_whoever_is_nowhere_on_the_way_begins_at_the_beginning(client: FlaskClient):
    assert client.get(STEP).headers["Location"] == "/login"
    assert send(client, "123456").headers["Location"] == "/login"


def test_whoever_is_in_already_goes_on(ada: FlaskClient):
    send(ada, make.code())
    assert ada.get(STEP).headers["Location"] == "/"
    assert send(ada, make.code()).headers["Location"] == "/"


def test_an_account_that_was_signed_in_here_is_not_while_another_is_half_way(world: World):
    make.code_app(world.bob)
    client = world.signed_in(world.ada)
    client.post("/login", data=ADA | {"email": "bob@example.org"})
    assert not is_in(client)


def test_a_browser_that_keeps_no_cookies_is_told_here_too(world: World):
    make.code_app(world.ada)
    deaf = world.app.test_client(use_cookies=False)
    headers = {"Origin": "http://localhost", "Referer": "http://localhost/login"}
    answer = deaf.post("/login", data=ADA, headers=headers)
    answer = deaf.get(answer.headers["Location"], headers=headers)
    assert answer.headers["Location"] == "/login?cookies=off"


def test_signing_up_with_an_account_that_is_there_meets_the_second_step(
    world: World, client: FlaskClient
):
    """Line 12 of docs/security.md."""
    make.code_app(world.ada)
    answer = client.post("/signup", data=ADA | {"timezone": "UTC"})
    assert answer.headers["Location"] == STEP
    assert send(client, make.code()).headers["Location"] == "/welcome"


def test_who_has_no_factor_signs_in_by_as_many_statements_as_before(
    world: World, client: FlaskClient, statements: Callable
):
    assert world.bob
    make.code_app(world.ada)
    with statements() as seen:
        client.post("/login", data=ADA | {"email": "bob@example.org"})
    assert not any(table in said for said in seen for table in ("code_apps", "passkeys"))
    assert is_in(client)


def test_a_recovery_code_opens_once_however_it_is_typed(ada: FlaskClient, world: World):
    codes = make.recovery_codes(world.ada)
    assert send(ada, shown(codes[0])).status_code == 303
    assert send(world.half_way("ada@example.org"), codes[0]).status_code == 422
    loud = codes[7].upper().replace("0", "O").replace("1", "I")
    assert send(world.half_way("ada@example.org"), loud).status_code == 303
    wrong = codes[3][:-1] + ("a" if codes[3][-1] != "a" else "b")
    assert send(world.half_way("ada@example.org"), wrong).status_code == 422
    assert make.ways(world.ada).recovery_codes == 8


def test_a_recovery_code_is_stored_like_a_password(ada: FlaskClient, world: World):
    codes = make.recovery_codes(world.ada)
    stored = str(scalar("SELECT string_agg(code_hash, ' ') FROM recovery_codes"))
    assert stored.count("$argon2id$") == 10
    assert not any(code in stored for code in codes)


def test_the_secret_of_an_app_is_not_to_be_read_in_the_database(ada: FlaskClient, world: World):
    stored = str(scalar("SELECT secret FROM code_apps"))
    assert make.SECRET not in stored
    settings: Settings = world.app.extensions["settings"]
    assert make.SECRET in Box([settings.secret_key]).open("secret of an app", stored, NOON)


def test_a_secret_that_cannot_be_read_has_no_right_code_and_recovery_codes_open(
    ada: FlaskClient, world: World
):
    codes = make.recovery_codes(world.ada)
    execute("UPDATE code_apps SET secret = :other", other=Box(["another"]).seal("x", "y", NOON))
    assert send(ada, make.code()).status_code == 422
    assert send(ada, codes[0]).status_code == 303


def test_a_passkey_is_a_second_step_too(world: World):
    device = Authenticator()
    make.passkey(world.ada, device)
    client = world.half_way("ada@example.org")
    form, options = asked(page(client.get(STEP)), STEP)
    answer = client.post(STEP, data=form.fields | {"credential": device.use(options)})
    assert answer.headers["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "\0", "x" * 20_000, '{"response": 7}', "[" * 15_000]
)
def test_what_is_no_passkey_is_refused_with_a_sentence(world: World, credential: str):
    make.passkey(world.ada, Authenticator())
    client = world.half_way("ada@example.org")
    answer = client.post(STEP, data={"credential": credential, "key": "one"})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_the_passkey_of_another_is_no_second_step(world: World):
    make.passkey(world.ada, Authenticator())
    device = Authenticator(secret=7)
    make.passkey(world.bob, device)
    client = world.half_way("ada@example.org")
    form, options = asked(page(client.get(STEP)), STEP)
    answer = client.post(STEP, data=form.fields | {"credential": device.use(options)})
    assert answer.status_code == 422
    assert "This passkey is not right for your account." in answer.text


def test_where_the_last_factor_is_removed_the_password_is_enough_again(world: World):
    number = make.code_app(world.ada)
    make.recovery_codes(world.ada)
    with db.transaction() as session:
        factors.remove_code_app(session, world.ada, number)
    assert browser(world.app).post("/login", data=ADA).headers["Location"] == "/"
    assert scalar("SELECT count(*) FROM recovery_codes") == 0
    assert scalar("SELECT password_hash FROM users") == PASSWORD_HASH
