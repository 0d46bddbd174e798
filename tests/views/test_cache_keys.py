"""A cached page is shown to whom it was drawn for, while all that it depends on is the same."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g

from app.infra import cache, db
from app.operations import accounts
from app.rules.identity import Claims
from app.rules.language import Language, use
from app.web import cached_pages
from tests import world as make
from tests.conftest import MakeApp
from tests.views.cached_pages import HTMX, KEY, NOW, Home, assert_true, looked
from tests.views.pages import page
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")

SHAPES = [pytest.param({}, id="page"), pytest.param(HTMX, id="HTMX")]


@pytest.mark.parametrize("headers", SHAPES)
def test_a_second_look_takes_one_statement_and_shows_the_very_same(
    world: World, home: Home, statements: Callable, headers: dict[str, str]
):
    client = world.signed_in(world.ada)
    first = client.get("/", headers=headers)
    with statements() as seen:
        second = client.get("/", headers=headers)
    assert [s.split(" WHERE")[0] for s in seen] == ["SELECT version FROM users"]
    assert KEY.sub("", second.text) == KEY.sub("", first.text)
    keys = [set(KEY.findall(answer.text)) for answer in (first, second)]
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
    assert NOW.sub("", looked(client, {})) != NOW.sub("", before)


def test_a_stored_page_says_what_the_servers_clock_shows_now(world: World, home: Home, at):
    client = world.signed_in(world.ada)
    for minutes in (0, 3):
        now = NOON + timedelta(minutes=minutes)
        at(now)
        assert page(client.get("/"))["main"]["data-now"] == f"{now.timestamp() * 1000:.0f}"


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
        "timezone": "Asia/Tokyo", "theme": "dark", "shortcuts": False, "week_start": 6,
        "session_id": who.session_id + 1, "issued_at": NOON + timedelta(seconds=1),
        "leaves_at": 1,
    }  # fmt: skip
    # A claim that is new to the cookie needs a value here, and is part of the key already.
    other = replace(who, **{claim: others[claim]})
    assert (key_of(app, who) == key_of(app, other)) == (claim in {"session_id", "issued_at"})


def test_a_page_is_cached_for_each_language(app: Flask, world: World):
    who = make.claims(world.ada)
    keys = {tag: copy_context().run(_key_in, Language(tag), app, who) for tag in ("en", "ar-EG")}
    assert keys["en"] == key_of(app, who)
    assert keys["ar-EG"] != keys["en"]


def _key_in(language: Language, app: Flask, who: Claims) -> str:
    use(language)
    return key_of(app, who)


def key_of(app: Flask, who: Claims, *parts: object) -> str:
    """The key of a page for `who`."""
    with app.test_request_context():
        g._login_user = type("Visitor", (), {"claims": who})()
        return cached_pages.key(*parts)


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


def test_what_is_flashed_is_shown_once_and_never_cached(world: World, home: Home):
    client, phone = world.signed_in(world.ada), world.signed_in(world.ada)
    client.get("/")
    client.post("/habits", data={"pillar_id": home.second, "name": "Read"})
    assert "Added: Read." in client.get("/").text
    for other in (client, phone):
        for _ in range(2):
            assert "Added: Read." not in other.get("/").text
    # Cached by now, and passed by: a sentence waits to be said.
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "By the way.")]
    assert "By the way." in client.get("/").text
    assert "By the way." not in client.get("/").text


def test_a_sentence_for_htmx_is_said_though_the_page_is_cached(world: World, home: Home):
    client = world.signed_in(world.ada)
    client.get("/", headers=HTMX)
    sent = {"pillar_id": home.second, "name": "Read"}
    assert "Added: Read." in client.post("/habits", data=sent, headers=HTMX).text
    assert "Added: Read." not in client.get("/", headers=HTMX).text


def test_a_refused_form_is_never_cached(world: World, home: Home):
    client = world.signed_in(world.ada)
    answer = client.post("/habits", data={"pillar_id": home.second, "name": "x" * 200})
    assert answer.status_code == 422
    assert "x" * 200 not in client.get("/").text
    assert "x" * 200 not in client.get("/").text


def test_who_is_gone_sees_no_cached_page(world: World, home: Home):
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
