"""What webhooks are told, how often, and until when."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from flask import Flask

from app.infra import db, outward, signature
from app.infra.worker import Shift
from app.jobs.webhooks import THREADS, Webhooks
from app.operations import accounts, admin, deliveries, leaving, webhooks
from app.rules.places import NOWHERE
from app.rules.webhooks import Event
from app.web import sealed
from app.web import webhooks as purposes
from tests import world as make
from tests.views.database import execute, scalar
from tests.webhooks.receiver import Receiver, is_signed, served
from tests.world import NOON, TUESDAY, WEBHOOK_SECRET, World

STATE = """
    SELECT string_agg(concat_ws(' ', event, CASE WHEN taken_at IS NOT NULL THEN 'taken'
        WHEN given_up_at IS NOT NULL THEN 'given up' ELSE 'waits' END, tries, status, failure),
        ', ' ORDER BY id)
    FROM webhook_deliveries
"""
HOOK = """
    SELECT concat_ws(' ', coalesce(off_because, 'on'), failing_since IS NOT NULL,
        busy_until IS NOT NULL) FROM webhooks
"""
DUE = "SELECT min(due_at) FROM webhook_deliveries"


@pytest.fixture(autouse=True)
def _allowed(app: Flask, monkeypatch: pytest.MonkeyPatch, at) -> None:
    here = replace(app.extensions["settings"], webhook_networks=(ip_network("127.0.0.0/8"),))
    monkeypatch.setitem(app.extensions, "settings", here)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with served() as receiver:
        yield receiver


@pytest.fixture
def worker(app: Flask) -> Webhooks:
    return Webhooks(app)


def work(worker: Webhooks) -> None:
    """What one round of the worker does, until nothing is under way."""
    worker.gather(Shift())
    worker.run(Shift())
    worker.end()


def told(receiver: Receiver) -> list[dict]:
    return [json.loads(request.body) for request in receiver.requests]


def listen(world: World, receiver: Receiver, *events: Event) -> int:
    return make.webhook(world.ada, receiver.url, events or tuple(Event))


def test_a_commit_and_its_undo_are_told_once_each_and_signed(world, receiver, worker, at):
    listen(world, receiver, Event.KEPT, Event.UNDONE)
    make.keep(world.ada, world.habit)
    at(NOON + timedelta(minutes=1))
    make.take_back(world.ada, world.habit)
    work(worker)
    work(worker)
    kept, undone = told(receiver)
    assert kept == {
        "type": "habit.kept",
        "timestamp": "2026-03-10T12:00:00+00:00",
        "data": {
            "habit": {"id": world.habit, "name": "Read 10 pages"},
            "day": str(TUESDAY),
            "xp": kept["data"]["xp"],
        },
    }
    assert undone["type"] == "habit.undone"
    assert undone["timestamp"] == "2026-03-10T12:01:00+00:00"
    assert undone["data"]["xp"] == -kept["data"]["xp"] < 0
    for request in receiver.requests:
        assert is_signed(request, WEBHOOK_SECRET, (NOON + timedelta(minutes=1)).timestamp())
        assert request.headers["Content-Type"] == "application/json"
    assert len(set(receiver.marks)) == 2
    assert scalar(STATE) == "habit.kept taken 1 200, habit.undone taken 1 200"
    assert scalar(HOOK) == "on f f"


def test_the_last_of_a_day_is_told_once_a_day(world, receiver, worker):
    listen(world, receiver, Event.ALL_KEPT)
    other = make.habit(world.ada, world.pillar, "Read")
    make.keep(world.ada, world.habit)
    work(worker)
    assert told(receiver) == []
    make.keep(world.ada, other)
    make.take_back(world.ada, other)
    make.keep(world.ada, other)
    work(worker)
    assert [one["data"] for one in told(receiver)] == [{"day": str(TUESDAY)}]


def test_a_stage_of_the_pet_is_told(world, receiver, worker):
    listen(world, receiver, Event.STAGE)
    execute("UPDATE pets SET name = 'Miso', xp = 60, days_kept = 9")
    make.keep(world.ada, world.habit)
    work(worker)
    stages = [
        (one["type"], one["data"]["stage"], one["data"]["pet"]["name"]) for one in told(receiver)
    ]
    assert stages[0] == ("pet.stage", "hatchling", "Miso")
    assert len(set(stages)) == len(stages)


def test_what_was_before_is_not_told_nor_what_is_not_asked_for(world, receiver, worker, at):
    make.keep(world.ada, world.habit)
    listen(world, receiver, Event.UNDONE)
    other = make.habit(world.ada, world.pillar, "Read")
    at(NOON + timedelta(minutes=1))
    make.keep(world.ada, other)
    work(worker)
    assert told(receiver) == []
    make.take_back(world.ada, world.habit)
    work(worker)
    assert [one["type"] for one in told(receiver)] == ["habit.undone"]


def test_nobody_hears_of_another(world, receiver, worker):
    listen(world, receiver)
    bobs = make.habit(world.bob, make.pillar(world.bob), "Walk")
    make.keep(world.bob, bobs)
    work(worker)
    assert told(receiver) == []


def test_a_user_without_webhooks_pays_no_statement(app, world, statements):
    make.habit(world.ada, world.pillar, "Read")
    assert world.habit
    with statements() as seen:
        make.keep(world.ada, world.habit)
    assert not any("webhook" in statement for statement in seen)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (500, "500 status"), (404, "404 status"), ("redirect", "302 moved"), ("close", "broken"),
        ("hang", "slow"), ("drip", "slow"), ("garbage", "broken"),
    ],
)  # fmt: skip
def test_what_is_not_taken_comes_again_with_the_same_id(
    world, receiver, worker, at, monkeypatch, answer, state: str
):
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.5)
    listen(world, receiver, Event.KEPT)
    receiver.answers = [answer]
    make.keep(world.ada, world.habit)
    work(worker)
    assert scalar(STATE) == f"habit.kept waits 1 {state}"
    assert scalar(HOOK) == "on t f"
    at(NOON + timedelta(seconds=4))
    work(worker)
    assert len(receiver.requests) == 1
    at(NOON + timedelta(seconds=5))
    work(worker)
    assert scalar(STATE) == "habit.kept taken 2 200"
    assert scalar(HOOK) == "on f f"
    first, second = receiver.requests
    assert (first.mark, first.body) == (second.mark, second.body)
    assert second.headers["webhook-timestamp"] != first.headers["webhook-timestamp"]
    assert is_signed(second, WEBHOOK_SECRET)


def test_after_three_days_of_failures_it_is_switched_off_with_a_letter(
    world, receiver, worker, at, monkeypatch
):
    webhook = listen(world, receiver, Event.KEPT)
    receiver.answers = [503] * 20
    make.keep(world.ada, world.habit)
    work(worker)
    waits = []
    now = NOON
    while due := scalar(DUE):
        waits.append(due - now)
        now = due
        at(now)
        work(worker)
    hours = [round(wait.total_seconds() / 3600, 2) for wait in waits]
    assert hours == [0.0, 0.08, 0.5, 2, 5, 10, 14, 20, 24]
    assert len(receiver.requests) == 10
    assert len(set(receiver.marks)) == 1
    assert scalar(HOOK) == "failing t f"
    letter = "SELECT kind || ' ' || address || ' ' || (facts ->> 'host') FROM outbox"
    assert scalar(letter) == "webhook-off ada@example.org 127.0.0.1"
    # Nothing is told until it is switched on, and then what is new.
    make.take_back(world.ada, world.habit)
    make.keep(world.ada, world.habit)
    work(worker)
    assert len(receiver.requests) == 10
    receiver.answers = []
    with db.transaction() as session:
        webhooks.edit(session, world.ada, webhook, is_on=True, place=NOWHERE)
    at(now + timedelta(hours=1))
    other = make.habit(world.ada, world.pillar, "Read")
    make.keep(world.ada, other)
    work(worker)
    assert [one["data"]["habit"]["name"] for one in told(receiver)[10:]] == ["Read"]


def test_one_that_is_taken_in_between_begins_the_three_days_anew(world, receiver, worker, at):
    listen(world, receiver, Event.KEPT)
    receiver.answers = [503]
    make.keep(world.ada, world.habit)
    work(worker)
    make.keep(world.ada, make.habit(world.ada, world.pillar, "Read"))
    work(worker)
    assert scalar(STATE) == "habit.kept waits 1 503 status, habit.kept taken 1 200"
    at(NOON + timedelta(days=4))
    receiver.answers = [503]
    work(worker)
    assert scalar(HOOK) == "on t f"


@pytest.mark.parametrize("how", ["off", "removed", "disabled", "leaves", "deleted"])
def test_nothing_is_told_any_more(world, receiver, worker, how: str):
    webhook = listen(world, receiver, Event.KEPT)
    make.keep(world.ada, world.habit)
    worker.gather(Shift())
    make.keep(world.ada, make.habit(world.ada, world.pillar, "Read"))
    with db.transaction() as session:
        if how == "off":
            webhooks.edit(session, world.ada, webhook, is_on=False, place=NOWHERE)
        elif how == "removed":
            webhooks.remove(session, world.ada, webhook, NOWHERE)
        elif how == "disabled":
            admin.disable(session, None, world.ada.user_id)
        elif how == "leaves":
            leaving.ask(session, world.ada, NOWHERE)
        else:
            accounts.delete(session, world.ada.user_id)
    work(worker)
    assert receiver.connections == 0
    if how == "leaves":
        with db.transaction() as session:
            leaving.stay(session, world.ada, NOWHERE)
        work(worker)
        assert len(receiver.requests) == 2


def test_a_trial_is_told_once_whatever_comes_of_it(world, receiver, worker, at):
    webhook = listen(world, receiver)
    receiver.answers = [500]
    for _ in range(2):
        with db.transaction() as session:
            webhooks.try_out(session, world.ada, webhook)
        work(worker)
        at(NOON + timedelta(days=1))
    assert scalar(STATE) == "trial given up 1 500 status, trial taken 1 200"
    assert scalar(HOOK) == "on f f"
    assert [one["type"] for one in told(receiver)] == ["trial", "trial"]


def test_another_secret_signs_from_then_on(app, world, receiver, worker):
    webhook, new = listen(world, receiver, Event.KEPT), signature.new_secret()
    assert WEBHOOK_SECRET not in scalar("SELECT secret FROM webhooks")
    with db.transaction() as session:
        own = sealed.seal(purposes.SECRET, new)
        webhooks.renew(session, world.ada, webhook, own, NOWHERE)
    make.keep(world.ada, world.habit)
    work(worker)
    (request,) = receiver.requests
    assert is_signed(request, new)
    assert not is_signed(request, WEBHOOK_SECRET)


def test_a_secret_that_cannot_be_opened_sends_nothing(world, receiver, worker):
    listen(world, receiver, Event.KEPT)
    execute("UPDATE webhooks SET secret = 'x'")
    make.keep(world.ada, world.habit)
    work(worker)
    assert receiver.connections == 0
    assert scalar(STATE) == "habit.kept waits 1 secret"


def test_a_receiver_that_hangs_holds_up_neither_others_nor_other_jobs(world, worker, monkeypatch):
    monkeypatch.setattr("app.jobs.webhooks._SLICE", 0.5)
    with served(answers=["hang"] * 20) as slow, served() as quick:
        make.webhook(world.ada, slow.url, (Event.KEPT,))
        make.webhook(world.ada, quick.url, (Event.KEPT,))
        monkeypatch.setattr(outward, "WHOLE_SECONDS", 3.0)
        for name in "abc":
            make.keep(world.ada, make.habit(world.ada, world.pillar, name))
        began = time.monotonic()
        worker.gather(Shift())
        worker.gather(Shift())
        worker.run(Shift())
        assert time.monotonic() - began < 2.5
        assert len(quick.requests) == 3
        # One at a time, so that whoever hangs keeps one of the threads busy.
        assert slow.connections == 1
        worker.end()
    assert THREADS > 1


def test_no_address_of_a_receiver_is_in_the_log(world, receiver, worker, caplog):
    caplog.set_level(logging.DEBUG)
    listen(world, receiver, Event.KEPT)
    receiver.answers = [500]
    make.keep(world.ada, world.habit)
    work(worker)
    assert "(habit.kept) to webhook" in caplog.text
    assert "kept?by=us" not in caplog.text
    assert WEBHOOK_SECRET not in caplog.text


def test_a_lease_that_has_run_out_is_taken_by_another_and_noted_by_that_one_alone(
    world, receiver, at
):
    listen(world, receiver, Event.KEPT)
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        deliveries.gather(session)
        first = deliveries.take(session)
        assert deliveries.take(session) is None
    at(NOON + deliveries.LEASE)
    with db.transaction() as session:
        second = deliveries.take(session)
        assert (second.mark, second.tries) == (first.mark, 2)
        assert deliveries.note(session, first, 200, None) == "late"
        assert deliveries.note(session, second, 500, None) == "delayed"
    assert scalar(STATE) == "habit.kept waits 2 500 status"


def test_what_was_long_ago_is_forgotten(world, receiver, worker, at):
    listen(world, receiver, Event.KEPT)
    make.keep(world.ada, world.habit)
    work(worker)
    at(NOON + timedelta(days=14) - timedelta(seconds=1))
    worker.sweep(Shift())
    assert scalar("SELECT count(*) FROM webhook_deliveries") == 1
    at(NOON + timedelta(days=14))
    worker.sweep(Shift())
    assert scalar("SELECT count(*) FROM webhook_deliveries") == 0
