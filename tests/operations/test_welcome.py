"""The first steps: everything that was chosen, all or nothing, and once."""

import pytest

from app.infra import db
from app.operations import pillars, welcome
from app.operations.pillars import PillarFields
from app.operations.welcome import EggFields, Start
from app.rules.errors import Invalid, PlanFull, SessionEnded
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import contents, scalar
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

EGG = EggFields("Miso", "owl", "rose")


def start(name: str, habit: str = "Read") -> Start:
    return Start(PillarFields(name, "moss", "leaf"), habit)


THREE = (start("Body"), start("Mind"), start("Home", ""))


def begin(me: Actor, starts: tuple[Start, ...] = THREE, most: int = 3, habits: int = 200) -> bool:
    with db.transaction() as session:
        return welcome.begin(session, me, EGG, starts, free_pillars=most, max_habits=habits)


def test_the_egg_the_pillars_and_an_easy_habit_in_each_are_made(world: World):
    assert begin(world.ada)
    egg = "name = 'Miso' AND species = 'owl' AND coat = 'rose' AND xp = 0 AND is_active"
    assert scalar(f"SELECT count(*) FROM pets WHERE {egg}") == 1
    assert scalar("SELECT string_agg(name, ' ' ORDER BY position) FROM pillars") == "Body Mind Home"
    assert scalar("SELECT count(*) FROM habits WHERE name = 'Read' AND effort = 'easy'") == 2
    assert scalar("SELECT pillar_count FROM users") == 3


def test_a_second_time_makes_nothing(world: World):
    assert begin(world.ada)
    assert not begin(world.ada, (start("Work"),), most=0)
    assert scalar("SELECT count(*) FROM pillars") == 3


def test_an_archived_pillar_is_a_beginning_too(world: World):
    assert world.pillar
    with db.transaction() as session:
        pillars.archive(session, world.ada, world.pillar)
    assert not begin(world.ada)
    assert scalar("SELECT name FROM pets") == ""


def test_an_egg_alone_is_enough_and_may_be_another_one_later(world: World):
    assert begin(world.ada, ())
    assert begin(world.ada, ())
    assert scalar("SELECT name FROM pets WHERE species = 'owl'") == "Miso"
    assert scalar("SELECT count(*) FROM pillars") == 0


@pytest.mark.parametrize(("held", "habits", "refusal"), [(2, 200, PlanFull), (3, 1, Invalid)])
def test_past_a_limit_nothing_at_all_is_made(
    world: World, held: int, habits: int, refusal: type[Exception]
):
    assert world.ada
    before = contents()
    with pytest.raises(refusal):
        begin(world.ada, most=held, habits=habits)
    assert contents() == before


def test_only_ones_own_things_are_touched(world: World):
    assert world.bob
    begin(world.ada)
    assert scalar("SELECT count(*) FROM pets WHERE name = '' AND species = 'fox'") == 1
    assert scalar("SELECT count(*) FROM pillars WHERE user_id = :bob", bob=world.bob.user_id) == 0


def test_an_ended_sign_in_begins_nothing(world: World):
    ended = Actor(world.ada.user_id, 999_999)
    with pytest.raises(SessionEnded):
        begin(ended)
    assert make.claims(world.ada).name == ""
    assert scalar("SELECT count(*) FROM pillars") == 0


def test_the_pillars_of_others_are_no_beginning_of_ones_own(world: World):
    make.pillar(world.bob)
    assert begin(world.ada)
    assert scalar("SELECT pillar_count FROM users WHERE email = 'ada@example.org'") == 3
