"""The outbox: written with what it tells of, taken by one, tried again, parked, forgotten."""

from contextlib import suppress
from datetime import timedelta

import pytest

from app.infra import db
from app.infra.mail import Delayed, Refused, Unreached
from app.operations import outbox
from app.operations.outbox import Taken
from app.queries import outbox as queries
from app.rules.mail import LEASE, MOST_TRIES, REMEMBERED, next_try
from tests.views.database import execute, scalar
from tests.world import NOON

pytestmark = pytest.mark.usefixtures("app", "at")


def post(kind: str = "trial", **wishes: object) -> bool:
    with db.transaction() as writing:
        return outbox.post(writing, kind, "ada@example.org", {"n": 1}, **wishes)


def take() -> Taken | None:
    with db.transaction() as writing:
        return outbox.take(writing)


def note(taken: Taken, failed: Exception | None = None) -> str:
    with db.transaction() as writing:
        return outbox.note(writing, taken, failed)


def waiting_minutes() -> object:
    return scalar("SELECT extract(epoch FROM due_at - :now) / 60 FROM outbox", now=NOON)


def test_a_message_is_taken_once_and_again_when_its_lease_is_over(at):
    post()
    taken = take()
    assert taken
    assert (taken.address, taken.kind, taken.facts, taken.tries) == (
        "ada@example.org", "trial", {"n": 1}, 1
    )  # fmt: skip
    assert take() is None
    at(NOON + LEASE)
    again = take()
    assert again
    assert (again.mark, again.tries) == (taken.mark, 2)
    # Whoever had it first comes too late.
    note(taken)
    assert scalar("SELECT sent_at FROM outbox") is None


def test_what_was_accepted_says_nothing_more_and_is_never_sent_again(at):
    post()
    assert note(take()) == "sent"
    assert scalar("SELECT facts FROM outbox WHERE sent_at = :now", now=NOON) is None
    at(NOON + timedelta(days=13))
    assert take() is None
    for number in (None, scalar("SELECT id FROM outbox")):
        with db.transaction() as writing:
            assert outbox.retry(writing, number) == 0


def test_nothing_is_written_when_the_operation_fails():
    with suppress(ZeroDivisionError), db.transaction() as writing:
        outbox.post(writing, "trial", "ada@example.org", {})
        raise ZeroDivisionError
    assert take() is None


def test_of_several_with_the_same_sort_the_first_is_written():
    assert post(once="7 2026-03-10")
    assert not post(once="7 2026-03-10")
    assert post(once="7 2026-03-11")
    assert post()
    assert post()


def test_what_people_wait_for_goes_before_what_they_subscribed_to(at):
    post("digest", subscription="reminder")
    at(NOON + timedelta(minutes=1))
    post("reset")
    assert [take().kind, take().kind] == ["reset", "digest"]


def test_a_passing_refusal_is_tried_again_up_to_a_day_and_then_parked(at):
    post()
    assert note(take(), Delayed("451 later")) == "delayed"
    assert waiting_minutes() == 1
    waits = [next_try(tries, NOON) for tries in range(1, MOST_TRIES + 1)]
    minutes = [wait and (wait - NOON) // timedelta(minutes=1) for wait in waits]
    assert minutes[:11] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    assert minutes[11:] == [1440, 1440, None]
    execute("UPDATE outbox SET tries = :tries, due_at = :now", tries=MOST_TRIES - 1, now=NOON)
    assert note(take(), Delayed("451 later")) == "parked"


def test_a_lasting_refusal_parks_a_message_until_somebody_sends_it_again():
    post()
    assert note(take(), Refused("550 nobody here")) == "parked"
    assert take() is None
    with db.reading() as reading:
        (message,) = queries.latest(reading, 10)
        assert (message.state, message.failure) == ("parked", "550 nobody here")
        assert queries.counts(reading) == queries.Counts(0, 1, None)
    # What waits for its next try is not meant by "all".
    post("later")
    note(take(), Delayed("451 later"))
    with db.transaction() as writing:
        assert outbox.retry(writing, None) == 1
    assert take().tries == 1
    assert take() is None


def test_a_server_that_is_away_costs_no_message_a_try(at):
    post()
    for minute in range(2 * MOST_TRIES):
        at(NOON + timedelta(minutes=minute))
        assert note(take(), Unreached("refused")) == "waiting"
    assert scalar("SELECT tries FROM outbox") == 0


def test_what_is_too_late_is_not_sent_and_what_was_long_ago_is_forgotten(at):
    post("late", expires_at=NOON + timedelta(hours=1))
    post("sent")
    taken = take(), take()
    note(taken[1])
    at(NOON + timedelta(hours=1))
    assert swept() == 1
    assert scalar("SELECT string_agg(kind, ' ') FROM outbox") == "sent"
    at(NOON + REMEMBERED)
    assert swept() == 1


def test_an_expired_message_is_not_taken(at):
    post("late", expires_at=NOON + timedelta(hours=1))
    at(NOON + timedelta(hours=1))
    assert take() is None


def test_all_that_a_user_was_told_can_be_forgotten():
    post(user_id=7)
    post(user_id=8)
    with db.transaction() as writing:
        outbox.forget(writing, 7)
    assert scalar("SELECT sum(user_id) FROM outbox") == 8


def swept() -> int:
    with db.transaction() as writing:
        return outbox.sweep(writing)
