"""The companion, the den, a new egg, and the album of finds."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from app.rules.identity import Actor
from app.rules.names import COATS, SPECIES
from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import page, send
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("at")

_BRING = """
    INSERT INTO finds (user_id, day, number, pet_id, created_at)
    SELECT user_id, :day, :number, id, :now FROM pets WHERE user_id = :me AND is_active
"""


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def grow(me: Actor, xp: int, best_stage: int) -> None:
    """Give the active pet XP behind the app's back."""
    execute(
        "UPDATE pets SET xp = :xp, best_stage = :stage WHERE user_id = :me AND is_active",
        xp=xp, stage=best_stage, me=me.user_id,
    )  # fmt: skip


def bring(me: Actor, day: date, number: int) -> None:
    """Put a find into the album."""
    execute(_BRING, me=me.user_id, day=day, number=number, now=NOON)


def test_the_egg_has_no_name_until_it_is_given_one(ada: FlaskClient):
    answer = ada.get("/pet")
    assert "Your egg" in answer.text
    named = send(ada, page(answer).form("/pet"), name=" Miso  the fox ", species="dragon")
    assert page(named)["pet"]["data-species"] == "dragon"
    assert "Miso the fox" in named.text
    assert "Miso the fox" in ada.get("/").text


@pytest.mark.parametrize("species", SPECIES)
def test_every_kind_can_be_chosen_and_none_costs_anything(
    world: World, ada: FlaskClient, species: str
):
    make.keep(world.ada, world.habit)
    ada.post("/pet", data={"species": species})
    shown = page(ada.get("/pet"))["pet"]
    assert (shown["data-species"], shown["data-xp"]) == (species, "10")


@pytest.mark.parametrize("coat", COATS)
def test_every_coat_can_be_chosen_and_is_worn_on_today(ada: FlaskClient, coat: str):
    ada.post("/pet", data={"coat": coat})
    assert page(ada.get("/pet")).form("/pet").fields["coat"] == coat
    assert (f'data-coat="{coat}"' in ada.get("/").text) is (coat != "own")


def test_a_field_that_is_not_sent_stays_as_it_is(ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso", "species": "owl", "coat": "rose"})
    ada.post("/pet", data={"species": "cat"})
    ada.post("/pet", data={})
    assert scalar("SELECT name || ' ' || species || ' ' || coat FROM pets") == "Miso cat rose"
    ada.post("/pet", data={"name": "Kiwi"})
    assert scalar("SELECT name || ' ' || species || ' ' || coat FROM pets") == "Kiwi cat rose"


def test_a_name_can_be_taken_off_again(ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso"})
    assert "Your egg" in ada.post("/pet", data={"name": " "}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 81),
        ("name", "a\0b"),
        ("species", "wolf"),
        ("species", ""),
        ("coat", "<script>"),
        ("coat", ""),
    ],
)
def test_a_wrong_field_is_told_and_nothing_changes(ada: FlaskClient, field: str, value: str):
    typed = {"name": "Miso", "species": "owl", "coat": "sky"} | {field: value}
    before = contents()
    answer = ada.post("/pet", data=typed)
    assert answer.status_code == 422
    assert page(answer).error_of(field)
    if field != "name":
        assert page(answer).form("/pet").fields["name"] == "Miso"
    assert contents() == before


def test_what_the_form_does_not_ask_is_not_taken(ada: FlaskClient):
    more = {"xp": "9999", "level": "50", "days_kept": "400", "is_active": "", "user_id": "1"}
    assert ada.post("/pet", data={"name": "Miso"} | more).status_code == 303
    assert scalar("SELECT xp + days_kept FROM pets WHERE is_active") == 0


def test_the_picture_says_who_it_shows(world: World, ada: FlaskClient):
    assert 'role="img" aria-label="Your fox, egg, calm"' in ada.get("/pet").text
    ada.post("/pet", data={"name": '<b>"Miso"'})
    grow(world.ada, 600, 2)
    shown = ada.get("/pet").text
    assert "&lt;b&gt;&#34;Miso&#34; the fox, young, calm" in shown
    assert "<b>&" not in shown
    assert shown.count('role="img"') == 1


