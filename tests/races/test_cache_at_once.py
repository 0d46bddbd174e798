"""Looks at Today while others write: what is cached is what it says it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import event

from app.infra import cache
from app.infra.db import orm
from tests import world as make
from tests.races.crowd import at_once
from tests.views.cached_pages import KEY, NOW
from tests.views.pages import page
from tests.world import World


@pytest.fixture(autouse=True)
def _empty(racing_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with a cache of its own."""
    monkeypatch.setitem(racing_app.extensions, "cache", cache.Own())


def told(page: str) -> str:
    """Return what a page tells, without what is another one each time that it is served."""
    return NOW.sub("", KEY.sub("", page))


@contextmanager
def between_two_reads(statement: str, act) -> Iterator[None]:
    """Do `act` in another thread, once, when a look is about to read what `statement` names."""
    acts = [act]

    def strike(_connection: object, _cursor: object, read: str, *_rest: object) -> None:
        if acts and statement in read:
            other = Thread(target=acts.pop())
            other.start()
            other.join()

    event.listen(orm.engine, "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(orm.engine, "before_cursor_execute", strike)
    assert not acts, f"nobody read {statement}"


@pytest.mark.parametrize("statement", ["best_stages", "folded_run"])
def test_a_press_between_two_reads_of_one_look_leaves_no_old_page(world: World, statement: str):
    client, habit_id = world.signed_in(world.ada), world.habit

    def press() -> None:
        with world.app.app_context():
            make.keep(world.ada, habit_id)

    with between_two_reads(statement, press):
        assert client.get("/").status_code == 200
    shown = client.get("/")
    assert page(shown)[f"habit-{habit_id}"]["data-done"] == "true"
    assert told(client.get("/").text) == told(shown.text)


def test_after_looks_and_presses_at_once_the_page_is_the_true_one(world: World):
    habits = [make.habit(world.ada, world.pillar, f"Habit {number}") for number in range(6)]
    clients = [world.signed_in(world.ada) for _ in range(12)]

    def act(number: int) -> int:
        if number % 2:
            return clients[number].get("/").status_code
        return clients[number].post(f"/habits/{habits[number // 2]}/commit").status_code

    assert at_once(world.app, 12, act) == [303, 200] * 6
    clients[1].get("/")
    warm = told(clients[1].get("/").text)
    world.app.extensions["cache"].clear()
    assert told(clients[1].get("/").text) == warm
    assert warm.count('data-done="true"') == 6
