"""The ledger: every XP explained, paged by key."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests import world as make
from tests.views.database import execute
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def entries(html: str) -> list[int]:
    ids = [given.get("id", "") for _tag, given in page_of(html).elements]
    return [int(name[6:]) for name in ids if name.startswith("entry-")]


def page_of(html: str):
    return page(type("Answer", (), {"text": html})())


def test_a_new_account_has_nothing_to_explain(world: World):
    assert (
        "Keep a habit, and the first line appears."
        in world.signed_in(world.ada).get("/ledger").text
    )


def test_every_line_tells_what_when_and_how_much(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=20))
    make.keep(world.ada, world.habit)
    make.take_back(world.ada, world.habit)
    text = world.signed_in(world.ada).get("/ledger").text
    for said in ("+10 XP", "−10 XP", "0 XP", "Taken back", "10 Mar 2026, 12:00", "18 Feb 2026"):
        assert said in text
    first, second, third = entries(text)
    assert first > second > third


def test_a_line_tells_that_an_old_day_gave_back_what_it_had(world: World, at: Callable):
    make.keep(world.ada, world.habit)
    at(NOON + timedelta(days=9))
    make.take_back(world.ada, world.habit, TUESDAY)
    make.keep(world.ada, world.habit, TUESDAY)
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    text = world.signed_in(world.ada).get("/ledger").text
    said = re.findall("(Kept|Kept again|Taken back): <bdi>Read", text)
    assert said == ["Kept", "Kept again", "Taken back", "Kept"]


@pytest.mark.parametrize(
    ("zone", "clock"),
    [("Asia/Tokyo", "10 Mar 2026, 21:00"), ("Pacific/Kiritimati", "11 Mar 2026, 02:00"),
     ("America/New_York", "10 Mar 2026, 08:00")],
)  # fmt: skip
def test_the_time_of_a_line_is_that_of_the_users_clock(world: World, zone: str, clock: str):
    me = make.user("kim@example.org", zone)
    make.keep(me, make.habit(me, make.pillar(me)))
    text = world.signed_in(me).get("/ledger").text
    assert f">{clock}</time>" in text
    # The day is said only where the clock says another one.
    assert "for 1" not in text


def test_the_ledger_is_paged_by_key_and_every_line_is_on_one_page(world: World):
    for back in range(60):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
        make.take_back(world.ada, world.habit, TUESDAY - timedelta(days=back))
    ada = world.signed_in(world.ada)
    seen: list[int] = []
    url, pages = "/ledger", 0
    while url:
        html = ada.get(url).text
        seen += entries(html)
        pages += 1
        links = [given.get("href", "") for _tag, given in page_of(html).elements]
        url = next((link for link in links if "before=" in link), "")
        # A line that comes while somebody reads moves no other line to another page.
        make.keep(world.ada, world.habit, key=f"while reading {pages}")
        make.take_back(world.ada, world.habit, key=f"and back {pages}")
    assert pages == 3
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    "before",
    ["", "0", "-1", "x", "1.0", "٣", str(2**63 - 1), str(2**63), "9" * 5000, "\0", "1 OR 1"],
)
def test_a_place_to_begin_at_that_is_none_shows_the_newest(world: World, before: str):
    make.keep(world.ada, world.habit)
    answer = world.signed_in(world.ada).get("/ledger", query_string={"before": before})
    assert answer.status_code == 200
    assert len(entries(answer.text)) == 1


def test_a_line_outlives_its_habit_its_pillar_and_their_names(world: World):
    make.keep(world.ada, world.habit)
    ada = world.signed_in(world.ada)
    ada.post(f"/habits/{world.habit}", data={"name": "Write"})
    execute("DELETE FROM pillars")
    text = ada.get("/ledger").text
    assert "Read 10 pages" in text
    assert "Write" not in text


def test_a_line_says_why_it_gave_what_it_gave(world: World):
    walk = make.habit(world.ada, world.pillar, "Walk", "hard", date(2026, 1, 1))
    for back in range(8, -1, -1):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
        make.keep(world.ada, walk, TUESDAY - timedelta(days=back))
    make.take_back(world.ada, walk)
    text = world.signed_in(world.ada).get("/ledger").text
    said = re.findall(r"<small>(.*?)</small>", text)
    why = [words for words in said if "XP" in words]
    # The newest first; what was taken back needs no reason but that.
    assert why[:2] == [
        "hard: 20 XP · +3 for 8 to 10 in a row", "normal: 10 XP · +2 for 9 to 14 in a row"
    ]  # fmt: skip
    assert why[-2:] == ["more than 7 days past, so no XP"] * 2
    assert len(why) == 18
    assert why[-3] == "normal: 10 XP"


@pytest.mark.parametrize(
    ("opened_from", "place"),
    [("", "/pet"), ("?from=you", "/settings"), ("?from=pillars", "/pillars"), ("?from=x", "/pet")],
)
@pytest.mark.parametrize("path", ["/ledger", "/how"])
def test_the_place_that_it_was_opened_from_is_the_current_one(
    world: World, path: str, opened_from: str, place: str
):
    ada = world.signed_in(world.ada)
    make.keep(world.ada, world.habit)
    shown = page_of(ada.get(path + opened_from).text)
    current = [given["href"] for tag, given in shown.elements if given.get("aria-current")]
    assert current == [place]


def test_every_place_that_leads_to_the_ledger_says_where_it_is(world: World):
    ada = world.signed_in(world.ada)
    make.keep(world.ada, world.habit)
    for place, end in (("/settings", "?from=you"), ("/pillars", "?from=pillars"), ("/pet", "")):
        links = [given.get("href", "") for _tag, given in page_of(ada.get(place).text).elements]
        assert {f"/ledger{end}", f"/how{end}"} <= set(links)


def test_older_lines_keep_the_place(world: World):
    for back in range(51):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back))
    shown = page_of(world.signed_in(world.ada).get("/ledger?from=you").text)
    links = [given.get("href", "") for _tag, given in shown.elements]
    (older,) = [link for link in links if "before=" in link]
    assert "from=you" in older
