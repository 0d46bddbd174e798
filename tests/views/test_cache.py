"""Today is served as it was drawn while nothing has changed, and never after anything has."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from app.infra import cache, db
from app.operations import accounts, habits, pillars
from app.rules.identity import Claims
from app.views import kept
from tests import world as make
from tests.conftest import MakeApp, browser
from tests.views.database import execute, scalar
from tests.views.pages import page
from tests.views.routes import unsafe
from tests.world import NOON, PASSWORD, World

pytestmark = pytest.mark.usefixtures("at", "_empty")

HTMX = {"HX-Request": "true"}
SHAPES = [pytest.param({}, id="page"), pytest.param(HTMX, id="HTMX")]
_KEY = re.compile(r'name="key" value="[^"]*"')


@pytest.fixture
def _empty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with a cache of its own."""
    monkeypatch.setitem(app.extensions, "cache", cache.Own())


@dataclass(frozen=True)
class Home:
    """Ada's things, one in every state that an act begins with."""

    pillar: int
    second: int
    archived: int
    habit: int
    kept: int
    put_away: int
    resting: int


@pytest.fixture
def home(world: World) -> Home:
    ada, first = world.ada, world.pillar
    began = date(2026, 1, 1)
    made = [make.habit(ada, first, name, starts_on=began) for name in ("Run", "Stretch", "Swim")]
    second, third = make.pillar(ada, "Mind"), make.pillar(ada, "Work")
    make.keep(ada, made[1])
    with db.transaction() as session:
        pillars.archive(session, ada, third)
    with db.transaction() as session:
        habits.archive(session, ada, made[2])
    # A grown pet rests in the den, its successor is about, and another egg waits.
    execute("UPDATE pets SET is_active = false, best_stage = 4 WHERE user_id = :me", me=ada.user_id)
    execute(
        "INSERT INTO pets (user_id, species, is_active, created_at)"
        " VALUES (:me, 'owl', true, :now)",
        me=ada.user_id,
        now=NOON,
    )
    resting = scalar("SELECT min(id) FROM pets WHERE user_id = :me", me=ada.user_id)
    return Home(first, second, third, made[0], made[1], made[2], resting)


@dataclass(frozen=True)
class Deed:
    """One way to change something: where it is sent and what, `{name}` being one of Home's ids.

    `shows` tells whether Today looks otherwise afterwards; `who` is the one who does it.
    """

    endpoint: str
    url: str
    sent: dict[str, str] = field(default_factory=dict)
    shows: bool = True
    who: str = "ada"

    def __str__(self) -> str:
        return f"{self.endpoint} {' '.join(f'{k}={v}' for k, v in self.sent.items())}"


