"""What can be done to a pet."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.infra import db
from app.operations import pets, sessions
from app.rules.errors import SessionEnded
from tests import world as make
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


def care(world: World, name: str | None, species: str | None) -> str:
    with db.transaction() as session:
        pets.care(session, world.ada, name, species)
    with db.reading() as session:
        row = session.execute(text("SELECT name, species, xp FROM pets WHERE is_active")).one()
    return "/".join(map(str, row))


def test_name_and_kind_change_freely_and_the_xp_stays(world: World):
    make.keep(world.ada, world.habit)
    assert care(world, "Miso", "owl") == "Miso/owl/10"
    assert care(world, None, "cat") == "Miso/cat/10"
    assert care(world, "Kiwi", None) == "Kiwi/cat/10"
    assert care(world, "", None) == "/cat/10"


def test_only_the_active_pet_is_cared_for(world: World):
    rest = (
        "INSERT INTO pets (user_id, species, name, is_active, created_at)"
        " VALUES (:me, 'fox', 'Old', false, now())"
    )
    me = world.ada
    with db.transaction() as session:
        session.execute(text(rest), {"me": me.user_id})
    assert care(world, "Miso", "owl") == "Miso/owl/0"
    with db.reading() as session:
        assert session.scalar(text("SELECT name FROM pets WHERE NOT is_active")) == "Old"
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text("UPDATE pets SET is_active = true"))


def test_an_ended_sign_in_names_nobody(world: World):
    assert world.ada
    with db.transaction() as session:
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded):
        care(world, "Miso", "owl")
