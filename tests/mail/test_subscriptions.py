"""The letters that people ask for: when they come, what they say, and when they do not come."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.infra import db
from app.infra.worker import Shift
from app.jobs import subscriptions as job
from app.operations import accounts, outbox
from app.operations import subscriptions as operations
from app.rules.identity import Actor
from app.rules.subscriptions import Subscription
from app.web import letters
from tests import world as make
from tests.views.database import execute, scalar
from tests.world import NOON, TUESDAY, World

REMINDER, WEEKLY = Subscription.REMINDER, Subscription.WEEKLY
EIGHT = 20 * 60
EVENING = NOON + timedelta(hours=8)
At = Callable[..., None]


def choose(me: Actor, **minutes: int | None) -> None:
    execute("UPDATE users SET verified_at = created_at")
    with db.transaction() as writing:
        wanted = {Subscription(name): minute for name, minute in minutes.items()}
        operations.choose(writing, me, wanted)


def letter(world: World) -> letters.Letter | None:
    """What the worker posts now, as it is sent."""
    job.post_due(world.app, Shift())
    with db.transaction() as writing:
        taken = outbox.take(writing)
        if taken is None:
            return None
        outbox.note(writing, taken, None)
    return letters.write(world.app, taken)


def test_a_reminder_names_what_is_open_once_a_day(world: World, at: At):
    make.keep(world.ada, make.habit(world.ada, world.pillar, "Walk"))
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING - timedelta(seconds=1))
    assert letter(world) is None
    at(EVENING)
    said = letter(world)
    assert said is not None
    assert said.subject == "One thing is still open today"
    assert "- Read 10 pages" in said.text
    assert "Walk" not in said.text
    assert "<li>Read 10 pages</li>" in said.html
    assert '<svg aria-hidden="true" class="pet-art"' in said.html
    assert letter(world) is None
    # Not even when the hour is set anew, later on the same day.
    choose(world.ada, reminder=EIGHT + 30)
    at(EVENING + timedelta(minutes=30))
    assert letter(world) is None
    at(EVENING + timedelta(days=1, minutes=30))
    assert letter(world) is not None


def test_nothing_comes_when_all_is_kept(world: World, at: At):
    choose(world.ada, reminder=EIGHT)
    make.keep(world.ada, world.habit)
    at(EVENING)
    assert letter(world) is None
    # Tomorrow it is asked for again.
    at(EVENING + timedelta(days=1))
    assert letter(world) is not None


def test_nothing_comes_on_a_rest(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    make.rest(world.ada, starts_on=TUESDAY, ends_on=TUESDAY)
    at(EVENING)
    assert letter(world) is None
    at(EVENING + timedelta(days=1))
    assert letter(world) is not None


def test_a_reminder_follows_the_clock_of_its_reader(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    with db.transaction() as writing:
        accounts.set_preferences(writing, world.ada, timezone="America/New_York")
    at(EVENING)
    assert letter(world) is None
    at(EVENING + timedelta(hours=4))
    assert letter(world) is not None


def test_a_worker_that_comes_late_posts_nothing_that_is_of_no_use(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING + timedelta(hours=3))
    job.post_due(world.app, Shift())
    assert scalar("SELECT count(*) FROM outbox") == 0
    assert scalar("SELECT due_at FROM subscriptions") == EVENING + timedelta(days=1)


@pytest.mark.parametrize("state", ["disabled_at = created_at", "verified_at = NULL"])
def test_who_is_switched_off_or_has_not_confirmed_the_address_gets_nothing(
    world: World, at: At, state: str
):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    execute(f"UPDATE users SET {state}")
    at(EVENING)
    assert letter(world) is None
    assert scalar("SELECT due_at FROM subscriptions") == EVENING + timedelta(days=1)


def test_a_fault_with_one_letter_is_no_others(world: World, at: At, monkeypatch):
    assert world.habit
    make.habit(world.bob, make.pillar(world.bob), "Sing")
    choose(world.ada, reminder=EIGHT - 1)
    choose(world.bob, reminder=EIGHT)
    reminder = job._WRITE[REMINDER]

    def faulty(reading, who, now):
        assert who.user_id != world.ada.user_id
        return reminder(reading, who, now)

    monkeypatch.setattr(job, "_WRITE", {REMINDER: faulty})
    at(EVENING)
    assert "Sing" in letter(world).text
    assert scalar("SELECT min(due_at) FROM subscriptions") > EVENING


def test_of_two_workers_that_look_at_once_one_posts(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    with db.reading() as reading:
        (due,) = job.queries.due(reading, EVENING, 10)
    job._post(due)
    job._post(due)
    assert scalar("SELECT count(*) FROM outbox") == 1


def test_a_change_of_the_hour_is_stronger_than_a_worker_that_looked_before(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    with db.reading() as reading:
        (due,) = job.queries.due(reading, EVENING, 10)
    choose(world.ada, reminder=EIGHT + 60)
    job._post(due)
    assert scalar("SELECT count(*) FROM outbox") == 0
    assert scalar("SELECT due_at FROM subscriptions") == EVENING + timedelta(hours=1)


def test_many_open_things_are_named_up_to_eight(world: World, at: At):
    for number in range(10):
        make.habit(world.ada, world.pillar, f"Habit {number}")
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    said = letter(world)
    assert said.subject == "10 things are still open today"
    assert "…and 2 more." in said.text
    assert said.text.count("- Habit") == 8


def test_the_weekly_letter_tells_what_was_kept_the_longest_run_and_a_find(world: World, at: At):
    for days in range(6):
        at(NOON + timedelta(days=days))
        make.keep(world.ada, world.habit)
    choose(world.ada, weekly=480)
    at(NOON + timedelta(days=6, hours=-4))
    said = letter(world)
    assert said.subject == "Your week: kept 6 times"
    assert "Last week you kept your habits 6 times." in said.text
    assert "Most of it was for Body." in said.text
    assert "Your longest run is Read 10 pages: 6 in a row." in said.text
    assert "found a" in said.text
    assert "less" not in said.text
    at(NOON + timedelta(days=13, hours=-4))
    assert letter(world) is None


def test_a_name_is_text_in_the_page_and_in_no_header(world: World, at: At):
    """Line 31 of docs/security.md."""
    make.habit(world.ada, world.pillar, "<b>Tom & Jerry</b>")
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    said = letter(world)
    assert "&lt;b&gt;Tom &amp; Jerry&lt;/b&gt;" in said.html
    assert "- <b>Tom & Jerry</b>" in said.text


def test_a_letter_says_how_it_is_turned_off_by_its_header_too(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    said = letter(world)
    message = said.message()
    assert message["List-Unsubscribe"] == f"<{said.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said.unsubscribe in said.text
    with db.transaction() as writing:
        outbox.post(writing, "trial", "ada@example.org", {})
    about = letter(world)
    assert about.message()["List-Unsubscribe"] is None


def test_what_waits_is_withdrawn_with_the_subscription(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT)
    at(EVENING)
    job.post_due(world.app, Shift())
    choose(world.ada, reminder=None)
    assert scalar("SELECT count(*) FROM outbox") == 0
    assert scalar("SELECT count(*) FROM subscriptions") == 0


def test_nothing_about_a_deleted_account_is_left(world: World, at: At):
    assert world.habit
    choose(world.ada, reminder=EIGHT, weekly=480)
    at(EVENING)
    job.post_due(world.app, Shift())
    with db.transaction() as writing:
        accounts.delete(writing, world.ada.user_id)
    assert scalar("SELECT count(*) FROM outbox") == 0
    assert scalar("SELECT count(*) FROM subscriptions") == 0


@pytest.mark.parametrize("many", [0, 3])
def test_who_is_due_is_found_by_an_index_and_by_few_statements(world, at, statements, many: int):
    for number in range(many):
        someone = make.user(f"{number}@example.org")
        choose(someone, reminder=EIGHT)
    at(EVENING)
    with statements() as seen:
        job.post_due(world.app, Shift())
    # One look for all, and for each the two of a day and the one that moves on.
    assert len(seen) == 1 + 3 * many
