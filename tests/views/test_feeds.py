"""The calendar feed, read by the library that calendars are read with, and by who has no cookie."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from app.infra import db
from app.operations import admin, feeds
from app.rules.identity import FRESH
from app.rules.places import NOWHERE
from tests import world as make
from tests.conftest import browser
from tests.views.database import execute, scalar
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

ONE_DAY = timedelta(days=1)
FEED = "/settings/calendar"


@pytest.fixture
def address(world: World) -> str:
    """The address of Ada's feed, made on its page."""
    ada = world.signed_in(world.ada)
    return taken(ada)


def taken(client) -> str:
    shown = client.get(f"{FEED}/new")
    (where,) = {word for word in shown.text.split() if "/calendar/" in word and ".ics" in word}
    found = where[where.index("/calendar/") : where.index(".ics")] + ".ics"
    for _ in range(2):
        assert client.post(FEED, data=page(shown).form(FEED).fields).status_code == 303
    return found


def events(app: Flask, address: str) -> dict[str, list[date]]:
    """The days of each title."""
    answer = browser(app).get(address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    found: dict[str, list[date]] = {}
    for event in Calendar.from_ical(answer.data).walk("VEVENT"):
        start, end = event.decoded("dtstart"), event.decoded("dtend")
        assert type(start) is date
        assert end - start == ONE_DAY
        found.setdefault(str(event["summary"]), []).append(start)
    return found


def test_what_was_kept_and_what_is_due_stands_there(app, world: World, address: str):
    for days in (0, 1, 90, 91):
        make.keep(world.ada, world.habit, TUESDAY - days * ONE_DAY) if not days else make.bring(
            world.ada, world.habit, TUESDAY - days * ONE_DAY, 1
        )
    found = events(app, address)
    name = "Read 10 pages"
    assert found[f"Kept: {name}"] == [TUESDAY - 90 * ONE_DAY, TUESDAY - ONE_DAY, TUESDAY]
    assert found[f"Due: {name}"] == [TUESDAY + number * ONE_DAY for number in range(1, 30)]


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({"schedule": "weekdays", "weekdays": ["0", "4"]}, [3, 6, 10, 13, 17, 20, 24, 27]),
        ({"schedule": "every", "every": "7"}, [0, 7, 14, 21, 28]),
        # The last days on which the week can still be made.
        ({"schedule": "weekly", "times": "1"}, [5, 12, 19, 26]),
    ],
)
def test_every_rhythm_comes_as_it_is_due(app, world: World, address: str, terms, due: list[int]):
    make.habit(world.ada, world.pillar, "Swim", starts_on=TUESDAY, **terms)
    assert events(app, address)["Due: Swim"] == [TUESDAY + n * ONE_DAY for n in due]


def test_a_rest_and_the_archive_ask_for_nothing(app, world: World, address: str):
    assert world.habit
    make.rest(world.ada, starts_on=TUESDAY, ends_on=TUESDAY + 9 * ONE_DAY)
    assert min(events(app, address)["Due: Read 10 pages"]) == TUESDAY + 10 * ONE_DAY
    execute("UPDATE habits SET archived_at = :now", now=NOON)
    assert events(app, address) == {}


@pytest.mark.parametrize(
    ("zone", "day_start", "today"),
    [
        ("Pacific/Kiritimati", 0, date(2026, 3, 11)),
        ("Pacific/Pago_Pago", 0, date(2026, 3, 10)),
        ("Europe/Berlin", 0, date(2026, 3, 10)),
        ("Pacific/Kiritimati", 6, date(2026, 3, 10)),
    ],
)
def test_the_days_are_those_of_the_user(
    app, world: World, address: str, at: Callable[[datetime], None], zone, day_start, today: date
):
    assert world.habit
    execute("UPDATE users SET timezone = :zone, day_start = :start", zone=zone, start=day_start)
    at(datetime(2026, 3, 10, 14, tzinfo=UTC))
    days = events(app, address)["Due: Read 10 pages"]
    assert (days[0], days[-1]) == (today, today + 29 * ONE_DAY)


def test_it_is_the_same_until_something_changes(app, world: World, address: str):
    client = browser(app)
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, max-age=900"
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make.keep(world.ada, world.habit)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("how", ["renewed", "ended", "disabled", "another's", "made up", "huge"])
def test_an_address_that_does_not_count_is_not_there(app, world: World, address: str, how: str):
    """Line 46 of docs/security.md."""
    ada = world.signed_in(world.ada)
    assert scalar("SELECT count(*) FROM feeds") == 1
    assert address.split("/")[2][: -len(".ics")] not in str(scalar("SELECT token_hash FROM feeds"))
    if how == "renewed":
        assert browser(app).get(taken(ada)).status_code == 200
    elif how == "ended":
        fields = page(ada.get(FEED)).form(f"{FEED}/end").fields
        assert ada.post(f"{FEED}/end", data=fields).status_code == 303
    elif how == "disabled":
        with db.transaction() as session:
            admin.disable(session, None, world.ada.user_id)
    elif how == "another's":
        address = address.replace(f"/{world.ada.user_id}-", f"/{world.bob.user_id}-")
    elif how == "made up":
        address = "/calendar/x.ics"
    else:
        address = address.replace(f"/{world.ada.user_id}-", f"/{'9' * 19}-")
    assert browser(app).get(address).status_code == 404


def test_an_address_is_made_from_what_was_shown_to_oneself_alone(world: World):
    ada, bob = world.signed_in(world.ada), world.signed_in(world.bob)
    shown = page(bob.get(f"{FEED}/new")).form(FEED).fields
    assert ada.post(FEED, data={"secret": shown["secret"]}).status_code == 422
    assert ada.post(FEED, data={}).status_code == 422
    assert scalar("SELECT count(*) FROM feeds") == 0


def test_names_are_text_whatever_is_in_them(app, world: World, address: str):
    name = "A;b,c\\ BEGIN:VEVENT " + "\u00e4" * 40
    make.habit(world.ada, world.pillar, name, starts_on=TUESDAY)
    assert f"Due: {name}" in events(app, address)


def test_the_address_of_a_feed_is_in_no_log(world: World, address: str, caplog):
    """Line 46 of docs/security.md."""
    caplog.set_level("DEBUG")
    with db.transaction() as session:
        feeds.end(session, world.ada, NOWHERE)
    assert browser(world.app).get(address).status_code == 404
    token = address.split("/")[2][: -len(".ics")]
    logged = caplog.text + str([vars(record) for record in caplog.records])
    assert "/calendar/…" in logged
    assert token not in logged


def test_a_new_address_asks_who_somebody_is_unless_that_was_proved_lately(world: World, at):
    """Line 13 of docs/security.md."""
    ada = world.signed_in(world.ada)
    offered = page(ada.get(f"{FEED}/new")).form(FEED).fields
    at(NOON + FRESH + timedelta(seconds=1))
    for answer in (ada.get(f"{FEED}/new"), ada.post(FEED, data=offered)):
        assert answer.headers["Location"].startswith("/settings/proof")
