"""How it works: one page for everybody, whose numbers are those of the rules."""

import re

import pytest
from flask.testing import FlaskClient

from app.rules import finds, levels, mood, occasions, reward, walk
from tests import world as make
from tests.views.pages import page
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

ABOUT = [
    "habits", "rhythms", "amounts", "xp", "runs", "days", "undo", "levels", "pets", "moods",
    "finds", "rest",
]  # fmt: skip


def test_a_visitor_reads_it_and_is_led_to_both_doors(client: FlaskClient):
    answer = client.get("/how")
    shown = page(answer)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert all(shown.all(part) for part in ABOUT)
    links = {given.get("href") for tag, given in shown.elements if tag == "a"}
    assert {"/signup", "/login"} <= links
    assert "/ledger" not in links
    assert "/how" in client.get("/").text


def test_who_is_signed_in_reads_it_among_the_places(world: World):
    text = world.signed_in(world.ada).get("/how").text
    assert 'aria-label="Places"' in text
    assert 'href="/ledger"' in text
    assert 'href="/signup"' not in text


def test_the_numbers_are_those_of_the_rules(client: FlaskClient):
    text = client.get("/how").text
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', text, re.DOTALL)
    cells = {name: re.findall(r"<td>(.*?)</td>", row) for name, row in rows}
    assert cells["hard"] == ["20", "23", "30"]
    assert cells["Level"] == ["2", "3", "4", "5", "10", "20"]
    assert cells["XP"] == ["50", "150", "300", "500", "2250", "9500"]
    for said in (
        "level 2 or 2 days", "level 5 or 10 days", "level 10 or 40 days", "level 20 or 120 days",
        "cracks at 1, 20 and 38 XP", "Up to 7 days back", "for 3 days", "past 12:00",
        "at most 2", "Keeping it 7 times", "4 times are enough", "or 3 habits",
        "has 8 things of its own", "30 or more in a row",
    ):  # fmt: skip
        assert said in text


def test_none_of_them_is_typed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(walk, "MOST_SHIELDS", 91)
    monkeypatch.setattr(occasions, "TOWARD", 92)
    monkeypatch.setattr(occasions, "TOWARD_RARE", 93)
    monkeypatch.setattr(reward, "REWARD_DAYS", 71)
    monkeypatch.setattr(reward, "LONGEST_BONUS", 72)
    monkeypatch.setitem(reward.BASE, reward.Effort.EASY, 600)
    monkeypatch.setattr(levels, "CRACKS", (73, 74, 75))
    monkeypatch.setattr(levels, "_STAGE_DAYS", (76, 77, 78, 79))
    monkeypatch.setattr(levels, "_STAGE_LEVELS", (81, 82, 83, 84))
    monkeypatch.setattr(mood, "DAYS_AWAKE", 85)
    monkeypatch.setattr(mood, "NOON", 19)
    monkeypatch.setattr(finds, "ENOUGH", 86)
    monkeypatch.setattr(finds, "A_MONTH", 87)
    text = client.get("/how").text
    said = set(re.findall(r"[0-9]+", re.sub(r"<[^>]*>", " ", text.split("<main")[1])))
    changed = {
        str(number)
        for number in (*range(71, 80), *range(81, 88), *range(91, 94), 19, 610, 700, 1320)
    }
    assert changed <= said


def test_the_place_of_the_ledger_is_kept(world: World):
    make.keep(world.ada, world.habit)
    assert 'href="/ledger?from=pillars"' in world.signed_in(world.ada).get("/how?from=pillars").text
