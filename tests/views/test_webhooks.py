"""Webhooks as their user adds, changes, tries and removes them."""

import re

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.views.database import execute, scalar
from tests.views.pages import page
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

WEBHOOKS = "/settings/webhooks"
GOOD = {"address": "https://hooks.example.org/kept", "events": "habit.kept"}
STORED = "SELECT address || ' ' || array_to_string(events, ',') FROM webhooks"
BAD = [
    *("", "hooks.example.org", "http://hooks.example.org/", "ftp://hooks.example.org/", "https://"),
    *("https://ada:secret@hooks.example.org/", "https://hooks.example.org:99999/"),
    *("https://[::1/", "https://a b/", "https://" + "a" * 64 + ".example.org/", "javascript:x"),
    *("https://hooks.example.org/" + "a" * 1000, "https://.example.org/", "https://h\0/"),
]


def form(client: FlaskClient, place: str, action: str) -> dict[str, str]:
    """The fields of a form as a page has them: its key, and the secret that was shown."""
    return page(client.get(place)).form(action).fields


@pytest.fixture
def ada(world: World) -> FlaskClient:
    return world.signed_in(world.ada)


def add(client: FlaskClient, **fields: str):
    return client.post(WEBHOOKS, data=form(client, f"{WEBHOOKS}/new", WEBHOOKS) | GOOD | fields)


def test_one_is_added_with_the_secret_that_was_shown_this_once(ada: FlaskClient):
    shown = ada.get(f"{WEBHOOKS}/new")
    secret = re.search(r"whsec_[\w+/=]{44}", shown.text)
    assert secret
    fields = page(shown).form(WEBHOOKS).fields | GOOD
    for _ in range(2):
        answer = ada.post(WEBHOOKS, data=fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, WEBHOOKS)
    assert scalar("SELECT count(*) FROM webhooks") == 1
    assert scalar(STORED) == "https://hooks.example.org/kept habit.kept"
    listed = ada.get(WEBHOOKS)
    assert "https://hooks.example.org/kept" in listed.text
    number = scalar("SELECT id FROM webhooks")
    for text in (listed.text, ada.get(f"{WEBHOOKS}/{number}").text):
        assert secret[0] not in text
    assert secret[0] not in str(scalar("SELECT secret FROM webhooks"))
    assert "A webhook was added" in ada.get("/settings/audit").text


@pytest.mark.parametrize("address", BAD, ids=lambda text: text[:40])
def test_an_address_that_cannot_be_told_is_refused_beside_its_field(ada, address: str):
    """Line 45 of docs/security.md."""
    answer = add(ada, address=address)
    assert answer.status_code == 422
    assert 'id="address-error"' in answer.text
    assert scalar("SELECT count(*) FROM webhooks") == 0
    # The secret that was shown stays that of the form.
    assert page(answer).form(WEBHOOKS).fields["secret"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://Hooks.Example.org", "https://hooks.example.org/"),
        ("https://b\u00fccher.example/\u00e4?q=\u00f6#top", "https://xn--bcher-kva.example/%C3%A4?q=%C3%B6"),
        ("https://[2606:4700:4700:0:0:0:0:1111]:8443/x", "https://[2606:4700:4700::1111]:8443/x"),
    ],
)  # fmt: skip
def test_an_address_is_stored_as_it_stands_in_a_request(ada, typed: str, stored: str):
    assert add(ada, address=typed).status_code == 303
    assert scalar("SELECT address FROM webhooks") == stored


@pytest.mark.parametrize("events", ["", "moon.full"])
def test_something_must_be_told(ada: FlaskClient, events: str):
    answer = add(ada, events=events)
    assert answer.status_code == 422
    assert "Choose at least one from the list." in answer.text


def test_there_are_no_more_than_five(ada: FlaskClient, world: World):
    for number in range(5):
        make.webhook(world.ada, f"https://hooks.example.org/{number}")
    answer = add(ada)
    assert answer.status_code == 422
    assert "You can have 5 webhooks." in answer.text
    assert f'href="{WEBHOOKS}/new"' not in ada.get(WEBHOOKS).text


