"""What can be done to pets."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.infra import db
from app.operations import pets, sessions
from app.rules.errors import Invalid, NotYours, SessionEnded
from app.rules.identity import Actor
from app.rules.moments import Moment, Occasion
from app.rules.names import SPECIES
from tests import world as make
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def care(world: World, name: str | None, species: str | None, coat: str | None = None) -> str:
    me = world.ada
    with db.transaction() as session:
        pets.care(session, me, name, species, coat)
    with db.reading() as session:
        row = session.execute(
            text("SELECT name, species, coat, xp FROM pets WHERE is_active")
        ).one()
    return "/".join(map(str, row))


def grow(me: Actor, best_stage: int) -> None:
    with db.transaction() as session:
        session.execute(
            text("UPDATE pets SET best_stage = :stage WHERE user_id = :me AND is_active"),
            {"stage": best_stage, "me": me.user_id},
        )


def welcome(me: Actor, number: int, name: str = "Kiwi") -> bool:
    with db.transaction() as session:
        return pets.welcome(session, me, number, name, "owl", "sky").is_new


def take_along(me: Actor, pet_id: int) -> str:
    with db.transaction() as session:
        return pets.take_along(session, me, pet_id)


def all_pets(me: Actor) -> list[tuple[str, bool]]:
    with db.reading() as session:
        found = session.execute(
            text("SELECT name, is_active FROM pets WHERE user_id = :me ORDER BY id"),
            {"me": me.user_id},
        )
        return [tuple(row) for row in found]


def active(me: Actor) -> int:
    with db.reading() as session:
        found = text("SELECT id FROM pets WHERE user_id = :me AND is_active")
        return session.execute(found, {"me": me.user_id}).scalar_one()


def test_name_kind_and_coat_change_freely_and_the_xp_stays(world: World):
    make.keep(world.ada, world.habit)
    assert care(world, "Miso", "owl") == "Miso/owl/own/10"
    assert care(world, None, "cat", "rose") == "Miso/cat/rose/10"
    assert care(world, "Kiwi", None) == "Kiwi/cat/rose/10"
    assert care(world, "", None, "own") == "/cat/own/10"


def test_only_the_active_pet_is_cared_for(world: World):
    rest = (
        "INSERT INTO pets (user_id, species, name, is_active, created_at)"
        " VALUES (:me, 'fox', 'Old', false, now())"
    )
    me = world.ada
    with db.transaction() as session:
        session.execute(text(rest), {"me": me.user_id})
    assert care(world, "Miso", "owl") == "Miso/owl/own/0"
    with db.reading() as session:
        assert session.scalar(text("SELECT name FROM pets WHERE NOT is_active")) == "Old"
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text("UPDATE pets SET is_active = true"))


def test_a_grown_pet_brings_one_egg_and_a_majestic_one_another(world: World):
    care(world, "Miso", None)
    grow(world.ada, 2)
    with pytest.raises(Invalid):
        welcome(world.ada, 1)
    grow(world.ada, 3)
    assert welcome(world.ada, 1)
    assert all_pets(world.ada) == [("Miso", False), ("Kiwi", True)]
    with pytest.raises(Invalid):
        welcome(world.ada, 2)
    grow(world.ada, 4)
    assert welcome(world.ada, 2, "Yuzu")
    assert welcome(world.ada, 3, "Nori")
    assert [name for name, is_active in all_pets(world.ada) if is_active] == ["Nori"]
    with pytest.raises(Invalid):
        welcome(world.ada, 4)


def test_the_pets_of_others_bring_no_egg_and_stay_with_them(world: World):
    ada, bob = active(world.ada), active(world.bob)
    grow(world.bob, 4)
    with pytest.raises(Invalid):
        welcome(world.ada, 1)
    grow(world.ada, 3)
    assert welcome(world.ada, 1)
    assert active(world.bob) == bob
    assert take_along(world.ada, ada) == ""
    assert active(world.bob) == bob


def test_a_second_press_takes_no_second_egg(world: World):
    grow(world.ada, 4)
    assert welcome(world.ada, 1)
    assert not welcome(world.ada, 1, "Other")
    assert [name for name, _active in all_pets(world.ada)] == ["", "Kiwi"]


def test_a_kind_that_is_new_is_a_moment_and_comes_once(world: World):
    assert active(world.bob)
    kinds = []
    for number, kind in enumerate(("owl", "fox", "owl", "cat"), start=1):
        grow(world.ada, 4)
        with db.transaction() as session:
            kinds.append(pets.welcome(session, world.ada, number, "", kind, "own").moment)
        # What was an owl is a turtle from now on; another owl is no news.
        with db.transaction() as session:
            session.execute(text("UPDATE pets SET species = 'turtle' WHERE species = 'owl'"))
    assert kinds == [
        Moment(Occasion.SPECIES, SPECIES.index("owl")), None, None,
        Moment(Occasion.SPECIES, SPECIES.index("cat")),
    ]  # fmt: skip
    with db.reading() as session:
        query = text("SELECT number, day FROM moments WHERE user_id = :me ORDER BY subject_id")
        stored = session.execute(query, {"me": world.ada.user_id}).all()
    assert [tuple(row) for row in stored] == [(1, TUESDAY), (3, TUESDAY)]


def test_an_egg_ahead_of_its_turn_is_not_there(world: World):
    grow(world.ada, 4)
    with pytest.raises(Invalid):
        welcome(world.ada, 2)
    assert len(all_pets(world.ada)) == 1


def test_a_new_pet_begins_as_an_egg_with_what_was_chosen(world: World):
    grow(world.ada, 3)
    welcome(world.ada, 1)
    with db.reading() as session:
        found = session.execute(
            text("SELECT species, coat, xp, days_kept, best_level, best_stage FROM pets"
                 " WHERE is_active")
        ).one()  # fmt: skip
    assert tuple(found) == ("owl", "sky", 0, 0, 1, 0)


def test_whoever_comes_along_earns_and_whoever_rests_keeps_everything(world: World):
    make.keep(world.ada, world.habit)
    first = active(world.ada)
    grow(world.ada, 3)
    welcome(world.ada, 1)
    other = make.habit(world.ada, world.pillar, "Walk")
    make.keep(world.ada, other)
    with db.reading() as session:
        xp = list(session.scalars(text("SELECT xp FROM pets ORDER BY id")))
    assert xp == [10, 10]
    assert take_along(world.ada, first) == ""
    assert active(world.ada) == first
    assert take_along(world.ada, first) == ""
    assert [is_active for _name, is_active in all_pets(world.ada)] == [True, False]


def test_an_undo_takes_from_the_pet_that_was_given_to(world: World):
    make.keep(world.ada, world.habit)
    grow(world.ada, 3)
    welcome(world.ada, 1)
    assert make.take_back(world.ada, world.habit).pet.xp == 0
    with db.reading() as session:
        assert list(session.scalars(text("SELECT xp FROM pets"))) == [0, 0]


def test_a_strangers_pet_cannot_be_taken_along(world: World):
    his = active(world.bob)
    for absent in (his, 0, 2**63 - 1):
        with pytest.raises(NotYours):
            take_along(world.ada, absent)
    assert active(world.bob) == his
    assert all_pets(world.ada) == [("", True)]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, me: pets.care(session, me, "Miso", "owl"),
        lambda session, me: pets.take_along(session, me, 1),
        lambda session, me: pets.welcome(session, me, 1, "Miso", "owl", "own"),
    ],
    ids=["care", "take along", "welcome"],
)
def test_an_ended_sign_in_changes_no_pet(world: World, act):
    assert world.ada
    with db.transaction() as session:
        sessions.end(session, world.ada)
    with pytest.raises(SessionEnded), db.transaction() as session:
        act(session, world.ada)