@pytest.mark.parametrize(
    ("xp", "days", "sentence"),
    [
        (0, 0, "Hatches at level 2 or 2 days kept together: 1 level or 2 days to go."),
        (50, 2, "Young at level 5 or 10 days kept together: 3 levels or 8 days to go."),
        (2000, 28, "Grown at level 10 or 40 days kept together: 1 level or 12 days to go."),
        (2300, 119, "Majestic at level 20 or 120 days kept together: 10 levels or 1 day to go."),
        (9500, 1, "Majestic is the last stage, and it stays."),
    ],
)
def test_what_leads_to_the_next_stage_is_one_sentence(
    ada: FlaskClient, xp: int, days: int, sentence: str
):
    execute("UPDATE pets SET xp = :xp, days_kept = :days", xp=xp, days=days)
    assert sentence in page(ada.get("/pet")).text("pet")


def test_a_young_pet_offers_no_egg(world: World, ada: FlaskClient):
    grow(world.ada, 600, 2)
    assert "A new egg is here" not in ada.get("/pet").text
    before = contents()
    answer = ada.post("/pet", data={"egg": "1", "name": "Kiwi", "species": "owl"})
    assert answer.status_code == 422
    assert "No egg is waiting yet." in answer.text
    assert contents() == before


def test_a_new_egg_comes_along_and_the_other_rests_in_the_den(world: World, ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso"})
    grow(world.ada, 2250, 3)
    offer = ada.get("/pet")
    assert "A new egg is here" in offer.text
    form = page(offer).form("/pet", egg="1")
    with_egg = send(ada, form, name="Kiwi", species="turtle", coat="violet")
    shown = page(with_egg)["pet"]
    assert (shown["data-species"], shown["data-stage"], shown["data-xp"]) == ("turtle", "egg", "0")
    assert "A new egg is here" not in with_egg.text
    resting = page(with_egg).form("/pet", pet=str(scalar("SELECT min(id) FROM pets")))
    back = send(ada, resting)
    assert page(back)["pet"]["data-xp"] == "2250"
    assert "Miso comes along." in back.text


def test_the_same_egg_pressed_twice_is_one_pet(world: World, ada: FlaskClient):
    grow(world.ada, 9500, 4)
    for name in ("Kiwi", "Other"):
        assert ada.post("/pet", data={"egg": "1", "name": name}).status_code == 303
    assert scalar("SELECT string_agg(name, '|' ORDER BY id) FROM pets") == "|Kiwi"
    assert page(ada.get("/pet")).form("/pet", egg="2")


@pytest.mark.parametrize(("field", "value"), [("name", "x" * 81), ("species", "wolf")])
def test_what_was_typed_for_an_egg_stays_in_its_form(
    world: World, ada: FlaskClient, field: str, value: str
):
    grow(world.ada, 2250, 3)
    before = contents()
    answer = ada.post("/pet", data={"egg": "1", "name": "Kiwi", "coat": "moss", field: value})
    assert answer.status_code == 422
    assert page(answer).error_of(f"egg-{field}")
    assert page(answer).form("/pet", egg="1").fields["coat"] == "moss"
    assert contents() == before


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1.0", str(2**63 - 1), str(2**63)])
def test_a_pet_or_an_egg_that_cannot_be_is_not_there(ada: FlaskClient, value: str):
    before = contents()
    assert ada.post("/pet", data={"pet": value}).status_code == 404
    assert ada.post("/pet", data={"egg": value}).status_code in {404, 422}
    assert contents() == before


def test_a_strangers_pet_is_not_there(world: World, ada: FlaskClient):
    assert world.bob
    his = scalar("SELECT id FROM pets WHERE user_id = :bob", bob=world.bob.user_id)
    before = contents()
    for headers in ({}, {"HX-Request": "true"}):
        assert ada.post("/pet", data={"pet": str(his)}, headers=headers).status_code == 404
    assert contents() == before


def test_the_tray_of_the_month_names_what_lies_in_it(world: World, ada: FlaskClient):
    ada.post("/pet", data={"name": "Miso"})
    empty = ada.get("/pet").text
    assert "Nothing here yet this month." in empty
    assert "of 8" not in empty
    bring(world.ada, date(2026, 3, 4), 0)
    bring(world.ada, date(2026, 3, 9), 0)
    shown = ada.get("/pet").text
    assert "1 of 8 in March" in shown
    assert "×2" in shown
    assert "brought 2 times, the last on" in shown
    assert '<time datetime="2026-03-09">9 Mar 2026</time> by Miso' in shown


def test_the_album_is_paged_and_one_page_holds_a_year(world: World, ada: FlaskClient):
    for number in range(14):
        bring(world.ada, date(2025 + number // 12, number % 12 + 1, 5), number % 8)
    first = ada.get("/pet/finds").text
    assert first.count('class="tray"') == 12
    assert first.index("February 2026") < first.index("January 2026") < first.index("March 2025")
    assert "/pet/finds?until=2025-02" in first
    second = ada.get("/pet/finds?until=2025-02").text
    assert second.count('class="tray"') == 2
    assert "?until=" not in second


def test_an_album_without_finds_says_what_brings_them(ada: FlaskClient):
    assert (
        "Nothing here yet. The first good day brings the first thing." in ada.get("/pet/finds").text
    )


@pytest.mark.parametrize("until", ["2026", "2026-13", "2026-3", "0000-01", "x", "２０２６-01"])
def test_a_month_that_cannot_be_is_a_page_that_does_not_exist(ada: FlaskClient, until: str):
    assert ada.get("/pet/finds", query_string={"until": until}).status_code == 404


@pytest.mark.parametrize("until", ["0001-01", "9999-12"])
def test_the_album_may_begin_at_any_month(ada: FlaskClient, until: str):
    assert ada.get("/pet/finds", query_string={"until": until}).status_code == 200


def test_the_statements_do_not_grow_with_pets_and_finds(world: World, ada: FlaskClient, statements):
    with statements() as few:
        ada.get("/pet")
    grow(world.ada, 9500, 4)
    for number in ("1", "2"):
        ada.post("/pet", data={"egg": number})
    for number in range(14):
        bring(world.ada, date(2025 + number // 12, number % 12 + 1, 5), number % 8)
    with statements() as many:
        ada.get("/pet")
    assert len(few) == len(many) == 4
    with statements() as album:
        ada.get("/pet/finds")
    assert len(album) == 1


def test_visitors_are_asked_to_sign_in(client: FlaskClient):
    assert client.get("/pet").headers["Location"].endswith("/login?next=/pet")
    assert client.get("/pet/finds").status_code == 303
    assert client.post("/pet", data={"egg": "1"}).headers["Location"].endswith("/login")


def test_the_shelf_says_what_happened_and_when(world: World, ada: FlaskClient):
    assert "Nothing here yet." in ada.get("/pet/moments").text
    for back in range(6, -1, -1):
        make.keep(world.ada, world.habit, NOON.date() - timedelta(days=back))
    text = ada.get("/pet/moments").text
    for said in (
        "<bdi>Your pet</bdi> came out of the egg.",
        "<bdi>Your pet</bdi> reached level 2.",
        "<bdi>Read 10 pages</bdi>: 7 in a row.",
        "<bdi>Body</bdi> reached level 2.",
        "The first day with everything kept.",
        "Everything was kept on 1 day",
        "10 Mar 2026",
    ):
        assert said in text
    assert "worked out" not in text
    execute("UPDATE moments SET created_at = NULL")
    assert "Some of this is older than this page." in ada.get("/pet/moments").text


@pytest.mark.parametrize("year", ["0", "26", "twenty", "20260", "-2026", "9999", "2026\n"])
def test_a_year_that_cannot_be_is_not_there_and_one_without_moments_is_empty(
    ada: FlaskClient, year: str
):
    answer = ada.get("/pet/moments", query_string={"year": year})
    assert answer.status_code == (200 if year == "9999" else 404)


def test_an_egg_of_a_new_kind_gets_a_scene(world: World, ada: FlaskClient):
    grow(world.ada, 2250, 3)
    sent = {"egg": "1", "name": "Kiwi", "species": "owl", "coat": "sky"}
    shown = page(ada.post("/pet", data=sent, follow_redirects=True))
    (scene,) = [
        given for tag, given in shown.elements if tag == "dialog" and "data-moment" in given
    ]
    assert (scene["data-moment"], scene["data-species"]) == ("species", "owl")
    again = ada.post("/pet", data=sent, follow_redirects=True)
    assert "That egg is with you already." in again.text
    assert '<dialog class="scene"' not in again.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_an_egg_is_told_to_wait_from_today(world: World, ada: FlaskClient, headers: dict):
    assert world.habit
    make.keep(world.ada, world.habit)
    grow(world.ada, 2250, 3)
    today = page(ada.get("/"))
    form = today.form("/pet/not-now")
    answer = ada.post(form.action, data=form.fields, headers=headers, follow_redirects=True)
    assert "The egg waits on the page of your pet." in answer.text
    assert "/pet/not-now" not in ada.get("/").text
    assert 'id="egg"' in ada.get("/pet").text
