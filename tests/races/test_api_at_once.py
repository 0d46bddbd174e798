"""The same day kept by programs at the same instant: one row, one reward."""

import pytest

from tests import world as make
from tests.races.crowd import at_once, counted, differences, scalar

pytestmark = pytest.mark.usefixtures("at")

CROWD = 40


def test_the_same_day_forty_times_is_one_commit_and_one_reward(world):
    token, path = f"{world.ada.user_id}-commit", f"/api/v1/habits/{world.habit}/days/2026-03-10"
    make.token(world.ada)
    headers = {"Authorization": f"Bearer {token}"}
    clients = [world.app.test_client() for _ in range(CROWD)]
    answers = at_once(world.app, CROWD, lambda n: clients[n].put(path, headers=headers))
    assert [(one.status_code, one.json["kept"]) for one in answers] == [(200, True)] * CROWD
    assert (counted("commits"), counted("ledger_entries")) == (1, 1)
    assert (scalar("SELECT xp FROM pets"), differences()) == (10, [])
