"""Commits and undos at the same instant: one reward each, exact sums, nothing after the end."""

import random
from collections import Counter
from datetime import timedelta
from threading import Semaphore
from typing import Any

import pytest

from app.infra import db
from app.operations import accounts
from app.rules.outcome import Act
from tests import world as make
from tests.races.crowd import HTMX, at_once, counted, differences, half_htmx, post, scalar
from tests.world import TUESDAY

pytestmark = pytest.mark.usefixtures("at")

CROWD = 40


@pytest.mark.parametrize("key", [lambda _: "same", str, lambda _: ""], ids=["one", "own", "none"])
def test_the_same_commit_forty_times_is_one_commit_and_one_reward(world, key):
    """Line 38 of docs/security.md."""
    path = f"/habits/{world.habit}/commit"
    statuses = post(
        world,
        world.ada,
        CROWD,
        lambda n: {
            "path": path,
            "data": {"day": "2026-03-10", "key": key(n)},
            "headers": half_htmx(n),
        },
    )
    assert statuses == [200] * 20 + [303] * 20
    assert (counted("commits"), counted("ledger_entries")) == (1, 1)
    assert (scalar("SELECT xp FROM pets"), scalar("SELECT xp FROM pillars")) == (10, 10)
    assert differences() == []


def test_forty_equal_commits_get_forty_equal_answers(world):
    path, key = f"/habits/{world.habit}/commit", {"key": "same"}
    client = [world.signed_in(world.ada) for _ in range(CROWD)]
    answers = at_once(world.app, CROWD, lambda n: client[n].post(path, data=key, headers=HTMX).text)
    assert all('data-done="true"' in answer and 'data-xp="10"' in answer for answer in answers)


def test_the_same_undo_twenty_times_takes_back_once(world):
    make.keep(world.ada, world.habit)
    path = f"/habits/{world.habit}/undo"
    statuses = post(
        world, world.ada, 20, lambda n: {"path": path, "data": {"key": str(n)}, "headers": HTMX}
    )
    assert statuses == [200] * 20
    assert (counted("commits"), counted("ledger_entries")) == (0, 2)
    assert (scalar("SELECT xp FROM pets"), differences()) == (0, [])


def test_forty_habits_kept_at_once_give_the_exact_sum(world):
    places = [world.pillar, make.pillar(world.ada, "Mind")]
    efforts = ["easy", "normal", "hard"]
    kept = [
        make.habit(world.ada, places[n % 2], f"Habit {n}", efforts[n % 3]) for n in range(CROWD)
    ]
    statuses = post(
        world,
        world.ada,
        CROWD,
        lambda n: {"path": f"/habits/{kept[n]}/commit", "headers": half_htmx(n)},
    )
    assert statuses == [200] * 20 + [303] * 20
    total = scalar("SELECT sum(amount) FROM ledger_entries")
    assert total == sum((5, 10, 20)[n % 3] for n in range(CROWD))
    assert scalar("SELECT xp FROM pets") == scalar("SELECT sum(xp) FROM pillars") == total
    assert (scalar("SELECT days_kept FROM pets"), differences()) == (1, [])


def test_commits_and_undos_in_any_order_leave_the_books_right(world):
    pressed = [world.habit, *(make.habit(world.ada, world.pillar, f"Habit {n}") for n in range(3))]

    def press_at_random(number: int) -> list[Act]:
        chance = random.Random(number)
        acts = []
        for _ in range(25):
            press = chance.choice([make.keep, make.keep, make.take_back])
            day = TUESDAY - timedelta(days=chance.randrange(3))
            first = chance.choice(pressed[:1] if day < TUESDAY else pressed)
            # Few keys, so that many are sent again, by this thread or by another one.
            key = f"{press.__name__} {first} {chance.randrange(60)}"
            acts.append(press(world.ada, first, day, key).act)
        return acts

    acts = Counter(act for each in at_once(world.app, 8, press_at_random) for act in each)
    assert differences() == []
    assert counted("commits") == acts[Act.KEPT] - acts[Act.UNDONE]
    assert counted("ledger_entries") == acts[Act.KEPT] + acts[Act.UNDONE]
    assert min(acts.values()) > 0


def test_a_habit_deleted_among_its_commits_leaves_the_books_right(world):
    path = f"/habits/{world.habit}"
    statuses = post(
        world,
        world.ada,
        20,
        lambda n: {
            "path": f"{path}/delete" if n == 10 else f"{path}/commit",
            "data": {"day": str(TUESDAY - timedelta(days=n % 7))},
        },
    )
    assert set(statuses) <= {303, 404}
    assert (counted("habits"), counted("commits"), differences()) == (0, 0, [])


def test_nothing_is_written_after_a_logout_was_answered(world):
    """Line 17 of docs/security.md."""
    kept = [make.habit(world.ada, world.pillar, "Walk", starts_on=TUESDAY - timedelta(days=400))
            for _ in range(8)]  # fmt: skip
    clients, under_way = [world.signed_in(world.ada) for _ in range(9)], Semaphore(0)

    def act(number: int) -> Any:
        return log_out() if number == 8 else commit_until_signed_out(number)

    def commit_until_signed_out(number: int) -> int:
        for back in range(400):
            data = {"day": str(TUESDAY - timedelta(days=back))}
            path = f"/habits/{kept[number]}/commit"
            answer = clients[number].post(path, data=data, headers=HTMX)
            if answer.status_code == 401:
                return back
            assert answer.status_code == 200
            under_way.release()
        pytest.fail("the logout never came")

    def log_out() -> int:
        for _ in range(40):
            under_way.acquire()
        assert clients[8].post("/logout").location == "/login"
        return counted("commits")

    *acknowledged, at_logout = at_once(world.app, 9, act)
    assert sum(acknowledged) == at_logout == counted("commits")
    assert at_logout >= 40
    assert differences() == []


def test_an_account_deleted_among_its_commits_is_gone_without_a_fault(world):
    client, path = [world.signed_in(world.ada) for _ in range(20)], f"/habits/{world.habit}/commit"

    def act(number: int) -> int:
        if number == 10:
            with db.transaction() as session:
                accounts.delete(session, world.ada.user_id)
            return 303
        return client[number].post(path).status_code

    assert set(at_once(world.app, 20, act)) == {303}
    assert [counted(table) for table in ("users", "commits", "ledger_entries")] == [0, 0, 0]