@pytest.mark.parametrize("secret", ["", "made up", "of another"])
def test_a_secret_that_was_not_shown_is_none(ada, world: World, secret: str):
    if secret == "of another":
        bob = world.signed_in(world.bob)
        secret = form(bob, f"{WEBHOOKS}/new", WEBHOOKS)["secret"]
    assert add(ada, secret=secret).status_code == 422
    assert scalar("SELECT count(*) FROM webhooks") == 0


def test_only_what_was_changed_is_changed(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}"
    fields = form(ada, place, place)
    execute("UPDATE webhooks SET address = 'https://moved.example.org/'")
    assert ada.post(place, data=fields | {"events": "pet.stage"}).status_code == 303
    assert scalar(STORED) == "https://moved.example.org/ pet.stage"
    assert scalar("SELECT off_because FROM webhooks") is None


def test_it_is_switched_off_and_on(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}"
    for state in ("off", "on"):
        assert ada.post(place, data=form(ada, place, place) | {"state": state}).status_code == 303
        assert scalar("SELECT coalesce(off_because, 'on') FROM webhooks") in {"user", state}
        assert ("Send a trial" in ada.get(place).text) == (state == "on")


def test_a_trial_is_due_at_once_and_once(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}"
    fields = form(ada, place, f"{place}/trial")
    for _ in range(2):
        assert ada.post(f"{place}/trial", data=fields).headers["Location"] == place
    assert scalar("SELECT count(*) FROM webhook_deliveries WHERE event = 'trial'") == 1
    shown = ada.get(place).text
    assert "a trial" in shown
    assert "Waits since" in shown


def test_what_became_of_deliveries_is_told(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}"
    for number, rest in enumerate(
        (
            "taken_at, status) VALUES (:now, :now, 204)",
            "due_at, status, failure) VALUES (:now, :now, 500, 'status')",
            "given_up_at, failure) VALUES (:now, :now, 'forbidden')",
        )
    ):
        columns, values = rest.replace("VALUES (", "\0").split("\0")
        execute(
            "INSERT INTO webhook_deliveries (user_id, webhook_id, event, source, mark, body, tries,"
            f" created_at, tried_at, {columns}"
            f" VALUES (:me, :webhook, 'habit.kept', :source, 'm', 'b', 1, :now, {values}",
            me=world.ada.user_id, webhook=world.webhook, source=str(number), now=NOON,
        )  # fmt: skip
    shown = ada.get(place).text
    for said in (
        "with the status 204", "the status was 500", "Next try",
        "its address is not of the internet", "Given up",
    ):  # fmt: skip
        assert said in shown


def test_one_that_was_switched_off_for_failing_says_so(ada: FlaskClient, world: World):
    assert world.webhook
    execute("UPDATE webhooks SET off_at = :now, off_because = 'failing'", now=NOON)
    assert "took nothing for three days" in ada.get(WEBHOOKS).text
    assert "was switched off on" in ada.get(f"{WEBHOOKS}/{world.webhook}").text


def test_another_secret_counts_once_it_is_confirmed(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}/secret"
    before = scalar("SELECT secret FROM webhooks")
    fields = form(ada, place, place)
    assert scalar("SELECT secret FROM webhooks") == before
    assert ada.post(place, data=fields).status_code == 303
    assert scalar("SELECT secret FROM webhooks") != before


def test_it_is_removed_after_a_question(ada: FlaskClient, world: World):
    place = f"{WEBHOOKS}/{world.webhook}/remove"
    assert ada.post(place, data=form(ada, place, place)).headers["Location"] == WEBHOOKS
    assert scalar("SELECT count(*) FROM webhooks") == 0


@pytest.mark.parametrize("place", ["new", "{}/secret"])
def test_a_secret_is_shown_to_who_has_proved_who_they_are(ada, world: World, place: str):
    url = f"{WEBHOOKS}/" + place.format(world.webhook)
    assert "whsec_" in ada.get(url).text
    execute("UPDATE sessions SET proved_at = :old, created_at = :old", old=NOON.replace(hour=1))
    answer = ada.get(url)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/settings/proof")
