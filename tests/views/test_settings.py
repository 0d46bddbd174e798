"""You: name, zone, day start and password."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.rules.days import ZONES
from tests import world as make
from tests.conftest import browser
from tests.views.database import changed, contents, scalar
from tests.views.pages import page, send
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")

NEW = "quite another pass phrase"
AS_IT_COMES = {
    "name": "", "timezone": "UTC", "day_start": "0", "theme": "system", "shortcuts": "on",
    "week_start": "0",
}  # fmt: skip


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def test_the_form_holds_what_is_set(ada: FlaskClient):
    form = page(ada.get("/settings")).form("/settings")
    assert form.typed == AS_IT_COMES
    typed = {
        "name": "Ada L.", "timezone": "Asia/Tokyo", "day_start": "4", "theme": "dark",
        "shortcuts": "off", "week_start": "0",
    }  # fmt: skip
    assert page(send(ada, form, **typed)).form("/settings").typed == typed


def test_one_device_does_not_take_back_what_another_has_set(world: World):
    first, second = world.signed_in(world.ada), world.signed_in(world.ada)
    second.post("/settings", data={"timezone": "Asia/Tokyo", "day_start": "4"})
    first.post("/settings", data={"name": "Ada L."})
    form = page(first.get("/settings")).form("/settings")
    set_ = {"name": "Ada L.", "timezone": "Asia/Tokyo", "day_start": "4"}
    assert form.typed == AS_IT_COMES | set_


def test_another_zone_or_day_start_holds_at_once(ada: FlaskClient, world: World, at: Callable):
    at(datetime(2026, 3, 10, 16, 30, tzinfo=UTC))
    assert "Tuesday, 10 March" in ada.get("/").text
    ada.post("/settings", data={"timezone": "Asia/Tokyo"})
    assert "Wednesday, 11 March" in ada.get("/").text
    ada.post("/settings", data={"day_start": "2"})
    assert "Tuesday, 10 March" in ada.get("/").text
    ada.post(f"/habits/{world.habit}/commit")
    assert scalar("SELECT day FROM commits") == datetime(2026, 3, 10, tzinfo=UTC).date()


def test_a_write_follows_the_zone_that_is_set_and_not_an_older_claim(world: World, at: Callable):
    at(datetime(2026, 3, 10, 16, 30, tzinfo=UTC))
    phone, laptop = world.signed_in(world.ada), world.signed_in(world.ada)
    laptop.post("/settings", data={"timezone": "Asia/Tokyo"})
    phone.post(f"/habits/{world.habit}/commit")
    assert scalar("SELECT day FROM commits") == datetime(2026, 3, 11, tzinfo=UTC).date()


def test_a_setting_that_is_not_sent_stays_as_it_is(ada: FlaskClient):
    ada.post("/settings", data={"name": "Ada", "timezone": "Asia/Tokyo", "day_start": "4"})
    ada.post("/settings", data={"name": "Ada L."})
    form = page(ada.get("/settings")).form("/settings")
    set_ = {"name": "Ada L.", "timezone": "Asia/Tokyo", "day_start": "4"}
    assert form.typed == AS_IT_COMES | set_


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 81), ("name", "a\0b"), ("timezone", "Mars/Olympus"), ("timezone", ""),
        ("timezone", "Factory"), ("day_start", "7"), ("day_start", "-1"), ("day_start", "04"),
        ("day_start", "٤"), ("day_start", ""), ("day_start", str(2**63)), ("day_start", "1.0"),
        ("theme", "blue"), ("theme", ""), ("shortcuts", "maybe"), ("shortcuts", ""),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_and_nothing_changes(ada: FlaskClient, field: str, value: str):
    before = contents()
    typed = {"name": "Ada", "timezone": "Asia/Tokyo", "day_start": "4"} | {field: value}
    answer = ada.post("/settings", data=typed)
    assert answer.status_code == 422
    assert page(answer).error_of(field)
    others = {key: value for key, value in typed.items() if key != field}
    assert others.items() <= page(answer).form("/settings").fields.items()
    assert contents() == before
    assert "Tuesday, 10 March" in ada.get("/").text


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"), (" new  york ", "America/New_York"), ("UTC", "UTC"),
        ("america/new_york", "America/New_York"), ("Asia / Tokyo", "Asia/Tokyo"),
    ],
)  # fmt: skip
def test_a_zone_is_found_by_what_is_typed(ada: FlaskClient, typed: str, zone: str):
    assert ada.post("/settings", data={"timezone": typed}).status_code == 303
    assert scalar("SELECT timezone FROM users") == zone
    shown = page(ada.get("/settings")).form("/settings").fields["timezone"]
    assert shown == zone.replace("_", " ")


@pytest.mark.parametrize("path", ["/settings", "/signup"])
def test_the_field_of_the_zone_is_typed_in_and_suggests_every_zone(world: World, path: str):
    client = world.signed_in(world.ada) if path == "/settings" else browser(world.app)
    elements = page(client.get(path)).elements
    (field,) = [given for tag, given in elements if given.get("name") == "timezone"]
    assert ("datalist", {"id": field["list"]}) in elements
    offered = {given["value"] for tag, given in elements if tag == "option"}
    assert {zone.replace("_", " ") for zone in ZONES} <= offered


def test_a_zone_that_is_not_there_is_told_beside_its_field_and_stays_as_typed(ada: FlaskClient):
    answer = ada.post("/settings", data={"timezone": "Atlantis <"})
    assert answer.status_code == 422
    assert "No time zone has this name" in page(answer).error_of("timezone")
    assert page(answer).form("/settings").fields["timezone"] == "Atlantis <"


def test_a_password_manager_reads_whose_password_is_changed(ada: FlaskClient):
    """Line 6 of docs/security.md."""
    for answer in (ada.get("/settings"), ada.post("/settings/password", data={"current": "x"})):
        shown = page(answer)
        (field,) = [
            given for _tag, given in shown.elements if given.get("autocomplete") == "username"
        ]
        assert field["value"] == "ada@example.org"
        assert "readonly" in field
        assert set(shown.form("/settings/password").typed) == {"current", "password"}


def test_a_password_made_of_the_address_is_refused_here_too(ada: FlaskClient):
    sent = {"current": PASSWORD, "password": "ada@example.org1"}
    assert page(ada.post("/settings/password", data=sent)).error_of("password")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_after_saving_has_the_theme_already(ada: FlaskClient, theme: str):
    def attributes() -> dict[str, str]:
        return dict(page(ada.get("/settings")).elements)["html"]

    assert "data-theme" not in attributes()
    ada.post("/settings", data={"theme": theme})
    assert attributes()["data-theme"] == theme
    assert dict(page(ada.get("/")).elements)["html"]["data-theme"] == theme
    ada.post("/settings", data={"name": "Ada"})
    assert attributes()["data-theme"] == theme
    ada.post("/settings", data={"theme": "system"})
    assert "data-theme" not in attributes()


def test_shortcuts_stay_off_until_they_are_put_on(ada: FlaskClient, world: World):
    ada.post("/settings", data={"shortcuts": "off"})
    ada.post("/settings", data={"theme": "dark"})
    assert make.claims(world.ada).shortcuts is False
    ada.post("/settings", data={"shortcuts": "on"})
    assert make.claims(world.ada).shortcuts is True


def test_the_ways_to_what_was_are_here(ada: FlaskClient):
    ways = {given.get("href") for _tag, given in page(ada.get("/settings")).elements}
    assert {"/stats", "/ledger?from=you"} <= ways


def test_what_the_form_does_not_ask_is_not_taken(ada: FlaskClient):
    more = {"is_premium": "1", "email": "eve@example.org", "is_admin": "1", "version": "-5"}
    assert ada.post("/settings", data={"name": "Ada"} | more).status_code == 303
    assert scalar("SELECT email FROM users WHERE NOT is_premium") == "ada@example.org"


def change(client: FlaskClient, current: str, password: str) -> int:
    return client.post(
        "/settings/password", data={"current": current, "password": password}
    ).status_code


def test_another_password_ends_every_other_sign_in_and_not_this_one(world: World):
    """Line 18 of docs/security.md."""
    ada, other = world.signed_in(world.ada), world.signed_in(world.ada)
    bob = world.signed_in(world.bob)
    stolen = ada.get_cookie("session")
    assert stolen is not None
    assert change(ada, PASSWORD, NEW) == 303
    assert "Everywhere else you are signed out." in ada.get("/settings").text
    assert ada.post("/pet", data={"name": "Miso"}).headers["Location"] == "/pet"
    assert other.post("/pet", data={"name": "Rex"}).headers["Location"] == "/login"
    assert bob.post("/pet", data={"name": "Kiwi"}).headers["Location"] == "/pet"
    thief = browser(world.app)
    thief.set_cookie("session", stolen.value)
    assert thief.post("/pet", data={"name": "Rex"}).headers["Location"] == "/login"
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        sent = {"email": "ada@example.org", "password": password}
        assert browser(world.app).post("/login", data=sent).status_code == status


@pytest.mark.parametrize(
    ("current", "password", "wrong"),
    [
        ("not this one", NEW, "current"), ("", NEW, "current"), (PASSWORD + " ", NEW, "current"),
        (PASSWORD, "short", "password"), (PASSWORD, "password123", "password"),
        (PASSWORD, "", "password"), (PASSWORD, "x" * 1025, "password"),
        ("\0", NEW, "current"), ("x" * 9999, NEW, "current"),
    ],
)  # fmt: skip
def test_a_wrong_old_or_a_weak_new_password_changes_nothing(
    ada: FlaskClient, current: str, password: str, wrong: str
):
    """Line 5 of docs/security.md."""
    before = contents()
    answer = ada.post("/settings/password", data={"current": current, "password": password})
    assert answer.status_code == 422
    assert page(answer).error_of(wrong)
    # That a wrong one was typed is written down.
    assert changed(before, contents()) <= {"audit"}
    assert ada.get("/settings").status_code == 200


def test_a_name_is_shown_in_its_form_alone_and_escaped(world: World, ada: FlaskClient):
    ada.post("/settings", data={"name": '"><script>'})
    assert "<script>" not in ada.get("/settings").text.replace("<script src=", "")
    assert page(ada.get("/settings")).form("/settings").fields["name"] == '"><script>'
    assert make.claims(world.ada).name == '"><script>'


def test_every_page_below_the_settings_belongs_to_you(app: Flask, world: World):
    ada = world.signed_in(world.ada)
    rules = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not r.arguments]
    pages = [rule.rule for rule in rules if rule.rule.startswith("/settings")]
    shown = {url: page(answer) for url in pages if (answer := ada.get(url)).status_code == 200}
    assert len(shown) > 12
    for url, elements in ((url, one.elements) for url, one in shown.items()):
        current = [given["href"] for _tag, given in elements if "aria-current" in given]
        assert current == ["/settings"], url
