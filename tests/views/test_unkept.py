"""The question about a habit that was not kept in a long while: one habit at a time, on Today."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import pillars
from tests import world as make
from tests.views.database import contents, scalar
from tests.views.pages import Form, page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
YESTERDAY = TUESDAY + 29 * DAY


@pytest.fixture
def habits(world: World, at: Callable) -> list[int]:
    """Ada's habits of thirty days: the first is kept, and two are not."""
    names = ("Walk", "Sing <loud>", "Write")
    made = [make.habit(world.ada, world.pillar, name, starts_on=TUESDAY) for name in names]
    at(NOON + 30 * DAY)
    make.keep(world.ada, made[0], YESTERDAY)
    return made


@pytest.fixture
def ada(world: World, habits: list[int]) -> FlaskClient:
    """Her browser."""
    return world.signed_in(world.ada)


def question(client: FlaskClient) -> dict[str, Form]:
    """Return the forms by which Today asks about a habit, by what each answers."""
    forms = [form for form in page(client.get("/")).forms if form.action.endswith("/answer")]
    assert len({form.action for form in forms}) <= 1
    return {form.fields["answer"]: form for form in forms}


def test_the_first_habit_of_a_long_while_is_asked_about_below_its_row(
    ada: FlaskClient, habits: list[int]
):
    shown = ada.get("/").text
    said = "Not kept for a while. Make it smaller, rest it, or let it go?"
    assert shown.count(said) == 1
    rows = [shown.index(f'id="habit-{habit}"') for habit in habits]
    assert rows[1] < shown.index(said) < rows[2]
    assert 'aria-label="Let it go: Sing &lt;loud&gt;"' in shown
    forms = question(ada)
    assert set(forms) == {"smaller", "rest", "let-go", "keep"}
    assert {form.action for form in forms.values()} == {f"/habits/{habits[1]}/answer"}


@pytest.mark.parametrize(
    ("said", "where", "told"),
    [
        ("smaller", "/habits/{habit}#edit-habit", ""),
        ("rest", "/", "It rests from today on."),
        ("let-go", "/", "Archived, and its days stay."),
        ("keep", "/", "It stays as it is."),
    ],
)
def test_each_answer_is_taken_once_and_the_next_habit_is_asked_about(
    ada: FlaskClient, habits: list[int], said: str, where: str, told: str
):
    form = question(ada)[said]
    for _time in range(2):
        answer = ada.post(form.action, data=form.fields)
        assert answer.headers["Location"] == where.format(habit=habits[1])
    shown = ada.get("/").text
    assert told in shown
    assert question(ada)["keep"].action == f"/habits/{habits[2]}/answer"
    assert scalar("SELECT count(*) FROM rests") == (said in {"rest", "let-go"})


def test_what_is_no_answer_leaves_the_habit_as_it_is(ada: FlaskClient, habits: list[int]):
    assert ada.post(f"/habits/{habits[1]}/answer", data={"answer": "burn"}).status_code == 303
    assert scalar("SELECT count(*) FROM rests") == 0
    assert question(ada)["keep"].action == f"/habits/{habits[2]}/answer"


def test_a_habit_that_was_just_made_is_not_asked_about_however_early_it_began(
    world: World, ada: FlaskClient, habits: list[int], at: Callable
):
    for habit in habits:
        make.keep(world.ada, habit)
    fresh = make.habit(world.ada, world.pillar, "Row", starts_on=TUESDAY - 100 * DAY)
    make.keep(world.ada, fresh, TUESDAY - 90 * DAY)
    for days, is_asked in ((0, False), (29, False), (30, True)):
        at(NOON + (30 + days) * DAY)
        make.keep(world.ada, habits[0])
        assert bool(question(ada)) is is_asked
        for habit in habits:
            make.keep(world.ada, habit)
    assert question(ada)["keep"].action == f"/habits/{fresh}/answer"


def test_a_kept_habit_is_asked_about_no_more(world: World, ada: FlaskClient, habits: list[int]):
    for habit in habits[1:]:
        make.keep(world.ada, habit)
    assert question(ada) == {}


def test_while_the_day_itself_has_something_to_say_no_habit_is_asked_about(
    world: World, ada: FlaskClient, habits: list[int], at: Callable
):
    assert question(ada)
    at(NOON + 33 * DAY)
    assert 'data-notice="away"' in ada.get("/").text
    assert question(ada) == {}
    ada.post("/rests/not-away")
    assert 'data-notice="back"' in ada.get("/").text
    assert question(ada) == {}
    make.keep(world.ada, habits[0])
    assert question(ada)
    make.rest(world.ada)
    assert question(ada) == {}


def test_a_habit_that_rests_or_is_folded_away_is_not_asked_about(
    world: World, ada: FlaskClient, habits: list[int]
):
    make.rest(world.ada, world.pillar)
    assert question(ada) == {}
    for rest in page(ada.get("/rests")).forms:
        if rest.action.endswith("/end"):
            ada.post(rest.action)
    assert question(ada)
    with db.transaction() as session:
        pillars.fold(session, world.ada, world.pillar, True)
    assert question(ada) == {}


def test_whoever_reloads_an_answer_comes_to_the_habit(ada: FlaskClient, habits: list[int]):
    before = contents()
    answer = ada.get(f"/habits/{habits[1]}/answer")
    assert answer.headers["Location"] == f"/habits/{habits[1]}"
    assert contents() == before


def test_the_question_costs_no_statement(
    ada: FlaskClient, habits: list[int], statements: Callable, world: World
):
    counts = []
    for _time in range(2):
        with statements() as seen:
            ada.get("/")
        counts.append(len(seen))
        for habit in habits[1:]:
            make.keep(world.ada, habit)
    assert counts[0] == counts[1]