SIGN_IN = {"email": "ada@example.org", "password": PASSWORD}
CHANGE = {"current": PASSWORD, "password": "another horse battery staple"}
DEEDS = [
    Deed("accounts.create", "/signup", SIGN_IN | {"email": "new@example.org"}, who="visitor"),
    Deed("sessions.create", "/login", SIGN_IN, who="visitor"),
    Deed("sessions.end", "/logout"),
    Deed("sessions.end", "/logout", {"everywhere": "1"}),
    Deed("settings.update", "/settings", {"theme": "dark"}),
    Deed("settings.update", "/settings", {"timezone": "Pacific/Kiritimati"}),
    Deed("settings.update", "/settings", {"day_start": "6"}),
    Deed("settings.update", "/settings", {"shortcuts": "off"}),
    Deed("settings.update", "/settings", {"name": "Ada L."}, shows=False),
    Deed("settings.password", "/settings/password", CHANGE, shows=False),
    Deed("pets.update", "/pet", {"name": "Miso"}),
    Deed("pets.update", "/pet", {"species": "cat"}),
    Deed("pets.update", "/pet", {"coat": "sky"}),
    Deed("pets.update", "/pet", {"pet": "{resting}"}),
    Deed("pets.update", "/pet", {"egg": "2", "name": "Kiwi", "species": "cat", "coat": "own"}),
    Deed("pillars.create", "/pillars", {"name": "Music", "color": "moss", "icon": "leaf"}),
    Deed("pillars.update", "/pillars/{pillar}", {"name": "Corpus"}),
    Deed("pillars.update", "/pillars/{pillar}", {"name": "Body", "color": "iris"}),
    Deed("pillars.move", "/pillars/{pillar}/move", {"direction": "down"}),
    Deed("pillars.archive", "/pillars/{pillar}/archive"),
    Deed("pillars.restore", "/pillars/{archived}/restore"),
    Deed("pillars.delete", "/pillars/{pillar}/delete"),
    Deed("habits.create", "/habits", {"pillar_id": "{second}", "name": "Read"}),
    Deed("habits.update", "/habits/{habit}", {"name": "Run far"}),
    Deed("habits.update", "/habits/{habit}", {"name": "Run", "effort": "hard"}),
    Deed("habits.move", "/habits/{habit}/move", {"direction": "down"}),
    Deed("habits.move", "/habits/{habit}/move", {"pillar_id": "{second}"}),
    Deed("habits.archive", "/habits/{habit}/archive"),
    Deed("habits.restore", "/habits/{put_away}/restore"),
    Deed("habits.delete", "/habits/{habit}/delete"),
    Deed("commits.record", "/habits/{habit}/commit"),
    Deed("commits.record", "/habits/{habit}/commit", {"day": "2026-03-09"}),
    Deed("commits.undo", "/habits/{kept}/undo"),
    Deed("welcome.finish", "/welcome", {"name": "Kiwi", "work-picked": "y"}, who="bob"),
    Deed("welcome.skip_rest", "/welcome/skip", {"name": "Kiwi"}, who="bob"),
]


def looked(client: FlaskClient, headers: dict[str, str]) -> str:
    """Today as the client sees it, without what may repeat: the keys of the forms."""
    return _KEY.sub("", client.get("/", headers=headers).text)


@contextmanager
def nothing_kept(app: Flask) -> Iterator[None]:
    """A fresh cache inside the block, so that a page is drawn from the database."""
    kept_so_far = app.extensions["cache"]
    app.extensions["cache"] = cache.Own()
    try:
        yield
    finally:
        app.extensions["cache"] = kept_so_far


def assert_true(app: Flask, clients: dict[str, FlaskClient]) -> None:
    """Whatever a browser is shown, in either shape, is what would be drawn for it now."""
    for name, client in clients.items():
        for headers in ({}, HTMX):
            # The first look shows what is flashed, which is no part of the page.
            client.get("/", headers=headers)
            warm = looked(client, headers)
            with nothing_kept(app):
                assert looked(client, headers) == warm, name


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_no_deed_leaves_an_old_page_behind(app: Flask, world: World, home: Home, deed: Deed):
    people = {"ada": world.signed_in(world.ada), "bob": world.signed_in(world.bob)}
    people |= {"ada's phone": world.signed_in(world.ada), "visitor": browser(app)}
    before = {name: looked(client, {}) for name, client in people.items()}
    assert_true(app, people)
    names = {f.name: str(getattr(home, f.name)) for f in fields(home)}
    sent = {name: value.format(**names) for name, value in deed.sent.items()}
    answer = people[deed.who].post(deed.url.format(**names), data=sent)
    assert answer.status_code == 303, answer.text
    assert_true(app, people)
    changed = without_version(looked(people[deed.who], {})) != without_version(before[deed.who])
    assert changed == deed.shows


def without_version(text: str) -> str:
    return re.sub(r'data-version="\d+"', "", text)


def test_every_route_by_which_something_can_change_is_among_the_deeds(app: Flask):
    assert {deed.endpoint for deed in DEEDS} == {route.endpoint for route in unsafe(app)}


