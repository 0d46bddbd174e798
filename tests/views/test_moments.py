"""How what a press brought about is said: with a name and without, and as text and no markup."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from app.infra import db
from app.operations import history
from app.rules import full_day
from tests import world as make
from tests.views.database import execute
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def hatching(world: World) -> World:
    """Ada's next commit opens the egg, keeps all, and brings a find."""
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    return world


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "The egg opens."),
        ("Miso", "The egg opens. Hello, Miso."),
        ("<b>%(n)s</b>", "The egg opens. Hello, &lt;b&gt;%(n)s&lt;/b&gt;."),
    ],
)
def test_the_egg_opens_in_a_scene_and_greets_who_has_a_name(hatching: World, name: str, said: str):
    # A second habit stays open, so that the day is not done.
    make.habit(hatching.ada, hatching.pillar, "Stretch", starts_on=TUESDAY)
    ada = hatching.signed_in(hatching.ada)
    ada.post("/pet", data={"name": name})
    answer = ada.post(f"/habits/{hatching.habit}/commit", headers=HTMX)
    assert page(answer)["pet"]["data-moment"] == "hatch"
    (scene,) = [given for tag, given in page(answer).elements if tag == "dialog"]
    assert scene["data-moment"] == "hatch"
    assert "open" in scene
    assert f"<p>{said}</p>" in answer.text
    # A button and no script closes it.
    assert re.search(r'<form method="dialog" action="/">\s*<button type="submit"', answer.text)
    assert sentences(answer) == []


def test_everything_that_a_press_brought_about_is_said(hatching: World):
    answer = hatching.signed_in(hatching.ada).post(f"/habits/{hatching.habit}/commit", headers=HTMX)
    assert "The egg opens." in answer.text
    (said,) = sentences(answer)
    line = full_day.told(hatching.ada.user_id, TUESDAY) % {"pet": "Your pet"}
    assert said.startswith(f"Your one habit for today is kept. {line} Your pet found ")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_one_after_the_other_and_the_rest_is_listed(world: World, headers: dict):
    # All at once: all kept, a level, a run, a pillar's level; but for the level each once more.
    for back in range(6, 0, -1):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    execute("UPDATE pets SET best_level = 1, best_stage = 0; UPDATE pillars SET best_level = 1")
    answer = world.signed_in(world.ada).post(
        f"/habits/{world.habit}/commit", headers=headers, follow_redirects=True
    )
    said = sentences(answer)
    line = full_day.told(world.ada.user_id, TUESDAY) % {"pet": "Your pet"}
    assert [sentence.split(" found ")[0] for sentence in said] == [
        f"Your one habit for today is kept. {line} Your pet",
        "Your pet reaches level 2.",
        "Read 10 pages: 7 in a row.",
        "Body is level 2 now.",
    ]
    assert answer.text.count('<p class="toast" data-once>') == 2
    assert '<ul class="toast" data-once><li>Body is level 2 now.</li></ul>' in answer.text
    assert answer.text.count('<dialog class="scene"') == 1
    assert "data-once" not in world.signed_in(world.ada).get("/").text


def test_page_and_fragment_say_the_same_of_a_full_day_and_the_next_day_another(
    world: World, at: Callable[[datetime], None]
):
    ada, beside, told = world.signed_in(world.ada), [], []
    ada.post("/pet", data={"name": "<Miso>"})
    for number in range(len(full_day.LINES)):
        at(NOON + timedelta(days=number))
        answer = ada.post(f"/habits/{world.habit}/commit", headers=HTMX)
        told.append(sentences(answer)[0])
        beside.append(line_beside_the_pet(answer))
        # The first page is drawn, the second one comes from the cache.
        assert [line_beside_the_pet(ada.get("/")) for _look in range(2)] == beside[-1:] * 2
        assert beside[-1] not in told[-1]
    assert len(set(beside)) == len(beside) >= 12
    assert len({sentence.split(" &lt;Miso&gt; found")[0] for sentence in told}) == len(told)
    assert "&lt;Miso&gt; is proud of you." in beside


def test_two_habits_of_a_day_are_not_told_in_the_same_words(world: World):
    ada = world.signed_in(world.ada)
    ada.post("/pet", data={"name": "Miso"})
    names = ("Walk", "Draw", "Left open", "And this")
    habits = [make.habit(world.ada, world.pillar, name) for name in names][:2]
    answers = [ada.post(f"/habits/{habit}/commit", headers=HTMX) for habit in habits]
    assert [sentences(answer) for answer in answers] == [
        ["Kept: Walk. 10 XP for Miso. Add a note"],
        ["Kept: Draw. 10 XP for Miso. Add a note"],
    ]


def line_beside_the_pet(answer: TestResponse) -> str:
    (line,) = re.findall(r'<p class="pet-sentence">(.*?)</p>', answer.text)
    return line


def test_a_hundred_in_a_row_get_a_scene_and_thirty_do_not(world: World):
    bring(world, 99)
    answer = world.signed_in(world.ada).post(f"/habits/{world.habit}/commit", headers=HTMX)
    (scene,) = [given for tag, given in page(answer).elements if tag == "dialog"]
    assert scene["data-moment"] == "milestone"
    assert "<p>Read 10 pages: 100 in a row.</p>" in answer.text


def bring(world: World, many: int) -> None:
    """Ada has kept her habit so many days up to yesterday, and nothing of it is celebrated yet."""
    first = TUESDAY - timedelta(days=many)
    execute(
        "UPDATE schedules SET starts_on = :first WHERE habit_id = :id", first=first, id=world.habit
    )
    with db.transaction() as session:
        days = [first + timedelta(days=number) for number in range(many)]
        history.bring(session, world.ada.user_id, 1, {world.habit: days}, TUESDAY, NOON)


def sentences(answer: TestResponse) -> list[str]:
    """What is said in words, in order, without what a scene shows."""
    found = re.findall(r'class="toast"[^>]*>(.*?)</(?:p|ul)>', answer.text, re.DOTALL)
    return [re.sub("<[^>]*>", "", sentence) for sentence in found]


def test_taking_back_what_gave_no_xp_names_none(world: World):
    ada, data = world.signed_in(world.ada), {"day": "2026-02-01", "from": "day"}
    ada.post(f"/habits/{world.habit}/commit", data=data, headers=HTMX)
    answer = ada.post(f"/habits/{world.habit}/undo", data=data, headers=HTMX)
    assert "Taken back. Ready when you are." in answer.text
