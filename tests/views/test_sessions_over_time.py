"""Sign-ins: how long they hold, what ends them, and what they cost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from app.infra import db
from app.operations import accounts, sessions
from app.rules.days import ZONES
from app.rules.names import LONGEST_NAME, most_points
from tests import world as make
from tests.conftest import browser
from tests.views.database import contents, scalar
from tests.views.routes import GOOD, PUBLIC, closed, unsafe
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}
MINUTES = timedelta(minutes=1)
DAYS = timedelta(days=1)


def replay(world: World, cookie: str) -> FlaskClient:
    """Return a browser that holds a cookie of old."""
    client = browser(world.app)
    client.set_cookie("session", cookie)
    return client


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def end(world: World) -> None:
    with db.transaction() as session:
        sessions.end(session, world.ada)


def is_in(client: FlaskClient) -> bool:
    return client.get("/pillars").status_code == 200


def test_every_view_that_is_not_on_the_list_is_closed_to_visitors(world: World):
    """Line 24 of docs/security.md."""
    views = world.app.view_functions
    assert {name for name in views if getattr(views[name], "is_public", False)} == PUBLIC
    for route in closed(world.app):
        visitor = browser(world.app)
        answer = visitor.open(route.url, method=route.method, data=GOOD)
        assert answer.status_code == 303, route
        back = f"?next={route.url}" if route.method == "GET" else ""
        assert answer.headers["Location"] == "/login" + back
        told = visitor.open(route.url, method=route.method, data=GOOD, headers=HTMX)
        assert (told.status_code, told.data) == (401, b"")
        assert told.headers["HX-Redirect"] == "/login" + back


def test_a_page_asked_for_with_a_query_is_come_back_to_whole(client: FlaskClient):
    location = client.get("/ledger?before=5").headers["Location"]
    assert location == "/login?next=/ledger?before%3D5"


@pytest.mark.parametrize("age", [timedelta(0), 4 * MINUTES, 6 * MINUTES, 89 * DAYS])
def test_an_ended_sign_in_writes_nothing_at_once(world: World, at: At, age: timedelta):
    """Line 17 of docs/security.md."""
    cookie = cookie_of(world.signed_in(world.ada))
    mine = unsafe(world.app, *world.objects)
    routes = [r for r in mine if r.endpoint not in PUBLIC]
    end(world)
    at(NOON + age)
    before = contents()
    for route in routes:
        sent = GOOD | dict.fromkeys(("pillar_id", "pillar"), str(world.pillar))
        answer = replay(world, cookie).open(route.url, method=route.method, data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login"), route
        told = replay(world, cookie).open(route.url, method="POST", data=sent, headers=HTMX)
        assert (told.status_code, told.headers["HX-Redirect"]) == (401, "/login"), route
    assert contents() == before


def test_an_ended_sign_in_reads_nothing_after_five_minutes(world: World, at: At):
    """Line 17 of docs/security.md."""
    cookie = cookie_of(world.signed_in(world.ada))
    pillar_id = world.pillar
    end(world)
    at(NOON + 5 * MINUTES)
    assert is_in(replay(world, cookie))
    at(NOON + 5 * MINUTES + timedelta(seconds=1))
    assert not is_in(replay(world, cookie))
    # A form that is refused is answered with a page: that is a read too.
    refused = replay(world, cookie).post(f"/pillars/{pillar_id}", data={"name": ""})
    assert refused.status_code == 303
    assert "session=;" in refused.headers["Set-Cookie"]


def test_an_ended_sign_in_does_not_end_the_others(world: World):
    ended, living = cookie_of(world.signed_in(world.ada)), begun(world)
    end(world)
    replay(world, ended).post("/logout", data={"everywhere": "1"})
    assert living.post("/pet", data={"name": "Miso"}).status_code == 303


def begun(world: World) -> FlaskClient:
    """Sign Ada in once more, by the form."""
    assert world.ada
    client = browser(world.app)
    sent = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 303
    return client


def test_a_sign_in_ends_after_ninety_days_without_a_visit(world: World, at: At):
    """Line 19 of docs/security.md."""
    cookie = cookie_of(world.signed_in(world.ada))
    at(NOON + 90 * DAYS)
    assert is_in(replay(world, cookie))
    at(NOON + 90 * DAYS + MINUTES)
    assert not is_in(replay(world, cookie))


def test_a_sign_in_that_is_used_ends_after_400_days(world: World, at: At):
    """Line 19 of docs/security.md."""
    client = world.signed_in(world.ada)
    for day in range(80, 400, 80):
        at(NOON + day * DAYS)
        assert is_in(client)
    cookie = cookie_of(client)
    at(NOON + 400 * DAYS)
    assert not is_in(replay(world, cookie))
    assert replay(world, cookie).post("/pet", data={"name": "x"}).status_code == 303
    assert scalar("SELECT name FROM pets") == ""


def test_claims_are_read_again_after_five_minutes_with_one_statement(
    world: World, at: At, statements: Callable
):
    client = world.signed_in(world.ada)
    assert world.habit
    with statements() as fresh:
        client.get("/pillars")
    at(NOON + 6 * MINUTES)
    with statements() as stale:
        answer = client.get("/pillars")
    assert len(fresh) <= 4
    assert len(stale) == len(fresh) + 1 <= 5
    assert "Set-Cookie" in answer.headers
    with statements() as again:
        answer = client.get("/pillars")
    assert len(again) == len(fresh)
    assert "Set-Cookie" not in answer.headers


def test_what_the_operator_changed_is_seen_within_five_minutes(world: World, at: At):
    client = world.signed_in(world.ada)
    with db.transaction() as session:
        accounts.set_premium(session, world.ada.user_id, True)
    assert "0 of 3 pillars" in client.get("/").text
    at(NOON + 6 * MINUTES)
    assert "of 3 pillars" not in client.get("/").text


def test_a_sign_in_begins_a_session_of_its_own(world: World):
    """Line 16 of docs/security.md."""
    client = world.signed_in(world.ada)
    old = cookie_of(client)
    client.post("/login", data={"email": "ada@example.org", "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert cookie["claims"]["user_id"] == world.ada.user_id
        assert cookie["claims"]["session_id"] != world.ada.credential
        assert "_flashes" not in cookie
    assert cookie_of(client) != old
    assert scalar("SELECT count(*) FROM sessions") == 2


def test_nothing_of_the_session_before_survives_a_sign_in(world: World, client: FlaskClient):
    """Line 16 of docs/security.md."""
    assert world.ada
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    client.post("/login", data={"email": "ada@example.org", "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value[:-2] + ("aa" if value[-2:] != "aa" else "bb"),
        lambda value: "x" + value,
        lambda value: value.split(".", 1)[1],
        lambda value: "",
        lambda value: "é" * 50,
        lambda value: "." * 5000,
        lambda value: forged({"_user_id": "1", "claims": [1, 1, "", True, "UTC", 0, 1e12]}),
    ],
)
def test_a_cookie_that_is_not_ours_is_a_visitors(world: World, spoil: Callable[[str], str]):
    """Line 20 of docs/security.md."""
    cookie = spoil(cookie_of(world.signed_in(world.ada)))
    assert replay(world, cookie).get("/pillars").status_code == 303
    assert replay(world, cookie).get("/").status_code == 200
    assert replay(world, cookie).post("/pet").status_code == 303


@pytest.mark.parametrize(
    "claims", [None, "text", [], [1], [1] * 9, [1] * 20, {"a": 1}, {"user_id": 1, "session_id": 1}]
)
def test_claims_of_another_shape_are_a_visitors(world: World, claims: object):
    client = world.signed_in(world.ada)
    with client.session_transaction() as cookie:
        cookie["claims"] = claims
    assert client.get("/pillars").status_code == 303
    assert client.post("/pet", data={"name": "Miso"}).headers["Location"] == "/login"


def test_a_cookie_from_before_claims_had_names_holds_and_gets_them_when_it_is_read_again(
    world: World, at: At
):
    client = browser(world.app)
    who = make.claims(world.ada)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(who.user_id)
        cookie["claims"] = [
            who.user_id, who.session_id, "Ada", False, "Asia/Tokyo", 4, "dark", True,
            who.issued_at.timestamp(),
        ]  # fmt: skip
    shown = client.get("/settings").text
    assert 'data-theme="dark"' in shown
    assert client.post("/pet", data={"name": "Miso"}).headers["Location"] != "/login"
    at(NOON + 6 * MINUTES)
    assert is_in(client)
    with client.session_transaction() as cookie:
        assert cookie["claims"] == make.claims(world.ada).to_cookie()


def test_a_claim_too_few_and_one_too_many_sign_nobody_out(world: World):
    client = world.signed_in(world.ada)
    with client.session_transaction() as cookie:
        del cookie["claims"]["shortcuts"]
        cookie["claims"]["locale"] = "fr"
        cookie.modified = True
    assert is_in(client)


def test_the_cookie_of_the_longest_name_and_zone_is_far_from_what_a_browser_refuses(world: World):
    ada, name = world.ada, "".join(map(chr, range(0x1F400, 0x1F400 + most_points(LONGEST_NAME))))
    with db.transaction() as session:
        accounts.set_preferences(session, ada, name, max(ZONES, key=len))
    assert len(cookie_of(world.signed_in(ada))) < 500  # Of 4096.


def test_a_remember_cookie_lets_nobody_in(world: World):
    client = browser(world.app)
    client.set_cookie("remember_token", f"{world.ada.user_id}|{'0' * 128}")
    assert client.get("/pillars").status_code == 303


def test_a_claim_of_premium_that_is_not_so_makes_no_fourth_pillar(world: World):
    """Line 20 of docs/security.md."""
    for name in ("One", "Two", "Three"):
        make.pillar(world.ada, name)
    client = world.signed_in(world.ada)
    with client.session_transaction() as cookie:
        cookie["claims"]["is_premium"] = True
        cookie.modified = True
    assert client.post("/pillars", data={"name": "Four"}).status_code == 402


def forged(claims: dict) -> str:
    """Return claims signed with a key that is not the app's."""
    signer = URLSafeTimedSerializer(
        "a guess", "cookie-session", signer_kwargs={"key_derivation": "hmac"}
    )
    return signer.dumps(claims)  # type: ignore[return-value]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "css", "js"])
def test_what_everybody_gets_never_opens_the_session(world: World, at: At, path: str):
    client = world.signed_in(world.ada)
    at(NOON + 6 * MINUTES)
    url = path if path.startswith("/") else getattr(world.app.extensions["assets"], path)
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
