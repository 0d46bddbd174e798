"""The end of an account: asked for, thought over, and then nothing of it is left anywhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.infra import db
from app.infra.db import Base
from app.models import Departure
from app.operations import accounts, leaving, outbox, sessions
from app.operations.leaving import Gone
from app.rules.errors import SessionEnded
from app.rules.identity import Actor
from app.rules.leaving import GRACE, REMEMBERED, is_confirmed
from app.rules.places import Place
from tests import world as make
from tests.views.cached_pages import furnish
from tests.views.database import execute, scalar
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

At = Callable[[datetime], None]
HOME = Place("192.0.2.7", "Firefox/Android")
A_MOMENT = timedelta(seconds=1)
TABLES = Base.metadata.sorted_tables
OWNED = [table for table in TABLES if "user_id" in table.columns]


def ask(me: Actor) -> None:
    with db.transaction() as session:
        leaving.ask(session, me, HOME)


def stay(me: Actor) -> None:
    with db.transaction() as session:
        leaving.stay(session, me, HOME)


def end() -> int:
    ended = 0
    while True:
        with db.transaction() as session:
            if not leaving.end_one(session):
                return ended
        ended += 1


def events(me: Actor) -> object:
    return scalar(
        "SELECT string_agg(event, ', ' ORDER BY id) FROM audit WHERE user_id = :me", me=me.user_id
    )


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ("ada@example.org", True), (" Ada@Example.ORG ", True), ("", False),
        ("ada@example.or", False), ("bob@example.org", False), ("yes", False),
    ],
)  # fmt: skip
def test_the_address_is_typed_to_be_sure(typed: str, is_meant: bool):
    assert is_confirmed(typed, "ada@example.org") is is_meant


def test_an_account_ends_when_the_grace_is_over_and_not_a_moment_before(world: World, at: At):
    assert world.bob
    make.keep(world.ada, world.habit)
    ask(world.ada)
    at(NOON + GRACE - A_MOMENT)
    assert end() == 0
    make.keep(world.ada, world.habit, NOON.date())
    at(NOON + GRACE)
    assert end() == 1
    assert scalar("SELECT string_agg(email, ', ') FROM users") == "bob@example.org"
    with pytest.raises(SessionEnded):
        make.keep(world.ada, world.habit)


def test_asked_again_it_ends_no_later(world: World, at: At):
    ask(world.ada)
    at(NOON + GRACE - A_MOMENT)
    ask(world.ada)
    assert scalar("SELECT count(*) FROM outbox") == 1
    at(NOON + GRACE)
    assert end() == 1


def test_who_thinks_again_stays(world: World, at: At):
    ask(world.ada)
    stay(world.ada)
    stay(world.ada)
    at(NOON + GRACE)
    assert end() == 0
    assert events(world.ada) == "signed up, deletion asked for, account kept"


@pytest.mark.parametrize("act", [ask, stay])
def test_a_sign_in_that_has_ended_decides_nothing(world: World, act: Callable):
    ask(world.ada)
    before = scalar("SELECT leaves_at FROM users")
    with db.transaction() as session:
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded):
        act(world.ada)
    assert scalar("SELECT leaves_at FROM users") == before


def test_it_is_told_by_mail_when_it_is_asked_for_and_when_it_is_done(world: World, at: At):
    ask(world.ada)
    told = "SELECT kind || ' ' || address || ' ' || facts FROM outbox"
    assert scalar(told) == 'leaving ada@example.org {"day": "2026-03-17"}'
    at(NOON + GRACE)
    end()
    # What was not sent of the first is of no use any more.
    assert scalar(told) == "left ada@example.org {}"
    assert scalar("SELECT user_id FROM outbox") is None


def test_the_address_is_held_until_then_and_free_afterwards(world: World, at: At):
    ask(world.ada)
    with pytest.raises(Exception, match="has an account already"):
        make.user("ada@example.org")
    at(NOON + GRACE)
    end()
    assert make.user("ada@example.org").user_id != world.ada.user_id


def rows() -> dict[str, str]:
    """Return all that stands in each table."""
    return {
        table.name: str(scalar(f"SELECT string_agg(t::text, ' ') FROM {table.name} AS t"))
        for table in TABLES
    }


def said_in(tables: dict[str, str], said: str) -> list[str]:
    return [table for table, text in tables.items() if said in text]


def test_nothing_of_the_account_is_left_in_any_table(world: World, at: At):
    """Of everything that Ada could have, in every state, no row says anything any more."""
    me = world.ada
    assert world.bob
    furnish(world)
    make.note(me, world.habit, "a secret of Ada’s")
    execute("UPDATE users SET name = 'Ada Lovelace' WHERE id = :me", me=me.user_id)
    with db.transaction() as session:
        outbox.post(session, "trial", "ada@example.org", {}, user_id=me.user_id)
    ask(me)
    assert said_in(rows(), "192.0.2.") == ["audit"]
    at(NOON + GRACE)
    end()
    execute("DELETE FROM outbox WHERE kind = 'left'")
    left = rows()
    for said in ("ada@example.org", "Ada Lovelace", "a secret of Ada’s", "192.0.2.", "Firefox"):
        assert said_in(left, said) == []
    mine = f"SELECT count(*) FROM {{}} WHERE user_id = {me.user_id}"
    still = {table.name for table in OWNED if scalar(mine.format(table.name))}
    # A number, and what happened to it when.
    assert still == {"audit", "departures"}
    assert str(events(me)).endswith("deletion asked for, account deleted")


def departed() -> list[Gone]:
    with db.reading() as reading:
        rows = reading.execute(Departure.__table__.select()).all()
    return [Gone(row.user_id, row.joined_at) for row in rows]


def test_who_is_back_by_a_backup_is_gone_again_and_nobody_else(world: World):
    me = world.ada
    with db.transaction() as session:
        accounts.delete(session, me.user_id)
    gone = departed()
    assert [one.user_id for one in gone] == [me.user_id]
    # The database as it was before, and in it somebody who came to the same number later.
    back, later = make.user("back@example.org"), make.user("later@example.org")
    gone += [
        Gone(back.user_id, NOON), Gone(later.user_id, NOON - A_MOMENT), Gone(2**62, NOON),
    ]  # fmt: skip
    with db.transaction() as session:
        assert leaving.end_again(session, gone) == 1
    assert scalar("SELECT string_agg(email, ', ' ORDER BY id) FROM users") == "later@example.org"
    assert scalar("SELECT count(*) FROM outbox") == 0
    with db.transaction() as session:
        assert leaving.end_again(session, gone) == 0
        assert leaving.end_again(session, []) == 0


def test_a_departure_is_forgotten_when_no_backup_can_know_the_account(world: World, at: At):
    me = world.ada
    with db.transaction() as session:
        accounts.delete(session, me.user_id)
    for since, left in ((REMEMBERED - A_MOMENT, 1), (REMEMBERED, 0)):
        at(NOON + since)
        with db.transaction() as session:
            leaving.sweep(session)
        assert len(departed()) == left
