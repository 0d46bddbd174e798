"""The album of finds as its page reads it."""

from datetime import date

import pytest
from sqlalchemy import text

from app.infra import db
from app.operations import pets
from app.queries import finds
from app.queries.finds import TRAYS_A_PAGE, Album, Tray, Treasure
from app.rules.identity import Actor
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

_BRING = text("""
    INSERT INTO finds (user_id, day, number, pet_id, created_at)
    SELECT user_id, :day, :number, id, :now FROM pets WHERE user_id = :me AND is_active
""")


def bring(me: Actor, day: date, number: int) -> None:
    with db.transaction() as session:
        values = {"me": me.user_id, "day": day, "number": number, "now": NOON}
        session.execute(_BRING, values)


def another_pet(me: Actor, name: str) -> None:
    """Let the active pet rest, and make a pet that takes its place."""
    with db.transaction() as session:
        session.execute(text("UPDATE pets SET best_stage = 3"))
    with db.transaction() as session:
        assert pets.welcome(session, me, 1, name, "owl", "sky")


def album(me: Actor, until: date = TUESDAY) -> Album:
    who = make.claims(me)
    with db.reading() as session:
        return finds.album(session, who, until)


def tray(me: Actor, day: date = TUESDAY) -> Tray:
    who = make.claims(me)
    with db.reading() as session:
        return finds.tray(session, who, day)


def test_a_month_begins_with_an_empty_tray_of_eight(world: World):
    shown = tray(world.ada)
    assert (shown.month, shown.places, shown.count) == (date(2026, 3, 1), (None,) * 8, 0)
    assert album(world.ada) == Album((), None)


def test_things_lie_in_their_places_and_are_counted_once(world: World):
    bring(world.ada, date(2026, 3, 1), 5)
    bring(world.ada, date(2026, 3, 9), 5)
    bring(world.ada, date(2026, 3, 4), 0)
    shown = tray(world.ada)
    assert shown.count == 2
    assert shown.places[0] == Treasure(0, 1, date(2026, 3, 4), "")
    assert shown.places[5] == Treasure(5, 2, date(2026, 3, 9), "")
    assert album(world.ada).trays == (shown,)


def test_a_thing_has_a_word_and_the_name_of_who_brought_it_last(world: World):
    bring(world.ada, date(2026, 3, 9), 2)
    with db.transaction() as session:
        session.execute(text("UPDATE pets SET name = 'Miso'"))
    found = tray(world.ada).places[2]
    assert found is not None
    assert found.pet == "Miso"
    assert found.word


def test_of_two_pets_the_one_that_brought_a_thing_last_is_named(world: World):
    bring(world.ada, date(2026, 3, 2), 2)
    another_pet(world.ada, "Kiwi")
    bring(world.ada, date(2026, 3, 9), 2)
    found = tray(world.ada).places[2]
    assert found == Treasure(2, 2, date(2026, 3, 9), "Kiwi")


def test_the_newest_month_comes_first_and_empty_months_are_left_out(world: World):
    for month in (1, 3, 12):
        bring(world.ada, date(2025, month, 28), month % 8)
    bring(world.ada, date(2026, 3, 31), 1)
    shown = album(world.ada)
    assert [page.month for page in shown.trays] == [
        date(2026, 3, 1), date(2025, 12, 1), date(2025, 3, 1), date(2025, 1, 1)
    ]  # fmt: skip
    assert shown.older is None
    assert [page.month.month for page in album(world.ada, date(2025, 11, 30)).trays] == [3, 1]


def test_the_month_of_the_day_is_shown_though_an_older_one_holds_more(world: World):
    bring(world.ada, date(2026, 2, 28), 1)
    assert tray(world.ada).count == 0
    assert tray(world.ada, date(2026, 2, 1)).count == 1


def test_the_pages_follow_each_other_down_to_the_first_month(world: World):
    months = [date(2024 + number // 12, number % 12 + 1, 15) for number in range(26)]
    for month in months:
        bring(world.ada, month, 3)
    seen: list[date] = []
    until: date | None = date(9999, 12, 31)
    while until:
        shown = album(world.ada, until)
        assert len(shown.trays) <= TRAYS_A_PAGE
        seen += [page.month for page in shown.trays]
        until = shown.older
    assert seen == [month.replace(day=1) for month in reversed(months)]


@pytest.mark.parametrize(("months", "pages"), [(TRAYS_A_PAGE, 1), (TRAYS_A_PAGE + 1, 2)])
def test_a_page_that_is_just_full_has_no_older_one(world: World, months: int, pages: int):
    for number in range(months):
        bring(world.ada, date(2024 + number // 12, number % 12 + 1, 15), 3)
    assert (album(world.ada).older is None) == (pages == 1)


def test_what_a_stranger_found_is_not_in_the_album(world: World):
    bring(world.bob, TUESDAY, 1)
    assert album(world.ada).trays == ()
    assert tray(world.ada).count == 0


def test_what_a_stranger_found_takes_no_place_on_the_page(world: World):
    bring(world.ada, date(2024, 1, 1), 1)
    for number in range(TRAYS_A_PAGE + 1):
        bring(world.bob, date(2025 + number // 12, number % 12 + 1, 15), 3)
    assert [page.month for page in album(world.ada).trays] == [date(2024, 1, 1)]
