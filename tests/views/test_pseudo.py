"""Every page, refusal and answer in a language that nobody speaks: nothing is left in English."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.infra import cache, db
from app.infra.db import orm
from app.operations import accounts, admin, habits, pillars, rests
from app.rules.names import SPECIES
from app.web import formats
from tests import pseudo
from tests import world as make
from tests.authenticator import Authenticator
from tests.pseudo import untranslated
from tests.views.cached_pages import links_of
from tests.views.database import execute
from tests.views.routes import GOOD, RUBBISH, TOKEN, Route, routes, unsafe
from tests.world import TUESDAY, World

HTMX = {"HX-Request": "true"}
# What no user reads; the manifest is read below.
NOT_READ = {
    *("assets.by_name", "assets.file", "health.healthz", "health.readyz", "manifest.show"),
    "metrics.show",
}
# Of the addresses, which are nobody's words.
LETTERS, SIGNS = "abdevoxmplrg.@", "甲乙丙丁戊己庚辛壬癸味海山川"
# All that a year brings, the first thing of each month twice.
FINDS = """
    INSERT INTO finds (user_id, day, number, pet_id, created_at)
    SELECT user_id, month + number, number % 8, id, now() FROM pets,
        generate_series(date '2025-04-01', date '2026-03-01', '1 month') AS months (began),
        CAST(began AS date) AS month, generate_series(0, 8) AS number
    WHERE user_id = :me ON CONFLICT DO NOTHING
"""
IN_ADDRESSES = ("pillar", "habit", "rest", "sign_in", "passkey", "app", "webhook")
NAMED = GOOD | {"name": "歩行", "reason": "海"}
# The guide to the style speaks to developers.
FOR_DEVELOPERS = {"style.pets", "style.show"}
# Where somebody with things in every state sees more than the plain address shows.
MORE = [
    "/pillars/{archived}", "/habits/{resting}", "/habits/{put_away}", "/habits/{late}/delete",
    "/stats?habit={habit}", "/stats?pillar={pillar}", "/stats?until=2025-06-01",
    "/stats/month?month=2026-02",
    "/pet/finds?until=2026-02", "/habits/{late}", "/habits/{habit}?newest=2026-02-01",
    "/habits/{habit}/undo?day=2025-02-03", "/pet/moments?year=2025", "/nowhere",
    "/notes?q=味", "/notes?q=読", "/notes?before=2026-03-10_1",
    "/habits/{habit}?note=2026-03-09&notes=2026-03-09",
    "/habits/new?pillar_id={pillar}", "/?day=2026-03-09", "/?day=2025-06-01", "/?day=2026-03-02",
    "/habits/{habit}/undo?day=2025-02-03&board=2025-02-03",
    "/?part=evening", "/invite/nobodys", "/first-admin/nobodys",
    "/admin/accounts/{account}", "/admin/accounts/{account}/delete", "/admin/accounts?q=味味",
    "/admin/log?account={account}", "/admin/log?before=1",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _spoken(app: Flask, at: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.PATTERNS, pseudo.TAG, pseudo.PATTERNS)
    monkeypatch.setitem(app.extensions, "language", pseudo.language())
    monkeypatch.setitem(app.extensions, "cache", cache.Own())


@pytest.fixture
def home(world: World) -> dict[str, int]:
    """Ada's things, one in every state, with names that are in no sentence of the app."""
    me, began = world.ada, date(2025, 1, 1)
    ids = {name: make.pillar(me, "身体") for name in ("pillar", "second", "archived")}
    for name in ("habit", "late", "put_away"):
        ids[name] = make.habit(me, ids["pillar"], "散歩", starts_on=began)
    ids["resting"] = make.habit(me, ids["archived"], "読書", starts_on=began)
    for day in (*range(1, 9), 40, 400):
        make.keep(me, ids["habit"], TUESDAY - timedelta(days=day))
    for name in ("habit", "late", "put_away", "resting"):
        make.keep(me, ids[name])
    make.take_back(me, ids["late"])
    with db.transaction() as session:
        habits.archive(session, me, ids["put_away"])
        pillars.archive(session, me, ids["archived"])
    execute("UPDATE habits SET day_part = 'morning' WHERE id = :id", id=ids["habit"])
    make.note(me, ids["habit"], "味")
    ids["rest"] = make.rest(me, reason="海")
    for pillar, starts_on, ends_on in (
        ("pillar", TUESDAY - timedelta(days=9), TUESDAY - timedelta(days=7)),
        ("second", TUESDAY + timedelta(days=9), TUESDAY + timedelta(days=9)),
        ("second", TUESDAY, TUESDAY + timedelta(days=400)),
    ):
        make.rest(me, ids[pillar], starts_on, ends_on)
    with db.transaction() as session:
        rests.skip(session, me, ids["late"])
    make.invite(TOKEN)
    ids["sign_in"] = me.credential
    ids["passkey"] = make.passkey(me, Authenticator(), "電話")
    ids["app"] = make.code_app(me, "電話")
    ids["webhook"] = make.webhook(me, "味")
    ids["account"] = make.user("eve@example.org").user_id
    with db.transaction() as session:
        accounts.set_admin(session, me.user_id, True)
        admin.disable(session, None, ids["account"])
    make.parked_letter("甲山味", "乙")
    execute("UPDATE users SET email = translate(email, :they, :so)", they=LETTERS, so=SIGNS)
    execute(FINDS, me=me.user_id)
    execute("UPDATE pets SET name = '味噌', xp = 9000, is_active = false, best_stage = 4")
    execute(
        "INSERT INTO pets (user_id, species, name, is_active, created_at, xp, best_stage)"
        " VALUES (:me, 'owl', '', true, now(), 300, 2)",
        me=me.user_id,
    )
    return ids


