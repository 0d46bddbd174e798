"""How what a press brought about is said: with a name and without, and as text and no markup."""

from datetime import timedelta

import pytest

from tests import world as make
from tests.views.pages import page
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "The egg opens."),
        ("Miso", "The egg opens. Hello, Miso."),
        ("<b>%(n)s</b>", "The egg opens. Hello, &lt;b&gt;%(n)s&lt;/b&gt;."),
    ],
)
def test_the_egg_opens_and_greets_who_has_a_name(world: World, name: str, said: str):
    # A second habit stays open, so that the day is not done.
    make.habit(world.ada, world.pillar, "Stretch", starts_on=TUESDAY)
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    ada = world.signed_in(world.ada)
    ada.post("/pet", data={"name": name})
    answer = ada.post(f"/habits/{world.habit}/commit", headers=HTMX)
    assert page(answer)["pet"]["data-moment"] == "hatch"
    assert f'<p class="toast">{said}</p>' in answer.text


def test_what_was_found_is_said_before_a_lesser_moment(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    ada = world.signed_in(world.ada)
    answer = ada.post(f"/habits/{world.habit}/commit", headers=HTMX)
    # All was kept too, which goes unsaid.
    assert "The egg opens. Your pet found " in answer.text
    assert "that was all" not in answer.text


def test_taking_back_what_gave_no_xp_names_none(world: World):
    ada, data = world.signed_in(world.ada), {"day": "2026-02-01", "from": "day"}
    ada.post(f"/habits/{world.habit}/commit", data=data, headers=HTMX)
    answer = ada.post(f"/habits/{world.habit}/undo", data=data, headers=HTMX)
    assert "Taken back. Ready when you are." in answer.text
