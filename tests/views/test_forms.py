"""What holds of every form: it has a key of its own, its address answers, it takes nothing back."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import world as make
from tests.conftest import browser
from tests.views.cached_pages import HTMX, Home
from tests.views.database import contents, execute
from tests.views.pages import Form, Page, page
from tests.views.routes import ADMIN_TOKEN, TOKEN, unsafe
from tests.world import NOON, PASSWORD, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at", "mail", "empty_cache")

SEASON = timedelta(days=90)
A_SEASON_AGO, YESTERDAY = TUESDAY - SEASON, TUESDAY - timedelta(days=1)
# Ending a sign-in twice is ending it once: the sign-in is all that it needs.
WITHOUT_KEY = {"/logout"}


def pages(world: World, home: Home) -> Iterator[tuple[FlaskClient, str]]:
    """Yield who looks at which page: every form of the app stands on one of them."""
    ada, visitor = world.signed_in(world.ada), browser(world.app)
    numbers = [home.pillar, home.second, home.archived]
    places = ["/", "/pillars", "/pet", "/settings", "/letters"]
    places += [f"/pillars/{n}" for n in numbers] + [f"/pillars/{home.pillar}/delete"]
    places += [f"/habits/{n}" for n in (home.habit, home.kept, home.put_away)]
    places += [f"/habits/{home.habit}/delete", f"/habits/new?pillar_id={home.pillar}"]
    places += [f"/habits/{home.habit}/delete"]
    places += ["/settings/sign-ins", "/settings/proof", "/settings/leave", "/export"]
    hook = f"/settings/webhooks/{home.webhook}"
    places += ["/settings/calendar", "/settings/calendar/new"]
    places += ["/settings/tokens", "/settings/tokens/new"]
    places += ["/settings/webhooks/new", hook, f"{hook}/secret", f"{hook}/remove"]
    places += ["/settings/email", "/settings/email/edit", f"/address?link={home.confirm}"]
    places += ["/rests", f"/rests/{home.spare}", f"/rests/{home.spare}/delete", "/order"]
    places += [f"/first-admin/{ADMIN_TOKEN}"]
    ada.post(f"/pillars/{home.second}/fold")
    ada.post(f"/habits/{home.kept}/skip")
    yield from ((ada, place) for place in places)
    yield from ((world.signed_in(world.bob), place) for place in ("/welcome", "/rests"))
    by_mail = (f"/join?link={home.join}", f"/reset?link={home.reset}", f"/invite/{TOKEN}")
    yield from ((visitor, place) for place in ("/login", "/signup", "/forgot", *by_mail))
    yield from asked(world)
    pia, security = world.signed_in(world.pia), "/settings/security"
    ways = ["apps/new", "codes", "passkeys/new", "password/remove"]
    ways += [f"passkeys/{home.passkey}/remove", f"apps/{home.code_app}/remove"]
    ways += [f"passkeys/{home.passkey}", f"apps/{home.code_app}"]
    yield from ((pia, f"{security}/{way}") for way in ways)
    yield world.half_way("pia@example.org"), "/login/second-step"
    # The last: where there is an admin there is no first one to come.
    admin, account = world.signed_in(make.admin()), f"/admin/accounts/{home.account}"
    make.parked_letter()
    for place in (account, f"{account}/delete", "/admin/invitations", "/admin/mail"):
        yield admin, place
    admin.post(f"{account}/disable")
    yield admin, account


def asked(world: World) -> Iterator[tuple[FlaskClient, str]]:
    """Yield pages that ask something: about days away, habits unkept and strong, and leaving."""
    away, idle, steady = (make.user(f"{name}@example.org") for name in ("away", "idle", "steady"))
    for who in (away, idle):
        walk = make.habit(who, make.pillar(who), "Walk", starts_on=A_SEASON_AGO)
        make.keep(who, walk, A_SEASON_AGO if who is away else YESTERDAY)
    make.habit(idle, make.pillar(idle), "Sing", starts_on=A_SEASON_AGO)
    strong = make.strong(steady, make.pillar(steady))
    for table in ("users", "habits"):
        execute(f"UPDATE {table} SET created_at = least(created_at, :at)", at=NOON - SEASON)
    yield from ((world.signed_in(who), "/") for who in (away, idle))
    yield world.signed_in(steady), f"/habits/{strong}"
    leaving = make.user("leaving@example.org")
    execute("UPDATE users SET leaves_at = :at WHERE id = :me", at=NOON, me=leaving.user_id)
    yield world.signed_in(leaving), "/settings/leave"


def forms_of(shown: Page) -> list[Form]:
    return [f for f in shown.forms if f.method == "post" and f.action not in WITHOUT_KEY]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_every_form_has_a_key_that_begins_with_the_mark_of_its_page(
    world: World, home: Home, headers: dict[str, str]
):
    marks: list[str] = []
    for who, place in pages(world, home):
        # Twice, for a page that is cached is served again.
        for _ in range(2):
            forms = forms_of(page(who.get(place, headers=headers)))
            keys = [form.fields.get("key", "") for form in forms]
            assert keys, place
            assert len(set(keys)) == len(keys), place
            (mark,) = {key[:16] for key in keys}
            assert len(mark) == 16, place
            marks.append(mark)
    assert len(set(marks)) == len(marks)


def test_every_route_that_changes_something_has_a_form_on_a_page(
    app: Flask, world: World, home: Home
):
    urls = app.url_map.bind("localhost")
    endpoints = {"sessions.end", "welcome.skip_rest"}
    for who, place in pages(world, home):
        shown = page(who.get(place))
        actions = [form.action for form in forms_of(shown)]
        # A button may lead elsewhere than its form.
        actions += [given["formaction"] for _tag, given in shown.elements if "formaction" in given]
        endpoints.update(urls.match(action, method="POST")[0] for action in actions)
    assert endpoints == {route.endpoint for route in unsafe(app)}


def test_a_form_that_was_taken_or_refused_has_a_new_key(world: World):
    ada, url = world.signed_in(world.ada), f"/pillars/{world.pillar}"
    form = page(ada.get(url)).form(url)
    for name, status in (("Mind", 200), ("", 422)):
        answer = ada.post(url, data=form.fields | {"name": name}, headers=HTMX)
        assert answer.status_code == status
        assert page(answer).form(url).fields["key"] != form.fields["key"]


def test_the_same_form_with_something_else_typed_is_another_wish(world: World):
    ada, url = world.signed_in(world.ada), f"/pillars/{world.pillar}"
    form = page(ada.get(url)).form(url)
    for name in ("Mind", "Soul"):
        assert ada.post(url, data=form.fields | {"name": name}).status_code == 303
        assert page(ada.get(url)).form(url).typed["name"] == name
    # And that one is known from now on.
    ada.post(url, data={"name": "Corpus"})
    assert ada.post(url, data=form.fields | {"name": "Soul"}).status_code == 303
    assert page(ada.get(url)).form(url).typed["name"] == "Corpus"


def test_the_key_of_one_form_is_refused_on_another(world: World, home: Home):
    ada = world.signed_in(world.ada)
    for path in (f"/habits/{home.habit}/archive", f"/pillars/{home.pillar}/archive"):
        answer = ada.post(path, data={"key": "one"})
    assert answer.status_code == 422
    assert "was sent before, for something else" in answer.text
    assert page(ada.get(f"/pillars/{home.pillar}")).form(f"/pillars/{home.pillar}/archive")


@pytest.mark.parametrize("key", ["k" * 65, "a\0b"])
def test_a_key_that_is_none_of_ours_is_refused_and_nothing_is_done(world: World, key: str):
    ada, url = world.signed_in(world.ada), f"/pillars/{world.pillar}"
    assert ada.post(f"{url}/archive", data={"key": key}).status_code == 422
    assert page(ada.get(url)).form(f"{url}/archive")


def test_a_repetition_by_an_ended_sign_in_is_asked_to_sign_in(world: World):
    ada, phone = world.signed_in(world.ada), world.signed_in(world.ada)
    sent = {"key": "one", "name": "Miso"}
    assert phone.post("/pet", data=sent).headers["Location"] == "/pet"
    ada.post("/logout", data={"everywhere": "1"})
    assert phone.post("/pet", data=sent).headers["Location"] == "/login"


@pytest.mark.parametrize("minutes", [0, 6])
def test_another_password_sent_twice_stays_signed_in_however_old_the_page_is(
    world: World, at: Callable, minutes: int
):
    """A cookie that is older than five minutes is looked at again, and its sign-in found ended."""
    first, second = world.signed_in(world.ada), world.signed_in(world.ada)
    at(NOON + timedelta(minutes=minutes))
    sent = {"key": "one", "current": PASSWORD, "password": "another horse battery"}
    for client in (first, second):
        answer = client.post("/settings/password", data=sent)
        assert answer.headers["Location"] == "/settings"
        assert "The password is changed." in client.get("/settings").text


def test_no_visitor_sets_a_password(world: World):
    assert world.ada
    before = contents()
    sent = {"key": "one", "current": PASSWORD, "password": "another horse battery"}
    answer = browser(world.app).post("/settings/password", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert contents() == before


def test_another_password_typed_under_the_key_of_the_first_is_checked_like_any(world: World):
    ada = world.signed_in(world.ada)
    old = ada.get_cookie("session")
    assert old is not None
    sent = {"key": "one", "current": PASSWORD, "password": "another horse battery"}
    assert ada.post("/settings/password", data=sent).status_code == 303
    ada.set_cookie("session", old.value)
    guess = sent | {"password": "the horse was no battery"}
    assert ada.post("/settings/password", data=guess).headers["Location"] == "/login"
    assert ada.get("/settings").headers["Location"].startswith("/login")


@pytest.mark.parametrize("who", ["ada", "visitor"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_every_address_that_takes_a_form_answers_whoever_asks_for_it(
    world: World, home: Home, who: str, headers: dict[str, str]
):
    client = world.signed_in(world.ada) if who == "ada" else browser(world.app)
    answers = {}
    for route in unsafe(world.app, home.pillar, home.habit, home.spare, *world.objects[3:]):
        if route.endpoint.startswith("admin."):
            continue  # Nobody is told that this is there: tests/views/test_admin.py.
        answer = client.get(route.url, headers=headers, follow_redirects=True)
        answers[route.url] = answer.status_code
        if answer.status_code == 401:
            assert answer.headers["HX-Redirect"].startswith("/login")
    fine = {200} if who == "ada" or not headers else {200, 401}
    assert set(answers.values()) <= fine, answers


@pytest.mark.parametrize("path", ["/habits/{}/commit", "/pillars/{}/move"])
def test_no_address_of_a_form_tells_a_stranger_that_it_is_there(world: World, path: str):
    number = world.habit if "habits" in path else world.pillar
    assert world.signed_in(world.bob).get(path.format(number)).status_code == 404


TABS = [
    ("/settings", {"name": "Ada L."}, {"timezone": "Asia/Tokyo", "day_start": "4"}),
    ("/settings", {"theme": "dark"}, {"name": "Ada", "shortcuts": "off"}),
    ("/pet", {"name": "Miso"}, {"species": "cat", "coat": "sky"}),
    ("/pillars/{pillar}", {"name": "Mind"}, {"color": "iris", "icon": "book"}),
    ("/pillars/{pillar}", {"icon": "book"}, {"name": "Mind", "color": "iris"}),
    ("/habits/{habit}", {"name": "Walk"}, {"effort": "hard", "starts_on": "2025-12-01"}),
    ("/habits/{habit}", {"effort": "hard"}, {"name": "Walk", "starts_on": "2025-12-01"}),
]


@pytest.mark.parametrize(("path", "first", "second"), TABS)
def test_two_tabs_with_the_same_form_take_nothing_back_from_each_other(
    world: World, path: str, first: dict[str, str], second: dict[str, str]
):
    url = path.format(pillar=world.pillar, habit=world.habit)
    ada = world.signed_in(world.ada)
    tabs = [form_at(ada, url) for _ in range(2)]
    for tab, typed in zip(tabs, (first, second), strict=True):
        assert ada.post(url, data=tab.fields | typed).status_code == 303
    assert (first | second).items() <= form_at(ada, url).typed.items()


def test_a_refused_form_still_knows_what_it_was_drawn_with(world: World):
    ada = world.signed_in(world.ada)
    tab = form_at(ada, "/settings")
    ada.post("/settings", data={"timezone": "Asia/Tokyo"})
    refused = ada.post("/settings", data=tab.fields | {"name": "x" * 81, "theme": "dark"})
    again = page(refused).form("/settings", **{"was-name": ""})
    assert ada.post("/settings", data=again.fields | {"name": "Ada"}).status_code == 303
    who = make.claims(world.ada)
    assert (who.name, who.theme, who.timezone) == ("Ada", "dark", "Asia/Tokyo")


def form_at(client: FlaskClient, url: str) -> Form:
    """Return the form of the page that sets what is there; a pet's has what it was drawn with."""
    return next(
        f for f in page(client.get(url)).forms if f.action == url and "was-name" in f.fields
    )