def test_the_operators_deeds_are_seen_too(app: Flask, world: World, home: Home):
    client = world.signed_in(world.ada)
    before = looked(client, {})
    with db.transaction() as session:
        accounts.set_premium(session, world.ada.user_id, True)
    assert_true(app, {"ada": client})
    assert "of 3 pillars" in before
    assert "of 3 pillars" not in looked(world.signed_in(world.ada), {})


@pytest.mark.parametrize("headers", SHAPES)
def test_a_second_look_takes_one_statement_and_shows_the_very_same(
    world: World, home: Home, statements: Callable, headers: dict[str, str]
):
    client = world.signed_in(world.ada)
    first = client.get("/", headers=headers)
    with statements() as seen:
        second = client.get("/", headers=headers)
    assert [s.split(" WHERE")[0] for s in seen] == ["SELECT version FROM users"]
    assert _KEY.sub("", second.text) == _KEY.sub("", first.text)
    keys = [set(_KEY.findall(answer.text)) for answer in (first, second)]
    assert keys[0]
    # Two devices that showed the same keys would be one person's double press.
    assert not keys[0] & keys[1]

    def told(answer: Any) -> list[tuple[str, str]]:
        return [(k, v) for k, v in answer.headers.items() if k != "X-Request-Id"]

    assert told(second) == told(first)
    assert {"no-store", "nosniff"} <= {value for _name, value in told(second)}


def test_page_and_fragment_are_never_mistaken_for_each_other(world: World, home: Home):
    client = world.signed_in(world.ada)
    for _ in range(2):
        assert "<html" in client.get("/").text
        assert "<html" not in client.get("/", headers=HTMX).text


def test_two_users_share_nothing(world: World):
    people = {name: make.user(f"{name}@example.org") for name in ("kim", "lee")}
    for name, me in people.items():
        make.habit(me, make.pillar(me), f"Walk {name}'s dog")
    clients = {name: world.signed_in(me) for name, me in people.items()}
    versions = {page(clients[name].get("/"))["main"]["data-version"] for name in people}
    assert len(versions) == 1
    for name, other in (("kim", "lee"), ("lee", "kim")):
        shown = clients[name].get("/").text
        assert f"Walk {name}&#39;s dog" in shown
        assert f"{other}&#39;s dog" not in shown


@pytest.mark.parametrize(
    ("start", "later"),
    [
        pytest.param(NOON, NOON + timedelta(hours=12), id="the next day"),
        pytest.param(NOON - timedelta(minutes=1), NOON, id="noon"),
        pytest.param(NOON, NOON + timedelta(days=6), id="Monday"),
        pytest.param(NOON, NOON + timedelta(days=9), id="asleep"),
    ],
)
def test_time_alone_turns_the_page(app: Flask, world: World, home: Home, at, start, later):
    make.keep(world.ada, home.habit, NOON.date() - timedelta(days=4))
    make.take_back(world.ada, home.kept)
    at(start)
    client = world.signed_in(world.ada)
    before = looked(client, {})
    at(later)
    # What it was signed at is read again after five minutes, and is no part of a page.
    assert_true(app, {"ada": client})
    assert looked(client, {}) != before


def test_noon_is_that_of_the_users_own_clock(world: World, at):
    at(NOON - timedelta(days=2))
    me = make.user("kim@example.org", timezone="Pacific/Kiritimati")
    make.habit(me, make.pillar(me))
    at(NOON - timedelta(hours=14, minutes=1))
    client = world.signed_in(me)
    assert page(client.get("/"))["pet"]["data-mood"] == "content"
    at(NOON - timedelta(hours=14))
    assert page(client.get("/"))["pet"]["data-mood"] == "eager"


def test_the_size_of_the_free_plan_is_part_of_the_page(
    app: Flask, world: World, home: Home, monkeypatch: pytest.MonkeyPatch
):
    client = world.signed_in(world.ada)
    assert "2 of 3 pillars" in client.get("/").text
    settings = replace(app.extensions["settings"], free_pillars=5)
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert "2 of 5 pillars" in client.get("/").text


