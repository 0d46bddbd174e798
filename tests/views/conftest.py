"""What the tests of the cache begin with."""

from datetime import date

import pytest
from flask import Flask

from app.infra import cache, db
from app.operations import habits, pillars
from tests import world as make
from tests.views.cached_pages import Home
from tests.views.database import execute, scalar
from tests.world import NOON, World


@pytest.fixture
def empty_cache(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with a cache of its own."""
    monkeypatch.setitem(app.extensions, "cache", cache.Own())


@pytest.fixture
def home(world: World) -> Home:
    ada, first = world.ada, world.pillar
    began = date(2026, 1, 1)
    made = [make.habit(ada, first, name, starts_on=began) for name in ("Run", "Stretch", "Swim")]
    second, third = make.pillar(ada, "Mind"), make.pillar(ada, "Work")
    make.keep(ada, made[1])
    with db.transaction() as session:
        pillars.archive(session, ada, third)
    with db.transaction() as session:
        habits.archive(session, ada, made[2])
    # A grown pet rests in the den, its successor is about, and another egg waits.
    execute("UPDATE pets SET is_active = false, best_stage = 4 WHERE user_id = :me", me=ada.user_id)
    execute(
        "INSERT INTO pets (user_id, species, is_active, created_at)"
        " VALUES (:me, 'owl', true, :now)",
        me=ada.user_id,
        now=NOON,
    )
    resting = scalar("SELECT min(id) FROM pets WHERE user_id = :me", me=ada.user_id)
    return Home(first, second, third, made[0], made[1], made[2], resting)
