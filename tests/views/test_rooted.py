"""Taking root on the screen: offered on Today and on the habit's page, told, and taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.views.database import contents, execute, scalar
from tests.views.pages import page
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

DAY = timedelta(days=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def strong(world: World) -> int:
    """A habit of Ada's that may take root."""
    return make.strong(world.ada, world.pillar, "Write <more>")


@pytest.fixture
def ada(world: World, strong: int) -> FlaskClient:
    """Her browser."""
    return world.signed_in(world.ada)


def sunday(world: World, at: Callable, strong: int) -> None:
    """Come to the last day of the week, with everything kept until then."""
    for days in range(6):
        at(NOON + days * DAY)
        make.keep(world.ada, strong)


def test_on_the_last_day_of_the_week_today_offers_a_habit_to_take_root(
    world: World, ada: FlaskClient, strong: int, at: Callable
):
    make.keep(world.ada, strong)
    assert "Let it take root" not in ada.get("/").text
    sunday(world, at, strong)
    shown = ada.get("/")
    assert 'data-notice="rooted"' in shown.text
    assert "Write &lt;more&gt;</a> comes by itself by now." in shown.text
    form = page(shown).form(f"/habits/{strong}/root")
    for _time in range(2):
        assert ada.post(form.action, data=form.fields).headers["Location"] == "/"
    told = ada.get("/").text
    assert 'data-moment="rooted"' in told
    assert "has taken root. You need no asking any more." in told
    assert "Rooted. It stays in its pillar" in told
    assert f'id="habit-{strong}"' not in told
    assert scalar("SELECT count(*) FROM moments WHERE number = 0") == 1


def test_not_yet_asks_again_in_two_months(
    world: World, ada: FlaskClient, strong: int, at: Callable
):
    sunday(world, at, strong)
    form = page(ada.get("/")).form(f"/habits/{strong}/not-yet")
    assert ada.post(form.action, data=form.fields).headers["Location"] == "/"
    assert "We ask again in two months." in ada.get("/").text
    assert 'data-notice="rooted"' not in ada.get("/").text
    assert "Let it take root" not in ada.get(f"/habits/{strong}").text


def test_a_habit_that_is_not_strong_enough_is_offered_nothing(
    world: World, ada: FlaskClient, strong: int, at: Callable
):
    execute("DELETE FROM commits WHERE day BETWEEN :first AND :last",
            first=TUESDAY - 32 * DAY, last=TUESDAY - 30 * DAY)  # fmt: skip
    sunday(world, at, strong)
    assert 'data-notice="rooted"' not in ada.get("/").text
    url = f"/habits/{strong}"
    assert "Let it take root" not in ada.get(url).text
    before = contents()
    answer = ada.post(f"{url}/root")
    assert answer.status_code == 422
    assert "A habit takes root when it was 90 % strong or more for 60 days." in answer.text
    assert contents() == before


def test_its_page_offers_it_on_any_day_and_lets_it_return(
    world: World, ada: FlaskClient, strong: int
):
    url = f"/habits/{strong}"
    form = page(ada.get(url)).form(f"{url}/root")
    assert ada.post(form.action, data=form.fields).headers["Location"] == url
    shown = ada.get(url)
    assert "Rooted since 10 Mar 2026." in shown.text
    assert "This habit is archived." not in shown.text
    assert f'action="{url}/restore"' not in shown.text
    assert f'action="{url}/commit"' not in shown.text
    form = page(shown).form(f"{url}/unroot")
    assert ada.post(form.action, data=form.fields).headers["Location"] == url
    assert "It is back on Today." in ada.get("/").text
    assert f'id="habit-{strong}"' in ada.get("/").text


def test_its_pillar_lists_it_with_its_numbers(world: World, ada: FlaskClient, strong: int):
    ada.post(f"/habits/{strong}/root")
    shown = ada.get(f"/pillars/{world.pillar}")
    rooted = page(shown).text("rooted")
    assert "Best: 110 · kept on 110 days · strength 100 %" in rooted
    assert f'id="habit-{strong}"' not in shown.text
    form = page(shown).form(f"/habits/{strong}/unroot")
    answer = ada.post(form.action, data=form.fields)
    assert answer.headers["Location"] == f"/pillars/{world.pillar}"
    assert f'id="habit-{strong}"' in ada.get(f"/pillars/{world.pillar}").text


def test_it_is_kept_among_the_moments(ada: FlaskClient, strong: int):
    ada.post(f"/habits/{strong}/root")
    assert "Write &lt;more&gt;</bdi> took root." in ada.get("/pet/moments").text


def test_a_press_from_an_older_page_says_that_it_is_rooted(ada: FlaskClient, strong: int):
    ada.post(f"/habits/{strong}/root")
    answer = ada.post(f"/habits/{strong}/commit", headers=HTMX)
    assert answer.status_code == 409
    assert "has taken root. Let it return to Today first." in answer.text


@pytest.mark.parametrize("act", ["root", "unroot", "not-yet"])
def test_whoever_reloads_an_answer_comes_to_the_habit(ada: FlaskClient, strong: int, act: str):
    assert ada.get(f"/habits/{strong}/{act}").headers["Location"] == f"/habits/{strong}"


def test_the_offer_costs_one_statement_on_one_day_of_the_week(
    world: World, ada: FlaskClient, strong: int, at: Callable, statements: Callable
):
    make.keep(world.ada, strong)
    counts = []
    for days in (0, 5):
        at(NOON + days * DAY)
        for back in range(days):
            make.keep(world.ada, strong, TUESDAY + (days - back) * DAY)
        # The first look of a day reads anew who is looking.
        ada.get("/pillars")
        with statements() as seen:
            ada.get("/")
        counts.append(len(seen))
    assert counts[1] == counts[0] + 1


def test_how_it_works_says_what_taking_root_is(ada: FlaskClient):
    assert "at least 90 % strong for 60 days may take root" in ada.get("/how").text
