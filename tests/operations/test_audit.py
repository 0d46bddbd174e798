"""The audit log: what is written down, how little, and for how long."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.infra import db
from app.models.audit import LONGEST_EVENT
from app.operations import accounts, audit, sessions
from app.queries import audit as queries
from app.rules.audit import COUNTED, REMEMBERED, Event, sentence
from app.rules.errors import Invalid
from app.rules.identity import Password
from app.rules.places import NOWHERE, Place
from tests import world as make
from tests.views.database import execute, scalar
from tests.world import NOON, PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
HOME, CAFE = Place("192.0.2.7", "Firefox/Android"), Place("198.51.100.9", "Chrome/Linux")
DAYS = timedelta(days=1)


def note(user_id: int, event: Event, place: Place = NOWHERE) -> None:
    with db.transaction() as session:
        audit.note(session, user_id, event, place)


def lines(user_id: int) -> list[queries.AuditLine]:
    with db.reading() as reading:
        return list(queries.page(reading, user_id, None).lines)


def test_deeds_are_written_down_with_where_and_never_the_address(world: World):
    me = world.ada
    with db.transaction() as session:
        other = sessions.begin(session, me.user_id, Password(PASSWORD_HASH), None, HOME)
        assert other is not None
        assert sessions.prove(session, me, Password(PASSWORD_HASH), CAFE)
        sessions.end_other(session, me, other.credential, CAFE)
        sessions.end(session, me, CAFE)
    written = lines(me.user_id)
    assert [line.event for line in written] == [
        Event.SIGNED_OUT, Event.SIGN_IN_ENDED, Event.PROVED, Event.SIGNED_IN, Event.SIGNED_UP,
    ]  # fmt: skip
    assert {line.happened_at for line in written} == {NOON}
    assert (written[3].network, written[3].device) == ("192.0.2.0/24", "Firefox/Android")
    assert scalar("SELECT count(*) FROM audit a WHERE a::text LIKE '%192.0.2.7%'") == 0


def test_a_deed_that_does_not_come_about_is_not_written_down(world: World):
    assert world.ada
    before = scalar("SELECT count(*) FROM audit")
    with pytest.raises(Invalid), db.transaction() as session:
        accounts.sign_up(session, "ada@example.org", PASSWORD_HASH, "UTC")
    with db.transaction() as session:
        sessions.end(session, world.ada)
    # Ending an ended one is none.
    with db.transaction() as session:
        sessions.end(session, world.ada)
    assert scalar("SELECT count(*) FROM audit") == int(str(before)) + 1


@pytest.mark.parametrize("event", sorted(COUNTED))
def test_what_anybody_can_bring_about_has_one_line_a_day_which_counts(
    world: World, at: At, event: Event
):
    """Line 40 of docs/security.md."""
    me = world.ada.user_id
    for _ in range(3):
        note(me, event, HOME)
    note(world.bob.user_id, event, HOME)
    at(NOON + DAYS)
    note(me, event, HOME)
    note(me, event, CAFE)
    written = [(line.times, line.network, line.device) for line in lines(me)][:-1]
    assert written == [(2, "", ""), (3, "192.0.2.0/24", "Firefox/Android")]


def test_what_its_owner_does_has_a_line_each_time(world: World):
    for _ in range(2):
        note(world.ada.user_id, Event.SIGNED_IN)
    assert len(lines(world.ada.user_id)) == 3


def test_a_line_is_swept_after_400_days(world: World, at: At):
    old = len(lines(world.ada.user_id))
    for elapsed, left in ((REMEMBERED - timedelta(seconds=1), old), (REMEMBERED, 0)):
        at(NOON + elapsed)
        with db.transaction() as session:
            sessions.end_all(session, world.ada.user_id)
        assert len(lines(world.ada.user_id)) == left


def test_of_an_account_that_is_gone_stays_what_happened_and_not_where(world: World):
    me = world.ada.user_id
    note(me, Event.SIGNED_IN, HOME)
    note(world.bob.user_id, Event.SIGNED_IN, HOME)
    with db.transaction() as session:
        accounts.delete(session, me)
    written = lines(me)
    assert [line.event for line in written][:2] == [Event.DELETED, Event.SIGNED_IN]
    assert {(line.network, line.device) for line in written} == {("", "")}
    assert lines(world.bob.user_id)[0].network == "192.0.2.0/24"


def test_the_log_is_read_in_pages(world: World):
    me, bob, many = world.ada.user_id, world.bob.user_id, queries.LINES_A_PAGE + 1
    for _ in range(many):
        note(me, Event.SIGNED_IN)
    with db.reading() as reading:
        first = queries.page(reading, me, None)
        second = queries.page(reading, me, first.older)
        others = queries.page(reading, bob, None)
    assert len(first.lines) == queries.LINES_A_PAGE
    assert [line.event for line in second.lines] == [Event.SIGNED_IN, Event.SIGNED_UP]
    assert second.older is None
    assert len(others.lines) == 1


@pytest.mark.parametrize("event", sorted(Event))
def test_every_event_has_a_sentence_and_room_in_the_table(event: Event):
    for times in (1, 7):
        said = sentence(event, times)
        assert said.endswith(".")
        assert ("7" in said) == (times == 7 and event in COUNTED)
    assert len(event) <= LONGEST_EVENT


def test_an_event_of_a_newer_version_is_told_as_it_is_called(world: World):
    execute(
        "INSERT INTO audit (user_id, happened_at, event) VALUES (:me, :now, 'flew')",
        me=world.ada.user_id,
        now=NOON,
    )
    assert sentence(lines(world.ada.user_id)[0].event) == "flew"
    assert "flew" in world.signed_in(world.ada).get("/settings/audit").text
    with pytest.raises(IntegrityError):
        execute("INSERT INTO audit (user_id, happened_at, event) VALUES (1, :now, '')", now=NOON)


def test_nothing_of_it_is_anybody_elses(world: World):
    make.user("eve@example.org")
    note(world.ada.user_id, Event.PASSWORD_CHANGED)
    changed = sentence(Event.PASSWORD_CHANGED)
    assert changed in world.signed_in(world.ada).get("/settings/audit").text
    assert changed not in world.signed_in(world.bob).get("/settings/audit").text
