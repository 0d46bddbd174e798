"""A character is what people count as one, in every field that holds a name."""

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.rules.names import LONGEST_NAME, most_points
from app.web.fields import Checked, Text
from tests.views.database import contents, execute, scalar
from tests.views.pages import page
from tests.views.test_welcome import PICKED
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"
# The longest there are: ten code points.
KISS = "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿"
ONE_EACH = {
    "letter": "x",
    "family": FAMILY,
    "kiss": KISS,
    "flag": "🇵🇹",
    "flag of tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "skin tone": "👍🏿",
    "keycap": "1\ufe0f\u20e3",
    "heart": "❤\ufe0f",
    "combining marks": "q\u0323\u0307\u0304",
    "decomposed": "e\u0301",
    "Hangul of jamo": "\u1100\u1161\u11a8",
    "Devanagari": "\u0928\u093f",
    "Thai": "\u0e01\u0e33",
}

# Every form with a field for a name: where it goes, the field, what else is sent, where it is kept.
FORMS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "settings": ("/settings", "name", {}, "SELECT max(name) FROM users"),
    "pet": ("/pet", "name", {}, "SELECT max(name) FROM pets"),
    "egg": ("/pet", "name", {"egg": "1", "species": "owl"}, "SELECT max(name) FROM pets"),
    "new pillar": ("/pillars", "name", {}, "SELECT name FROM pillars ORDER BY id DESC LIMIT 1"),
    "pillar": ("/pillars/{pillar}", "name", {}, "SELECT name FROM pillars"),
    "new habit": (
        "/habits", "name", {"pillar_id": "{pillar}"},
        "SELECT name FROM habits ORDER BY id DESC LIMIT 1",
    ),
    "habit": ("/habits/{habit}", "name", {}, "SELECT max(name) FROM habits"),
    "first egg": ("/welcome", "name", PICKED, "SELECT name FROM pets WHERE is_active"),
    "first pillar": ("/welcome", "work-pillar", PICKED, "SELECT name FROM pillars"),
    "first habit": (
        "/welcome", "work-habit", PICKED | {"work-pillar": "Craft"}, "SELECT name FROM habits",
    ),
}  # fmt: skip

each_form = pytest.mark.parametrize("form", FORMS)


class Named(Checked):
    """A form with one name."""

    name = Text("Name", LONGEST_NAME)


def errors_of(typed: str) -> list[str]:
    form = Named(MultiDict({"name": typed}))
    form.validate()
    return [str(error) for error in form.name.errors]


@pytest.fixture
def ada(world: World) -> FlaskClient:
    return world.signed_in(world.ada)


def target(world: World, form: str) -> tuple[str, str, dict[str, str], str]:
    """Return where a form goes, its field, what else it sends, and where the name is kept."""
    url, field, more, kept = FORMS[form]
    if form == "egg":
        execute("UPDATE pets SET best_stage = 3")
    ids = {} if url == "/welcome" else {"pillar": str(world.pillar), "habit": str(world.habit)}
    return url.format(**ids), field, {key: value.format(**ids) for key, value in more.items()}, kept


@pytest.mark.parametrize("character", ONE_EACH.values(), ids=ONE_EACH)
def test_what_people_see_as_one_counts_as_one(app, character: str):
    assert errors_of(character * 80) == []
    (error,) = errors_of(character * 81)
    assert error == "At most 80 characters; these are 81."


def test_a_blank_that_is_folded_away_counts_nothing(app):
    assert errors_of("  " + "x   " * 20 + "x" * 40 + "  ") == []


def test_marks_without_an_end_are_refused(app):
    most = most_points(LONGEST_NAME)
    assert errors_of("q" + "\u0323" * (most - 1)) == []
    assert errors_of("q" + "\u0323" * most) == [
        "There are too many marks on its letters. Take some away."
    ]


@each_form
def test_the_longest_name_is_kept_whole(ada: FlaskClient, world: World, form: str):
    url, field, more, kept = target(world, form)
    answer = ada.post(url, data=more | {field: KISS * 80})
    assert answer.status_code == 303, answer.text
    assert scalar(kept) == KISS * 80
    assert ada.get(answer.headers["Location"]).status_code == 200


@each_form
def test_one_more_is_refused_and_stays_typed(ada: FlaskClient, world: World, form: str):
    url, field, more, _kept = target(world, form)
    before = contents()
    answer = ada.post(url, data=more | {field: FAMILY * 81})
    assert answer.status_code == 422
    shown = page(answer)
    assert "At most 80 characters; these are 81." in shown.error_of(field)
    assert FAMILY * 81 in [each.fields.get(field) for each in shown.forms]
    assert contents() == before


@each_form
def test_as_many_marks_as_there_are_letters_to_bear_them_is_no_fault(
    ada: FlaskClient, world: World, form: str
):
    url, field, more, _kept = target(world, form)
    most = most_points(LONGEST_NAME)
    for typed, status in (("q" + "\u0323" * most, 422), ("q" + "\u0323" * (most - 1), 303)):
        assert ada.post(url, data=more | {field: typed}).status_code == status


def test_the_longest_name_goes_wherever_names_go(ada: FlaskClient, world: World):
    ada.post(f"/habits/{world.habit}", data={"name": KISS * 80})
    ada.post(f"/pillars/{world.pillar}", data={"name": KISS * 80})
    execute("UPDATE pillars SET xp = 49")
    ada.post(f"/habits/{world.habit}/commit")
    assert scalar("SELECT label FROM ledger_entries") == KISS * 80
    assert scalar("SELECT label FROM moments WHERE occasion = 'pillar'") == KISS * 80
    for path in ("/", "/pillars", "/pet", "/pet/moments", "/ledger", "/stats", "/settings"):
        assert ada.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/signup", "/settings", "/pet", "/pillars", "/pillars/{pillar}", "/habits/{habit}"]
)
def test_no_field_cuts_what_is_pasted_and_the_script_knows_the_limit(
    world: World, ada: FlaskClient, client: FlaskClient, path: str
):
    ids = {"pillar": world.pillar, "habit": world.habit}
    text = (client if path == "/signup" else ada).get(path.format(**ids)).text
    assert "maxlength" not in text
    assert f'data-longest="{254 if path == "/signup" else 80}"' in text


def test_the_first_steps_cut_nothing_either(ada: FlaskClient):
    text = ada.get("/welcome").text
    assert "maxlength" not in text
    assert text.count('data-longest="80"') > len(PICKED)
