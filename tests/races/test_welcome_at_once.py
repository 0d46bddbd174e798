"""The first steps under a crowd: whatever arrives at the same instant, they are taken once."""

import pytest

from tests.races.crowd import counted, differences, post, scalar

pytestmark = pytest.mark.usefixtures("at")

FORM = {"name": "Miso", "body-picked": "y", "mind-picked": "y", "own-picked": "y"}


def test_a_form_sent_ten_times_at_once_makes_everything_once(world):
    sent = FORM | {"own-pillar": "Garden", "own-habit": "Water the fern"}
    statuses = post(world, world.ada, 10, lambda _: {"path": "/welcome", "data": sent})
    assert statuses == [303] * 10
    assert (counted("pillars"), counted("habits"), counted("pets")) == (3, 3, 1)
    assert (scalar("SELECT pillar_count FROM users"), differences()) == (3, [])


def test_a_skip_and_the_end_at_once_never_make_half_of_it(world):
    sent = FORM | {"own-pillar": "Garden"}
    paths = ["/welcome", "/welcome/skip"]
    statuses = post(world, world.ada, 8, lambda n: {"path": paths[n % 2], "data": sent})
    assert statuses == [303] * 8
    assert (counted("pillars"), counted("habits")) == (3, 2)