def seen(app: Flask, home: dict[str, int]) -> list[Route]:
    """Every page of the app that a user may come to."""
    pages = [
        route
        for route in routes(app, *(home[name] for name in IN_ADDRESSES))
        if route.method == "GET" and route.endpoint not in NOT_READ | FOR_DEVELOPERS
    ]
    assert len(pages) >= 15, "the URL map was not read"
    return pages


def faults(client: FlaskClient, *urls: str) -> dict[str, list[str]]:
    """Return what the pages say in English, whole and as HTMX takes them."""
    found = {}
    for url in urls:
        for headers in ({}, HTMX):
            answer = client.get(url, headers=headers)
            assert answer.status_code in {200, 302, 303, 401, 404, 410}, url
            if answer.status_code in {200, 404, 410}:
                assert answer.mimetype == "text/html", f"{url} is neither NOT_READ nor a page"
                found[f"{url} {headers}"] = said_in_english(answer)
    return {url: english for url, english in found.items() if english}


def said_in_english(answer: TestResponse) -> list[str]:
    # What an answer is called, for those who look for it in a log.
    return untranslated(answer.text, answer.headers["X-Request-Id"][:8], str(answer.status_code))


def test_every_page_of_somebody_with_things_in_every_state(
    app: Flask, world: World, home: dict[str, int]
):
    urls = [route.url for route in seen(app, home)] + [url.format(**home) for url in MORE]
    assert faults(world.signed_in(world.ada), *urls) == {}


@pytest.mark.parametrize("name", ["", "味噌"])
def test_every_pet(world: World, home: dict[str, int], name: str):
    client = world.signed_in(world.ada)
    for species, (stage, xp) in product(SPECIES, enumerate((0, 50, 500, 5_000, 50_000))):
        execute(
            "UPDATE pets SET name = :name, species = :species, xp = :xp, best_stage = :stage",
            name=name, species=species, xp=xp, stage=stage,
        )  # fmt: skip
        assert faults(client, "/pet") == {}


def test_every_page_of_somebody_who_has_just_come(app: Flask, world: World, home: dict[str, int]):
    urls = [route.url for route in seen(app, home)]
    assert faults(world.signed_in(world.bob), *urls) == {}


def test_every_page_of_a_visitor(app: Flask, client: FlaskClient, home: dict[str, int]):
    assert faults(client, *(route.url for route in seen(app, home))) == {}


def test_the_second_step(world: World, home: dict[str, int]):
    client = world.half_way("ada@example.org")
    assert faults(client, "/login/second-step") == {}
    answer = client.post("/login/second-step", data={"code": "1"})
    assert said_in_english(answer) == []


def test_the_link_of_the_first_admin(world: World, client: FlaskClient):
    url = f"/first-admin/{make.first_admin_link()}"
    for who in (client, world.signed_in(world.ada)):
        assert faults(who, url) == {}


@pytest.mark.usefixtures("mail")
def test_every_page_about_mail(world: World, client: FlaskClient):
    join, reset, confirm = links_of(world.ada.user_id)
    by_mail = (f"/join?link={join}", f"/reset?link={reset}", f"/address?link={confirm}")
    hers = ("/settings", "/settings/email", "/settings/email/edit")
    assert faults(client, "/login", "/signup", "/forgot", "/sent", *by_mail) == {}
    assert faults(world.signed_in(world.ada), *hers) == {}


@pytest.mark.parametrize(
    ("fields", "headers"),
    [(RUBBISH, {}), (RUBBISH, HTMX), ({}, {}), (NAMED, {}), (NAMED, HTMX)],
    ids=["bad", "bad-htmx", "none", "good", "good-htmx"],
)
def test_every_answer_to_every_form(
    app: Flask, world: World, home: dict[str, int], fields: dict[str, str], headers: dict[str, str]
):
    found = {}
    for pillar, habit in (("pillar", "habit"), ("archived", "resting"), ("second", "put_away")):
        ids = (home[pillar], home[habit], *(home[name] for name in IN_ADDRESSES[2:]))
        for route in unsafe(app, *ids, account_id=home["account"]):
            with taken_back():
                client = world.signed_in(world.ada)
                data = {"pillar_id": str(home["second"])} | fields
                answer = client.post(route.url, data=data, headers=headers)
                assert answer.status_code < 500, route
                # An answer that sends a browser on is not read; what it flashed is, on a page.
                if "Location" in answer.headers:
                    answer = client.get("/")
                if answer.mimetype == "text/html":
                    found[route.url] = said_in_english(answer)
    assert {url: english for url, english in found.items() if english} == {}


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo on the database what is done inside the block."""
    inner = orm.engines[None].begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        inner.rollback()


def test_a_page_and_the_manifest_say_which_language_they_are_in(client: FlaskClient):
    assert '<html lang="ar-EG" dir="rtl">' in client.get("/login").text
    manifest = client.get("/manifest.webmanifest").json
    assert (manifest["lang"], manifest["dir"]) == ("ar-EG", "rtl")
    for said in ("name", "short_name", "description"):
        assert manifest[said].startswith("⟦")
