"""The shelf of somebody who was here before it: what the migration works out is what was told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.infra import db
from app.infra.db import orm
from app.operations import habits, pets
from app.rules.identity import Actor
from tests import world as make
from tests.conftest import MakeApp
from tests.views.database import execute
from tests.world import NOON, TUESDAY

At = Callable[[datetime], None]

MOMENTS = "SELECT occasion, subject_id, number, day, label FROM moments ORDER BY 1, 2, 3, 4"
FIRST = TUESDAY - timedelta(days=45)
# More days in a row than shields could hold: what the migration knows has none.
NOT_KEPT = (3, 4, 20, 21, 22)


def moments() -> list[Any]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(MOMENTS))]


def lived(at: At) -> Actor:
    """Forty-five days: two habits, kept in the evening; some are not, and a slip is taken back."""
    at(NOON - timedelta(days=45))
    me = make.user()
    pillar = make.pillar(me)
    read, walk = (make.habit(me, pillar, name, starts_on=FIRST) for name in ("Read", "Walk"))
    for number in range(45):
        at(NOON - timedelta(days=45 - number))
        if number == 40:
            execute("UPDATE pets SET best_stage = 3")
            with db.transaction() as session:
                pets.welcome(session, me, 1, "Kiwi", "owl", "own")
        make.keep(me, walk)
        if number % 12 < 3:
            # A slip, before the other one could make it a day with all kept.
            make.take_back(me, walk)
        if number not in NOT_KEPT:
            make.keep(me, read)
    return me


def test_the_past_is_worked_out_as_it_was_told(make_app: MakeApp, at: At):
    with make_app().app_context():
        lived(at)
        told = moments()
        downgrade(revision="0004")
        upgrade()
        assert moments() == told
        assert {row[0] for row in told} == {
            "hatch", "stage", "species", "all-kept", "level", "milestone", "pillar",
        }  # fmt: skip
        # Run again, after an interruption say, it changes nothing.
        execute("UPDATE alembic_version SET version_num = '0004'")
        execute("DELETE FROM moments WHERE occasion = 'level'")
        upgrade(revision="0005")
        execute("UPDATE alembic_version SET version_num = '0007'")
        assert moments() == told
        orm.engine.dispose()


def test_what_is_gone_or_was_never_told_is_not_made_up(make_app: MakeApp, at: At):
    with make_app().app_context():
        me = lived(at)
        ids = {name: id_ for id_, name in rows("SELECT id, name FROM habits")}
        with db.transaction() as session:
            habits.delete(session, me, ids["Read"])
        execute("UPDATE habits SET milestone = 7 WHERE name = 'Walk'")
        downgrade(revision="0004")
        upgrade()
        runs = [row[1:3] for row in moments() if row[0] == "milestone"]
        assert runs == [(ids["Walk"], 7)]
        assert rows("SELECT count(*) FROM moments WHERE created_at IS NOT NULL") == [(0,)]
        orm.engine.dispose()


def rows(query: str) -> list[Any]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]
