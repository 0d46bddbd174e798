"""The first steps: three presses, or a skip; one form, and nothing before it is sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.rules.starters import STARTERS
from tests import world as make
from tests.conftest import MakeApp
from tests.views.database import contents, execute, scalar
from tests.views.pages import Form, Page, page, send
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

SHEET = Path(__file__).parents[2] / "app/static/css/rooms/starters.css"
PICKED = {"species": "cat", "coat": "sky", "name": "Kiwi", "work-picked": "y"}


@pytest.fixture
def ada(world: World) -> FlaskClient:
    """Ada's browser."""
    return world.signed_in(world.ada)


def picked(shown: Page) -> list[str]:
    """The pillars that stand chosen."""
    boxes = [given for _tag, given in shown.elements if given.get("type") == "checkbox"]
    return [box["name"].removesuffix("-picked") for box in boxes if "checked" in box]


def filled(shown: Page) -> Form:
    """The form as a browser sends it: a box that is not ticked sends nothing."""
    form, chosen = shown.form("/welcome"), picked(shown)
    form.fields = {
        name: value
        for name, value in form.fields.items()
        if not name.endswith("-picked") or name.removesuffix("-picked") in chosen
    }
    return form


def open_step(shown: Page) -> int:
    """The number of the step that the server opened."""
    steps = [given for tag, given in shown.elements if given.get("class") == "step"]
    return [("data-open" in step) for step in steps].index(True) + 1


def test_signing_up_leads_here(client: FlaskClient):
    sent = {"email": "eva@example.org", "password": "correct horse battery staple"}
    assert client.post("/signup", data=sent).headers["Location"] == "/welcome"


def test_sent_as_it_stands_it_makes_three_pillars_each_with_an_easy_habit(ada: FlaskClient):
    form = filled(page(ada.get("/welcome")))
    assert form.fields["name"] == "Miso"
    today = page(send(ada, form))
    assert today["pet"]["data-xp"] == "0"
    assert scalar("SELECT name FROM pets") == "Miso"
    assert scalar("SELECT string_agg(name, ' ' ORDER BY position) FROM pillars") == "Body Mind Home"
    assert scalar("SELECT count(*) FROM habits WHERE effort = 'easy'") == 3
    assert scalar("SELECT count(DISTINCT pillar_id) FROM habits") == 3


def test_looking_changes_nothing(ada: FlaskClient):
    before = contents()
    for path in ("/welcome", "/welcome/skip"):
        ada.get(path)
    assert contents() == before


def test_a_form_sent_twice_makes_everything_once(ada: FlaskClient):
    form = filled(page(ada.get("/welcome")))
    send(ada, form)
    send(ada, form, **{"play-picked": "y"})
    assert scalar("SELECT count(*) FROM pillars") == 3
    assert scalar("SELECT count(*) FROM habits") == 3


def test_what_is_chosen_and_typed_is_what_is_made(ada: FlaskClient):
    more = {"own-picked": "y", "own-pillar": " Garten ", "own-habit": "Water the fern"}
    assert ada.post("/welcome", data=PICKED | more | {"work-habit": ""}).status_code == 303
    assert scalar("SELECT name FROM pets WHERE species = 'cat' AND coat = 'sky'") == "Kiwi"
    assert scalar("SELECT string_agg(name, ' ' ORDER BY position) FROM pillars") == "Work Garten"
    assert scalar("SELECT string_agg(name, ',') FROM habits") == "Water the fern"


def test_every_step_can_be_skipped(ada: FlaskClient):
    before = contents()
    shown = page(ada.get("/welcome"))
    # All are buttons of the one form: what was chosen of the egg goes along.
    ways = [given.get("formaction", "") for _tag, given in shown.elements]
    assert [way for way in ways if "skip" in way] == ["/welcome/skip"] * 3
    assert ada.get("/welcome/skip").headers["Location"] == "/"
    assert contents() == before


def test_a_skip_after_the_egg_keeps_the_egg_alone(ada: FlaskClient):
    assert ada.post("/welcome/skip", data=PICKED).headers["Location"] == "/"
    assert scalar("SELECT name FROM pets WHERE species = 'cat' AND xp = 0") == "Kiwi"
    assert scalar("SELECT count(*) FROM pillars") == 0
    # Who comes back finds the egg as it is.
    form = page(ada.get("/welcome")).form("/welcome")
    assert {"species": "cat", "coat": "sky", "name": "Kiwi"}.items() <= form.fields.items()