@pytest.mark.parametrize("claim", [f.name for f in fields(Claims)])
def test_every_claim_but_which_sign_in_it_is_makes_another_page(
    app: Flask, world: World, claim: str
):
    who = make.claims(world.ada)
    others = {
        "user_id": who.user_id + 1, "name": "Eve", "is_premium": True, "day_start": 3,
        "timezone": "Asia/Tokyo", "theme": "dark", "shortcuts": False,
        "session_id": who.session_id + 1, "issued_at": NOON + timedelta(seconds=1),
    }  # fmt: skip
    # A claim that is new to the cookie needs a value here, and is part of the key already.
    other = replace(who, **{claim: others[claim]})
    assert (key_of(app, who) == key_of(app, other)) == (claim in {"session_id", "issued_at"})


def key_of(app: Flask, who: Claims, *parts: object) -> str:
    """The key of a page for `who`."""
    with app.test_request_context():
        g._login_user = type("Visitor", (), {"claims": who})()
        return kept.key(*parts)


def test_another_installation_and_another_key_find_nothing(
    app: Flask, world: World, make_app: MakeApp
):
    who = make.claims(world.ada)
    url = app.extensions["settings"].database_url
    same, other_key, other_place = (
        make_app(url),
        make_app(url, secret_key="another key, which nobody knows either"),
        make_app("postgresql://nobody@127.0.0.1:1/none"),
    )
    keys = [key_of(place, who) for place in (app, same, other_key, other_place)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_what_is_flashed_is_shown_once_and_never_kept(world: World, home: Home):
    client, phone = world.signed_in(world.ada), world.signed_in(world.ada)
    client.get("/")
    client.post("/habits", data={"pillar_id": home.second, "name": "Read"})
    assert "Read is here." in client.get("/").text
    for other in (client, phone):
        for _ in range(2):
            assert "Read is here." not in other.get("/").text
    # Kept by now, and passed by: a sentence waits to be said.
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "By the way.")]
    assert "By the way." in client.get("/").text
    assert "By the way." not in client.get("/").text


def test_a_sentence_for_htmx_is_said_though_the_page_is_kept(world: World, home: Home):
    client = world.signed_in(world.ada)
    client.get("/", headers=HTMX)
    sent = {"pillar_id": home.second, "name": "Read"}
    assert "Read is here." in client.post("/habits", data=sent, headers=HTMX).text
    assert "Read is here." not in client.get("/", headers=HTMX).text


def test_a_refused_form_is_never_kept(world: World, home: Home):
    client = world.signed_in(world.ada)
    answer = client.post("/habits", data={"pillar_id": home.second, "name": "x" * 200})
    assert answer.status_code == 422
    assert "x" * 200 not in client.get("/").text
    assert "x" * 200 not in client.get("/").text


def test_who_is_gone_sees_no_kept_page(world: World, home: Home):
    client = world.signed_in(world.ada)
    client.get("/")
    with db.transaction() as session:
        accounts.delete(session, world.ada.user_id)
    answer = client.get("/")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")
    assert client.get_cookie("session") is None


def test_the_cache_of_a_process_is_bounded_and_drops_what_was_not_asked_for_the_longest():
    store = cache.Own(most_bytes=30)

    def held() -> str:
        return "".join(name for name in "abcde" if store.get(name))

    for name in "abc":
        store.put(name, b"ten bytes!")
    assert held() == "abc"
    assert store.get("a")
    store.put("d", b"ten bytes!")
    assert held() == "acd"
    # Put anew, it counts once.
    store.put("d", b"fewer")
    store.put("e", b"fewer")
    assert held() == "acde"
    store.put("b", b"more than everything there is room for")
    assert held() == ""
    store.put("b", b"ten bytes!")
    assert held() == "b"
    store.clear()
    assert held() == ""
