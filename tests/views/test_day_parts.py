"""Today by parts of the day: off until used, and nothing that is left is hidden unsaid."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import habits
from tests import world as make
from tests.views.database import execute, scalar
from tests.views.pages import page
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
MORNING = {"Referer": "http://localhost/?part=morning"}


@dataclass(frozen=True)
class Home:
    """Ada's habits by the part of the day that they are for, in two pillars."""

    browser: FlaskClient
    morning: int
    evening: int
    any_time: int
    pillar: int
    other_pillar: int

    def shown(self, address: str = "/") -> set[int]:
        """Return which habits stand on the page."""
        on_it = page(self.browser.get(address))
        return {
            habit
            for habit in (self.morning, self.evening, self.any_time)
            if on_it.all(f"habit-{habit}")
        }


@pytest.fixture
def home(world: World) -> Home:
    second = make.pillar(world.ada, "Mind")
    morning, any_time = make.habit(world.ada, world.pillar), make.habit(world.ada, world.pillar)
    evening = make.habit(world.ada, second)
    for habit, part in ((morning, "morning"), (evening, "evening")):
        execute("UPDATE habits SET day_part = :part WHERE id = :id", part=part, id=habit)
    return Home(world.signed_in(world.ada), morning, evening, any_time, world.pillar, second)


@pytest.mark.parametrize("address", ["/", "/?part=", "/?part=noon", "/?part=morning&part=day"])
def test_without_a_part_everything_is_there(home: Home, address: str):
    several = address.count("part=") > 1
    assert home.shown(address) == (
        {home.morning, home.any_time} if several else {home.morning, home.evening, home.any_time}
    )


@pytest.mark.parametrize(
    ("part", "names", "pillars"),
    [
        ("morning", ["morning", "any_time"], ["pillar"]),
        ("day", ["any_time"], ["pillar"]),
        ("evening", ["evening", "any_time"], ["pillar", "other_pillar"]),
    ],
)
def test_a_part_shows_what_is_for_it_and_what_is_for_any(
    home: Home, part: str, names: list[str], pillars: list[str]
):
    address = f"/?part={part}"
    assert home.shown(address) == {getattr(home, name) for name in names}
    shown = page(home.browser.get(address))
    heads = {
        name for name in ("pillar", "other_pillar") if shown.all(f"pillar-{getattr(home, name)}")
    }
    assert heads == set(pillars)


def test_what_is_left_elsewhere_is_said(world: World, home: Home):
    def text(address: str) -> str:
        return home.browser.get(address).text

    assert "left today, at" not in text("/")
    assert "1 more is left today, at another time." in text("/?part=morning")
    assert "2 more are left today, at other times." in text("/?part=day")
    make.keep(world.ada, home.evening)
    assert "left today, at" not in text("/?part=morning")
    make.rest(world.ada)
    assert "left today, at" not in text("/?part=day")


def test_the_choice_is_there_once_a_habit_has_a_part_and_says_what_is_looked_at(
    world: World, home: Home
):
    def choice(address: str) -> list[tuple[str, bool]]:
        elements = page(home.browser.get(address)).elements
        return [
            (given["href"], "aria-current" in given)
            for tag, given in elements
            if tag == "a" and given.get("class") == "choice"
        ]

    links = ["/", "/?part=morning", "/?part=day", "/?part=evening"]
    for address in links:
        assert choice(address) == [(link, link == address) for link in links]
    # What is put away asks for nothing, and brings no choice about.
    with db.transaction() as session:
        habits.archive(session, world.ada, home.morning)
    with db.transaction() as session:
        habits.archive(session, world.ada, home.evening)
    assert choice("/") == choice("/?part=morning") == []
    assert home.shown("/?part=morning") == {home.any_time}


def test_a_pillar_without_habits_is_in_every_part(world: World, home: Home):
    empty = make.pillar(world.ada, "Work")
    assert page(home.browser.get("/?part=day")).all(f"pillar-{empty}")


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/habits/{morning}/commit", {"from": "today"}),
        ("/habits/{morning}/undo", {"from": "today"}),
        ("/pillars/{pillar}/fold", {}),
        ("/pillars/{pillar}/unfold", {}),
        ("/habits", {"pillar_id": "{pillar}", "name": "Walk"}),
        ("/pet/not-now", {}),
        ("/rests/{rest}/end", {"from": "today"}),
    ],
)
def test_a_press_leads_back_to_the_part_on_which_it_was_made(
    world: World, home: Home, url: str, sent: dict[str, str]
):
    for referer, where in (
        ("http://localhost/?part=morning", "/?part=morning"),
        ("http://localhost/", "/"),
        ("http://[", "/"),
        ("http://localhost/?part=%FF", "/"),
    ):
        ids = {"morning": home.morning, "pillar": home.pillar, "rest": make.rest(world.ada)}
        data = {name: value.format(**ids) for name, value in sent.items()}
        answer = home.browser.post(url.format(**ids), data=data, headers={"Referer": referer})
        assert (answer.status_code, answer.headers["Location"]) == (303, where)


def test_with_htmx_the_part_is_what_is_swapped_in(home: Home):
    answer = home.browser.post(f"/pillars/{home.other_pillar}/fold", headers=HTMX | MORNING)
    assert page(answer).all(f"habit-{home.morning}")
    assert not page(answer).all(f"pillar-{home.other_pillar}")
    data = {"pillar_id": str(home.pillar), "name": ""}
    refused = home.browser.post("/habits", data=data, headers=HTMX | MORNING)
    assert refused.status_code == 422
    assert not page(refused).all(f"pillar-{home.other_pillar}")
    assert page(refused).error_of("name")


def test_a_habit_is_given_a_part_another_and_none(world: World):
    ada = world.signed_in(world.ada)
    made = {"pillar_id": str(world.pillar), "name": "Walk", "schedule": "daily"}
    ada.post("/habits", data=made | {"day_part": "morning"})
    habit = scalar("SELECT id FROM habits WHERE name = 'Walk'")
    url = f"/habits/{habit}"

    def part() -> object:
        return scalar("SELECT day_part FROM habits WHERE id = :id", id=habit)

    assert part() == "morning"
    for chosen in ("evening", ""):
        form = page(ada.get(url)).form(url)
        assert form.fields["day_part"] == part()
        assert ada.post(url, data=form.fields | {"day_part": chosen}).status_code == 303
        assert part() == chosen
    execute("UPDATE habits SET day_part = 'day' WHERE id = :id", id=habit)
    # A page that was drawn before takes nothing back.
    assert ada.post(url, data=form.fields | {"name": "Run"}).status_code == 303
    assert part() == "day"


@pytest.mark.parametrize("part", ["noon", "Morning", "\0", "x" * 10_000])
def test_a_part_that_is_none_is_refused_with_what_was_typed(world: World, part: str):
    ada = world.signed_in(world.ada)
    url = f"/habits/{world.habit}"
    answer = ada.post(url, data={"name": "Run", "day_part": part})
    assert answer.status_code == 422
    assert page(answer).form(url).fields["name"] == "Run"
    assert "Choose one from the list." in answer.text
    assert scalar("SELECT day_part FROM habits WHERE id = :id", id=world.habit) == ""
