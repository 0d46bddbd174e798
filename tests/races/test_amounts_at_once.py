"""Amounts at the same instant: each key adds once, and the books stay right among all else."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from app.operations import habits
from app.rules.outcome import Act
from tests import world as make
from tests.races.crowd import HTMX, at_once, counted, differences, half_htmx, post, scalar
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

CROWD = 40
PAGES = {"kind": "at_least", "target": "50", "step": "10", "unit": "pages"}


@pytest.fixture
def habit(world: World) -> int:
    return make.habit(world.ada, world.pillar, "Read", starts_on=TUESDAY, **PAGES)


@pytest.mark.parametrize(("key", "adds"), [(lambda _: "same", 1), (str, CROWD)], ids=["one", "own"])
@pytest.mark.parametrize("action", ["amount", "commit"])
def test_forty_equal_amounts_are_as_many_as_their_keys(
    world: World, habit: int, action: str, key: Any, adds: int
):
    statuses = post(
        world,
        world.ada,
        CROWD,
        lambda n: {
            "path": f"/habits/{habit}/{action}",
            "data": {"amount": "10", "key": key(n)},
            "headers": half_htmx(n),
        },
    )
    assert statuses == [200] * 20 + [303] * 20
    assert (counted("amounts"), scalar("SELECT sum(amount) FROM amounts")) == (adds, adds * 10)
    assert (counted("commits"), scalar("SELECT xp FROM pets")) == ((1, 10) if adds > 4 else (0, 0))
    assert differences() == []


def test_the_same_undo_twenty_times_takes_one_amount(world: World, habit: int):
    for _ in range(6):
        make.keep(world.ada, habit)
    path = f"/habits/{habit}/undo"
    statuses = post(
        world, world.ada, 20, lambda _: {"path": path, "data": {"key": "one"}, "headers": HTMX}
    )
    assert statuses == [200] * 20
    assert (counted("amounts"), counted("commits"), differences()) == (5, 1, [])


def test_amounts_undos_and_changes_of_terms_at_once_leave_the_books_right(world: World, habit: int):
    targets, schedules = ("20", "50", "80"), ("daily", "weekly", "monthly", "every")

    def press_at_random(number: int) -> list[Act]:
        chance = random.Random(number)
        acts = []
        for turn in range(25):
            if chance.random() < 0.2:
                kind = chance.choice(["check", "at_least", "at_least"])
                terms = {"kind": kind, "target": chance.choice(targets), "every": "3"}
                make.other_terms(world.ada, habit, schedule=chance.choice(schedules), **terms)
                continue
            acts += pressed(chance, f"{number} {turn}")
        return acts

    def pressed(chance: random.Random, key: str) -> list[Act]:
        press = chance.choice([make.keep, make.take_back, "add"])
        try:
            if press == "add":
                return [make.add(world.ada, habit, str(chance.randint(1, 60)), key=key).act]
            return [press(world.ada, habit, key=key).act]
        except habits.Invalid:
            # Just now it is ticked, and counts nothing.
            return []

    acts = Counter(act for each in at_once(world.app, 8, press_at_random) for act in each)
    assert differences() == []
    assert counted("commits") == acts[Act.KEPT] - acts[Act.UNDONE]
    assert min(acts[act] for act in (Act.KEPT, Act.UNDONE, Act.ADDED, Act.TAKEN)) > 0


def test_quiet_days_are_collected_once_however_often_it_is_asked(world: World):
    week_ago = TUESDAY - timedelta(days=7)
    terms = {"kind": "at_most", "target": "2"}
    habit = make.habit(world.ada, world.pillar, "Coffee", starts_on=week_ago, **terms)
    statuses = post(
        world,
        world.ada,
        20,
        lambda n: {
            "path": f"/habits/{habit}/collect",
            "data": {"key": str(n % 4)},
            "headers": half_htmx(n),
        },
    )
    assert statuses == [200] * 10 + [303] * 10
    assert (counted("commits"), counted("ledger_entries"), differences()) == (7, 7, [])


def test_quiet_days_are_collected_among_amounts_that_go_past_the_limit(world: World):
    terms = {"kind": "at_most", "target": "2"}
    begin = TUESDAY - timedelta(days=9)
    habit = make.habit(world.ada, world.pillar, "Coffee", starts_on=begin, **terms)

    def act(number: int) -> None:
        chance = random.Random(number)
        for turn in range(12):
            day, key = TUESDAY - timedelta(days=chance.randrange(8)), f"{number} {turn}"
            match chance.randrange(3):
                case 0:
                    make.collect(world.ada, habit, key)
                case 1:
                    make.add(world.ada, habit, "2", day, key)
                case _:
                    make.take_back(world.ada, habit, day, key)

    at_once(world.app, 8, act)
    assert differences() == []
