"""Accounts: sign up, preferences, passwords, premium, and the end of one."""

from calendar import SUNDAY
from datetime import date

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import accounts, sessions, tries
from app.operations.tries import Origin
from app.rules.errors import Invalid, NotYours, RegistrationClosed, SessionEnded
from app.rules.identity import Password
from app.rules.registration import Registration
from app.rules.tries import SIGN_IN
from tests import world as make
from tests.world import PASSWORD_HASH, World

pytestmark = pytest.mark.usefixtures("at")


def count(table: str, where: str = "true") -> int:
    with db.reading() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))


def test_an_account_comes_with_one_unnamed_egg_and_its_sign_in(world: World):
    assert world.ada
    assert count("pets", "is_active AND name = '' AND xp = 0 AND days_kept = 0") == 1
    assert count("sessions", "ended_at IS NULL") == 1
    assert count("pillars") == 0


def test_a_taken_address_makes_nothing(world: World):
    assert world.ada
    with pytest.raises(Invalid) as refused:
        make.user("ada@example.org")
    assert "email" in refused.value.errors
    assert (count("users"), count("pets"), count("sessions")) == (1, 1, 1)


def test_the_address_of_a_deleted_account_is_free_again(world: World):
    assert world.ada
    with db.transaction() as session:
        accounts.delete(session, world.ada.user_id)
    assert count("addresses") == 0
    again = make.user("ada@example.org")
    assert count("addresses", f"email = 'ada@example.org' AND user_id = {again.user_id}") == 1


def test_a_closed_place_lets_the_first_account_through(app: object):
    def sign_up(email: str) -> None:
        with db.transaction() as session:
            accounts.sign_up(session, email, "hash", "UTC", registration=Registration.CLOSED)

    sign_up("ada@example.org")
    with pytest.raises(RegistrationClosed):
        sign_up("bob@example.org")
    assert count("users") == 1


def test_preferences_change_what_is_given_and_count_as_a_write(world: World):
    assert world.ada
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, "Ada", "Asia/Tokyo", 4)
    who = make.claims(world.ada)
    assert (who.name, who.timezone, who.day_start) == ("Ada", "Asia/Tokyo", 4)
    assert count("users", "version = 1") == 1


def test_theme_and_shortcuts_change_alone(world: World):
    assert world.ada
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, "Ada", theme="dark", shortcuts=False)
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada)
    who = make.claims(world.ada)
    assert (who.name, who.theme, who.shortcuts) == ("Ada", "dark", False)


def test_a_name_can_be_taken_away_and_the_day_begin_at_midnight_again(world: World):
    me = world.ada
    for name, day_start in (("Ada", 4), ("", 0)):
        with db.transaction() as session:
            accounts.set_preferences(session, me, name, day_start=day_start)
        who = make.claims(world.ada)
        assert (who.name, who.day_start) == (name, day_start)


def test_another_zone_leaves_the_days_that_were_stamped(world: World):
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        accounts.set_preferences(session, world.ada, "", "Pacific/Kiritimati", 0)
    assert count("commits", "day = '2026-03-10'") == 1


def test_another_password_ends_every_sign_in_of_this_user_alone(world: World):
    assert world.ada
    assert world.bob
    with db.transaction() as session:
        sessions.begin(session, world.ada.user_id, Password(PASSWORD_HASH))
    with db.transaction() as session:
        fresh = accounts.change_password(session, world.ada, "another hash")
    assert count("sessions", "ended_at IS NULL") == 2  # Bob's, and the one just begun.
    assert make.pillar(fresh)
    with pytest.raises(SessionEnded):
        make.pillar(world.ada)
    with pytest.raises(SessionEnded), db.transaction() as session:
        accounts.change_password(session, world.ada, "a third hash")
    assert count("users", "password_hash = 'another hash'") == 1


def test_a_sign_in_on_the_way_with_the_old_password_does_not_begin(world: World):
    assert world.ada
    with db.transaction() as session:
        accounts.change_password(session, world.ada, "another hash")
    with db.transaction() as session:
        assert sessions.begin(session, world.ada.user_id, Password(PASSWORD_HASH)) is None


def test_signing_out_everywhere_needs_a_sign_in_that_lives(world: World):
    assert world.ada
    with db.transaction() as session:
        other = sessions.begin(session, world.ada.user_id, Password(PASSWORD_HASH))
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded), db.transaction() as session:
        sessions.end_everywhere(session, world.ada)
    assert count("sessions", "ended_at IS NULL") == 1
    with db.transaction() as session:
        sessions.end_everywhere(session, other)
    assert count("sessions", "ended_at IS NULL") == 0


def test_ending_a_sign_in_twice_keeps_the_first_end(world: World, at):
    assert world.ada
    with db.transaction() as session:
        sessions.end(session, world.ada)
    at(make.NOON.replace(hour=20))
    with db.transaction() as session:
        sessions.end(session, world.ada)
    assert count("sessions", "ended_at = '2026-03-10 12:00+00'") == 1


def test_a_deleted_account_takes_everything_of_its_own_and_nothing_else(world: World):
    make.keep(world.ada, world.habit)
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)))
    with db.transaction() as session:
        accounts.delete(session, world.ada.user_id)
    for table in ("users", "addresses", "sessions", "pets", "pillars", "habits", "schedules"):
        assert count(table) == 1, table
    assert (count("commits"), count("ledger_entries")) == (1, 1)
    with pytest.raises(SessionEnded):
        make.keep(world.ada, world.habit)


def test_a_deleted_account_takes_its_wrong_passwords_along_and_no_others(world: World):
    users = (world.ada.user_id, world.bob.user_id, 0)
    with db.transaction() as session:
        for user_id in users:
            tries.begin(session, SIGN_IN, user_id, Origin("0", "f"), limited=True)
    with db.transaction() as session:
        accounts.delete(session, world.ada.user_id)
    assert count("sign_in_failures") == 2
    assert count("sign_in_failures", f"user_id = {world.ada.user_id}") == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda session: accounts.set_premium(session, 999_999, True),
        lambda session: accounts.set_password(session, 999_999, "hash"),
        lambda session: accounts.delete(session, 999_999),
    ],
)
def test_an_account_that_is_not_there_is_told_apart(app: object, act):
    with pytest.raises(NotYours), db.transaction() as session:
        act(session)


def test_premium_is_put_on_and_taken_off(world: World):
    assert world.ada
    for state in (True, False):
        with db.transaction() as session:
            accounts.set_premium(session, world.ada.user_id, state)
        with db.reading() as reading:
            assert reading.scalar(text("SELECT is_premium FROM users")) is state
    # Pages are kept under the version, and the plan is drawn on them.
    assert count("users", "version = 2") == 1


def test_another_first_day_of_the_week_applies_from_the_next_week_on(world: World):
    me = world.ada
    with db.transaction() as session:
        accounts.set_preferences(session, me, week_start=SUNDAY)
    with db.reading() as reading:
        anchors = reading.scalar(text("SELECT week_anchors FROM users WHERE email LIKE 'ada%'"))
    # Tuesday's week is that from Monday the 9th; the next one ends on Saturday.
    assert anchors == [date(2000, 1, 3), date(2026, 3, 22)]
    assert make.claims(world.ada).week_start == SUNDAY
