"""The admin area: who finds it, what stands in it, and what it does."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.operations import accounts
from app.rules.identity import Actor
from tests import world as make
from tests.conftest import browser
from tests.views.database import contents, execute, scalar
from tests.views.letters import letters, switch_mail_on
from tests.views.pages import page, send
from tests.views.routes import GOOD, RUBBISH, Route, routes
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def root(world: World) -> Actor:
    return make.admin()


@pytest.fixture
def admin(world: World, root: Actor) -> FlaskClient:
    return world.signed_in(root)


def area(world: World) -> Iterator[Route]:
    """Every route of the admin area, about Ada and an open invitation."""
    make.invite()
    number = scalar("SELECT id FROM invitations")
    found = [
        route
        for route in routes(world.app, account_id=world.ada.user_id, invitation_id=number)
        if route.url.startswith("/admin")
    ]
    assert len(found) > 20
    yield from found


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("fields", [{}, GOOD, RUBBISH], ids=["nothing", "good", "rubbish"])
def test_nothing_of_it_is_there_for_who_is_no_admin(world: World, fields: dict, headers: dict):
    """Line 24 of docs/security.md."""
    found, bob = list(area(world)), world.signed_in(world.bob)
    before = contents()
    for route in found:
        answer = bob.open(route.url, method=route.method, data=fields, headers=headers)
        assert answer.status_code == 404, route
    assert contents() == before


def test_who_was_an_admin_finds_nothing_from_then_on(world: World, root: Actor, admin: FlaskClient):
    """Whatever the cookie says: it is asked for in the database, every time."""
    assert admin.get("/admin").status_code == 200
    with db.transaction() as session:
        accounts.set_admin(session, root.user_id, False)
    for route in area(world):
        assert admin.open(route.url, method=route.method).status_code == 404


def test_an_admin_finds_every_page_of_it(world: World, admin: FlaskClient):
    """Else every 404 above could be a URL that nobody has."""
    for route in area(world):
        if route.method == "GET":
            assert admin.get(route.url, follow_redirects=True).status_code == 200, route


def test_no_page_of_it_shows_anything_of_a_life(world: World, admin: FlaskClient):
    make.note(world.ada, world.habit, "a secret thought")
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, "Ada L.")
    shown = [admin.get(r.url).text for r in area(world) if r.method == "GET"]
    assert any("ada@example.org" in text for text in shown)
    for private in ("secret thought", "Read 10 pages", "Body", "Ada L."):
        assert not [text for text in shown if private in text]


def test_a_plain_user_is_shown_no_way_to_it(world: World, admin: FlaskClient):
    assert 'href="/admin"' in admin.get("/settings").text
    assert "/admin" not in world.signed_in(world.ada).get("/settings").text


def test_what_shuts_somebody_out_asks_for_a_fresh_proof(
    world: World, admin: FlaskClient, at: Callable[[datetime], None]
):
    """Line 13 of docs/security.md."""
    url = f"/admin/accounts/{world.ada.user_id}"
    at(NOON + timedelta(minutes=11))
    before = contents()
    for method, act in (("POST", "disable"), ("GET", "delete"), ("POST", "delete")):
        answer = admin.open(f"{url}/{act}", method=method, data={"address": "ada@example.org"})
        assert answer.headers["Location"] == f"/settings/proof?next={url}/{act}"
    assert contents() == before
    admin.post("/settings/proof", data={"password": make.PASSWORD})
    assert admin.post(f"{url}/disable").headers["Location"] == url


def test_the_log_tells_what_happened_to_whom_and_which_admin_did_it(
    world: World, admin: FlaskClient, root: Actor
):
    ada = f"/admin/accounts/{world.ada.user_id}"
    browser(world.app).post("/login", data={"email": "ada@example.org", "password": "wrong"})
    for act in ("plan", "sign-out", "disable", "enable"):
        admin.post(f"{ada}/{act}", data={"plan": "premium"})
    admin.post("/admin/invitations", data={"days": "7"})
    told = admin.get(f"/admin/log?account={world.ada.user_id}").text
    for sentence in (
        "gave it the premium plan", "signed it out", "switched it off", "switched it on again",
        "A wrong password was typed",
    ):  # fmt: skip
        assert told.count(sentence) == 1, sentence
    assert told.count("done by") == told.count("root@example.org") == 4
    assert "An invitation was made." not in told
    assert "An invitation was made." in admin.get("/admin/log").text
    # The owner reads what was done, and not by whom.
    enabled = world.signed_in(make.actor("ada@example.org"))
    own = enabled.get("/settings/audit").text
    assert "switched it off" in own
    assert "root@example.org" not in own


def test_the_log_keeps_what_happened_to_who_is_gone(world: World, admin: FlaskClient):
    ada = f"/admin/accounts/{world.ada.user_id}"
    admin.post(f"{ada}/delete", data={"address": "ada@example.org"})
    told = admin.get("/admin/log").text
    assert "an account that is gone" in told
    assert "The account was deleted." in told
    assert "ada@example.org" not in told


def test_a_long_log_comes_in_pages(world: World, admin: FlaskClient):
    execute(
        "INSERT INTO audit (user_id, happened_at, event)"
        " SELECT :me, :now, 'signed in' FROM generate_series(1, 120)",
        me=world.ada.user_id,
        now=NOON,
    )
    seen, place = [], f"/admin/log?account={world.ada.user_id}"
    while place:
        text = admin.get(place).text
        seen += re.findall(r'id="deed-(\d+)"', text)
        older = re.search(r'href="(/admin/log[^"]*before=[^"]*)"', text)
        place = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 121
    assert admin.get("/admin/log?account=1").status_code == 404
    assert admin.get("/admin/log?account=x").status_code == 404


def test_letters_that_nobody_would_take_are_shown_and_sent_again(admin: FlaskClient):
    for failure in ("550 no such box", "552 full", "<b>"):
        make.parked_letter(failure=failure)
    shown = admin.get("/admin/mail")
    assert "550 no such box" in shown.text
    assert "&lt;b&gt;" in shown.text
    forms = [f for f in page(shown).forms if f.action == "/admin/mail/retry"]
    assert len(forms) == 4
    assert "1 letter goes out." in send(admin, forms[0]).text
    assert scalar("SELECT count(*) FROM outbox WHERE parked_at IS NULL") == 1
    assert "2 letters go out." in send(admin, forms[-1]).text
    assert "Every letter was taken" in send(admin, forms[-1]).text


def test_accounts_are_found_by_a_part_of_their_address(world: World, admin: FlaskClient):
    for name in ("Zoe%", "zoe_2", "x" * 200):
        make.user(f"{name}@example.org".lower())
    assert addresses(admin, "?q=ZOE") == ["zoe%@example.org", "zoe_2@example.org"]
    assert addresses(admin, "?q=oe%25") == ["zoe%@example.org"]
    assert addresses(admin, "?q=nobody") == []
    assert "No address has this in it" in admin.get("/admin/accounts?q=nobody").text
    assert admin.get("/admin/accounts?q=%00").status_code == 422


def test_many_accounts_come_in_pages(world: World, admin: FlaskClient):
    execute(
        "INSERT INTO users (email, password_hash, timezone, version, created_at)"
        " SELECT 'many' || lpad(n::text, 3, '0') || '@example.org', '', 'UTC', 0, now()"
        " FROM generate_series(1, 100) n"
    )
    seen, query, pages = [], "?q=many", 0
    while query:
        pages += 1
        text = admin.get(f"/admin/accounts{query}").text
        seen += addresses(admin, query)
        onward = re.search(r'href="/admin/accounts(\?[^"]*after=[^"]*)"', text)
        query = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [f"many{n:03}@example.org" for n in range(1, 101)]
    assert pages == 2


def test_the_pages_of_accounts_cost_the_same_however_many_there_are(
    admin: FlaskClient, statements: object
):
    with statements() as few:  # type: ignore[operator]
        admin.get("/admin/accounts")
    for number in range(5):
        make.user(f"{number}@example.org")
    with statements() as more:  # type: ignore[operator]
        admin.get("/admin/accounts")
    assert len(few) == len(more) <= 3


def addresses(admin: FlaskClient, query: str) -> list[str]:
    return re.findall(r"<b><bdi>(.*?)</bdi></b>", admin.get(f"/admin/accounts{query}").text)


def test_a_plan_is_given_and_taken(world: World, admin: FlaskClient):
    url = f"/admin/accounts/{world.ada.user_id}"
    for expected in (True, False):
        shown = send(admin, page(admin.get(url)).form(f"{url}/plan"))
        assert ("premium plan." in shown.text) is expected
        assert is_premium(world.ada) is expected


def is_premium(who: Actor) -> object:
    return scalar("SELECT is_premium FROM users WHERE id = :me", me=who.user_id)


def test_an_account_is_signed_out_and_switched_off_and_on(world: World, admin: FlaskClient):
    url = f"/admin/accounts/{world.ada.user_id}"
    phone = world.signed_in(world.ada)
    send(admin, page(admin.get(url)).form(f"{url}/sign-out"))
    assert phone.post("/pet", data={"name": "x"}).headers["Location"] == "/login"
    shown = page(send(admin, page(admin.get(url)).form(f"{url}/disable")))
    assert not [f for f in shown.forms if f.action in {f"{url}/disable", f"{url}/sign-out"}]
    sent = {"email": "ada@example.org", "password": make.PASSWORD}
    assert browser(world.app).post("/login", data=sent).status_code == 422
    send(admin, shown.form(f"{url}/enable"))
    assert browser(world.app).post("/login", data=sent).status_code == 303


def test_an_account_is_deleted_whose_address_was_typed_and_the_form_may_come_twice(
    world: World, admin: FlaskClient
):
    url = f"/admin/accounts/{world.ada.user_id}"
    form = page(admin.get(f"{url}/delete")).form(f"{url}/delete")
    for typed in ("", "ada@example.or", "a\0b"):
        wrong = admin.post(form.action, data=form.fields | {"address": typed})
        assert wrong.status_code == 422
        assert page(wrong).error_of("address")
    for _ in range(2):
        shown = send(admin, form, address=" ADA@example.org ")
        assert "The account is deleted." in shown.text
    assert scalar("SELECT count(*) FROM users WHERE email LIKE 'ada%'") == 0


def test_admins_are_out_of_each_others_reach(world: World, admin: FlaskClient, root: Actor):
    other = make.admin("other@example.org")
    url = f"/admin/accounts/{other.user_id}"
    shown = admin.get(url)
    assert not page(shown).forms
    assert "users admin other@example.org off" in shown.text
    before = contents()
    for act in ("plan", "disable", "enable", "sign-out"):
        assert admin.post(f"{url}/{act}").status_code == 403
    assert admin.post(f"{url}/delete", data={"address": "other@example.org"}).status_code == 403
    assert contents() == before
    own = f"/admin/accounts/{root.user_id}"
    assert [f.action for f in page(admin.get(own)).forms] == [f"{own}/plan"]


def test_an_invitation_is_made_its_link_shown_once_and_withdrawn(
    world: World, admin: FlaskClient, client: FlaskClient
):
    form = page(admin.get("/admin/invitations")).form("/admin/invitations")
    typed = {"email": "Eva@example.org", "days": "30"}
    shown = page(send(admin, form, **typed))
    link = shown["link"]["value"]
    assert link.startswith("http://localhost/invite/")
    assert scalar("SELECT email FROM invitations") == "eva@example.org"
    assert scalar("SELECT expires_at FROM invitations") == NOON + timedelta(days=30)
    assert page(client.get(link)).form(link.removeprefix("http://localhost"))
    again = page(admin.get("/admin/invitations"))
    assert not again.all("link")
    # HTMX is given the page at once, and so the link.
    answer = admin.post("/admin/invitations", data={"days": "1"}, headers=HTMX)
    assert page(answer)["link"]["value"] != link
    # The form that comes twice makes no second one.
    assert not page(send(admin, form, **typed)).all("link")
    assert scalar("SELECT count(*) FROM invitations") == 2
    (form,) = [f for f in again.forms if f.action.endswith("/withdraw")]
    assert "lets nobody in any more" in send(admin, form).text
    assert client.get(link).status_code == 410


def test_where_mail_is_sent_an_invitation_goes_to_its_address(
    app: Flask, admin: FlaskClient, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    switch_mail_on(app, monkeypatch)
    for email in ("eva@example.org", ""):
        admin.post("/admin/invitations", data={"email": email, "days": "7"})
    (sent,) = letters()
    assert (sent.to, sent.kind) == ("eva@example.org", "invitation")
    assert page(client.get(sent.link)).form(sent.link).fields["email"] == "eva@example.org"


@pytest.mark.parametrize(
    ("field", "value"), [("email", "eva"), ("email", "a\0b"), ("days", "8"), ("days", "")]
)
def test_a_wrong_invitation_is_told_at_its_field(admin: FlaskClient, field: str, value: str):
    sent = {"email": "eva@example.org", "days": "7"} | {field: value}
    answer = admin.post("/admin/invitations", data=sent)
    assert answer.status_code == 422
    assert page(answer).error_of(field)
    assert scalar("SELECT count(*) FROM invitations") == 0


def test_how_the_server_does_stands_first(
    app: Flask, admin: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "BACKUPS_DIR is not set" in admin.get("/admin").text
    settings = replace(app.extensions["settings"], backups_dir=tmp_path, revision="1a2b3c4")
    monkeypatch.setitem(app.extensions, "settings", settings)
    shown = admin.get("/admin").text
    assert "There is none yet." in shown
    assert "1a2b3c4" in shown
    dump = tmp_path / "commit-life-1.dump"
    dump.touch()
    dump.with_name(f"{dump.name}.sha256").touch()
    for hours, is_too_old in ((25, False), (27, True)):
        made = (NOON - timedelta(hours=hours)).timestamp()
        os.utime(dump, (made, made))
        times = [given for tag, given in page(admin.get("/admin")).elements if tag == "time"]
        assert (times[0].get("class") == "error") is is_too_old