def test_someone_who_has_begun_is_led_on_and_nothing_changes(ada: FlaskClient, world: World):
    assert world.pillar
    before = contents()
    answer = ada.get("/welcome")
    assert answer.status_code == 200
    assert "You have begun already" in answer.text
    assert not page(answer).forms
    assert contents() == before
    for path in ("/welcome", "/welcome/skip"):
        assert ada.post(path, data=PICKED).headers["Location"] == "/"
    assert scalar("SELECT count(*) FROM pillars") == 1
    assert scalar("SELECT name FROM pets WHERE species = 'fox'") == ""


@pytest.mark.parametrize(
    ("field", "value", "step"),
    [
        ("species", "wolf", 1), ("species", "", 1), ("coat", "plaid", 1), ("name", "x" * 81, 1),
        ("name", "a\0b", 1), ("work-pillar", "", 3), ("work-pillar", "x" * 81, 3),
        ("work-pillar", "a\u202eb", 3), ("work-habit", "x" * 81, 3), ("work-habit", "\x07", 3),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_at_its_step_and_nothing_is_made(
    ada: FlaskClient, field: str, value: str, step: int
):
    before = contents()
    typed = PICKED | {"work-pillar": "Craft", "work-habit": "Sand it"}
    answer = ada.post("/welcome", data=typed | {field: value})
    assert answer.status_code == 422
    shown = page(answer)
    assert shown.error_of(field)
    assert (open_step(shown), picked(shown)) == (step, ["work"])
    rest = {key: kept for key, kept in typed.items() if key != field}
    assert rest.items() <= shown.form("/welcome").fields.items()
    assert contents() == before


def test_a_field_of_a_pillar_that_is_not_chosen_cannot_be_wrong(ada: FlaskClient):
    assert ada.post("/welcome", data=PICKED | {"play-pillar": ""}).status_code == 303


def test_no_more_than_the_plan_holds_is_taken(ada: FlaskClient):
    before = contents()
    four = {f"{starter.key}-picked": "y" for starter in STARTERS[:4]}
    answer = ada.post("/welcome", data=PICKED | four)
    assert answer.status_code == 402
    shown = page(answer)
    assert "An account here can have 3 pillars." in shown.text("pillars-error")
    assert open_step(shown) == 2
    assert picked(shown) == ["body", "mind", "home", "work"]
    assert contents() == before


def test_premium_takes_them_all(ada: FlaskClient, world: World):
    execute("UPDATE users SET is_premium = true")
    every = {f"{starter.key}-picked": "y" for starter in STARTERS} | {"own-pillar": "Garden"}
    client = world.signed_in(world.ada)
    assert "Up to" not in client.get("/welcome").text
    assert client.post("/welcome", data=every).status_code == 303
    assert scalar("SELECT pillar_count FROM users") == len(STARTERS)


@pytest.fixture
def small(make_app: MakeApp) -> Iterator[FlaskClient]:
    """A browser on a server whose free plan holds one pillar."""
    app = make_app(free_pillars=1)
    with app.app_context():
        yield World(app).signed_in(make.user())


def test_no_more_is_proposed_than_the_plan_holds(small: FlaskClient):
    shown = page(small.get("/welcome"))
    assert picked(shown) == ["body"]
    send(small, filled(shown))
    assert scalar("SELECT count(*) FROM pillars") == 1


def test_past_the_limit_of_habits_the_sentence_stands_at_its_step(make_app: MakeApp):
    app = make_app(max_habits=1)
    with app.app_context():
        client = World(app).signed_in(make.user())
        answer = client.post("/welcome", data=filled(page(client.get("/welcome"))).fields)
        assert (answer.status_code, open_step(page(answer))) == (422, 3)
        assert "You can have 1 habit." in answer.text
        assert scalar("SELECT count(*) FROM pillars") == 0


def test_what_was_typed_is_escaped(ada: FlaskClient):
    typed = {"name": '"><script>' + "x" * 80, "own-pillar": '"><img>', "own-picked": "y"}
    answer = ada.post("/welcome", data=typed)
    assert answer.status_code == 422
    assert '"><script>x' not in answer.text
    assert '"><img>' not in answer.text


def test_every_pillar_has_its_place_in_the_third_step():
    """The stylesheet shows what is chosen; it knows the pillars by name."""
    named = re.findall(r"#pick-(\w+):checked\) \[data-start=\"(\w+)\"\]", SHEET.read_text())
    assert named == [(starter.key, starter.key) for starter in STARTERS]


def test_no_element_here_is_the_pet(ada: FlaskClient):
    assert not page(ada.get("/welcome")).all("pet")


def test_what_is_not_sent_of_the_pet_stays_as_it_is(world: World):
    ada = world.signed_in(world.ada)
    ada.post("/pet", data={"name": "Pip", "species": "owl", "coat": "sky"})
    for path in ("/welcome/skip", "/welcome"):
        assert ada.post(path).status_code == 303
        assert scalar("SELECT name || species || coat FROM pets") == "Pipowlsky"
