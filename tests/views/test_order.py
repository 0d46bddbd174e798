"""The page of the order: what is dropped, moved by arrows, and chosen together."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import habits
from tests import world as make
from tests.views.database import changed, contents, scalar
from tests.views.pages import Page, page, send
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
both = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@dataclass(frozen=True)
class Home:
    """Ada's two pillars, with two habits in the first and one in the second."""

    browser: FlaskClient
    body: int
    mind: int
    walk: int
    run: int
    read: int


@pytest.fixture
def home(world: World) -> Home:
    mind = make.pillar(world.ada, "Mind")
    body = make.pillar(world.ada, "Body")
    walk, run = (make.habit(world.ada, body, name) for name in ("Walk", "Run"))
    read = make.habit(world.ada, mind, "Read")
    browser = world.signed_in(world.ada)
    browser.post(f"/pillars/{body}/move", data={"direction": "up"})
    return Home(browser, body, mind, walk, run, read)


def order(shown: Page) -> list[str]:
    """Return what stands on the page, from the top down."""
    ids = (given.get("id", "") for tag, given in shown.elements if tag == "li")
    return [name for name in ids if name]


def of(home: Home, *names: str) -> list[str]:
    pillars = {"body", "mind"}
    return [f"{'pillar' if it in pillars else 'habit'}-{getattr(home, it)}" for it in names]


def test_the_page_shows_everything_in_the_users_order(world: World, home: Home):
    assert order(page(home.browser.get("/order"))) == of(
        home, "body", "walk", "run", "mind", "read"
    )
    with db.transaction() as session:
        habits.archive(session, world.ada, home.walk)
    home.browser.post(f"/pillars/{home.mind}/archive")
    assert order(page(home.browser.get("/order"))) == of(home, "body", "run")
    nobody = world.signed_in(world.bob).get("/order")
    assert "There is nothing to put in order yet." in nobody.text
    assert not [form for form in page(nobody).forms if form.method == "post"]


@both
@pytest.mark.parametrize(
    ("sent", "expected", "said"),
    [
        (
            {"habit": "run", "pillar": "body", "before": "walk"},
            ["body", "run", "walk", "mind", "read"],
            "Run is 1 of 2 in Body now.",
        ),
        (
            {"habit": "walk", "pillar": "body", "before": ""},
            ["body", "run", "walk", "mind", "read"],
            "Walk is 2 of 2 in Body now.",
        ),
        (
            {"habit": "walk", "pillar": "mind", "before": "read"},
            ["body", "run", "mind", "walk", "read"],
            "Walk is 1 of 2 in Mind now.",
        ),
        (
            {"pillar": "mind", "before": "body"},
            ["mind", "read", "body", "walk", "run"],
            "Mind is 1 of 2 now.",
        ),
        ({"pillar": "body"}, ["mind", "read", "body", "walk", "run"], "Body is 2 of 2 now."),
    ],
)
def test_a_drop_puts_a_habit_or_a_pillar_where_it_says(
    home: Home, sent: dict[str, str], expected: list[str], said: str, headers: dict[str, str]
):
    data = {name: str(getattr(home, what)) if what else "" for name, what in sent.items()}
    key = page(home.browser.get("/order")).form("/order").fields["key"]
    answers = [home.browser.post("/order", data={"key": key, **data}, headers=headers)]
    # The same drop again changes nothing, and is told the same.
    version = scalar("SELECT max(version) FROM users")
    answers.append(home.browser.post("/order", data={"key": key, **data}, headers=headers))
    assert scalar("SELECT max(version) FROM users") == version
    for answer in answers:
        if headers:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.headers["Location"]) == (303, "/order")
    shown = answers[-1] if headers else home.browser.get("/order")
    assert order(page(shown)) == of(home, *expected)
    assert said in shown.text.replace("\u2068", "").replace("\u2069", "")


@both
def test_a_drop_beside_what_another_tab_has_moved_is_answered_with_the_truth(
    home: Home, headers: dict[str, str]
):
    home.browser.post(f"/habits/{home.walk}/move", data={"pillar_id": str(home.mind)})
    home.browser.get("/order")
    before = contents()
    data = {"habit": home.run, "pillar": home.body, "before": home.walk}
    answer = home.browser.post("/order", data=data, headers=headers)
    assert answer.status_code == 409
    assert order(page(answer)) == of(home, "body", "run", "mind", "read", "walk")
    assert "The order has changed in the meantime." in answer.text
    assert changed(before, contents()) == set()
    home.browser.post(f"/pillars/{home.mind}/archive")
    answer = home.browser.post("/order", data={"habit": home.run, "pillar": home.mind})
    assert answer.status_code == 409
    assert order(page(answer)) == of(home, "body", "run")


@both
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"pillar": ""},
        {"pillar": "x"},
        {"pillar": "{theirs}"},
        {"pillar": "{body}", "before": "{theirs}"},
        {"pillar": "{body}", "habit": "{other}"},
        {"pillar": "{body}", "habit": "{walk}", "before": "{other}"},
        {"pillar": "{theirs}", "habit": "{walk}"},
        {"pillar": "{body}", "habit": "0"},
        {"pillar": "{body}", "habit": "{walk}", "before": "9999999999999999999"},
    ],
)
def test_a_drop_of_what_is_not_there_or_not_yours_writes_nothing(
    world: World, home: Home, sent: dict[str, str], headers: dict[str, str]
):
    theirs = make.pillar(world.bob, "Theirs")
    ids = {
        "theirs": theirs, "other": make.habit(world.bob, theirs), "body": home.body,
        "walk": home.walk,
    }  # fmt: skip
    before = contents()
    data = {name: value.format(**ids) for name, value in sent.items()}
    assert home.browser.post("/order", data=data, headers=headers).status_code == 404
    assert changed(before, contents()) == set()


def test_the_arrows_lead_back_and_say_where_it_is_now(home: Home):
    shown = page(home.browser.get("/order"))
    (arrows,) = [form for form in shown.forms if form.fields.get("from") == "order"]
    for url, direction, expected, said in (
        (f"/habits/{home.run}", "up", ["body", "run", "walk", "mind", "read"], "Run is 1 of 2"),
        (f"/habits/{home.run}", "up", ["body", "run", "walk", "mind", "read"], "Run is 1 of 2"),
        (f"/pillars/{home.body}", "down", ["mind", "read", "body", "run", "walk"], "Body is 2"),
    ):
        # One form, whose key has been used for another arrow when somebody goes back.
        data = arrows.fields | {"direction": direction}
        answer = home.browser.post(f"{url}/move", data=data)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/order")
        after = home.browser.get("/order")
        assert order(page(after)) == of(home, *expected)
        assert said in after.text.replace("\u2068", "").replace("\u2069", "")


def test_the_chosen_are_moved_rested_and_archived(home: Home):
    form = page(home.browser.get("/order")).form("/order/several")
    both_of_them = {"habit": [home.walk, home.run]}

    def act(**more: str) -> str:
        answer = home.browser.post("/order/several", data=form.fields | both_of_them | more)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/order")
        return home.browser.get("/order").text

    assert "Moved: 2 habits." in act(act="move", pillar_id=str(home.mind))
    assert order(page(home.browser.get("/order"))) == of(
        home, "body", "mind", "read", "walk", "run"
    )
    assert "2 habits rest now." in act(act="rest", ends_on="2026-03-12")
    assert page(home.browser.get("/")).form(f"/habits/{home.read}/commit")
    assert scalar("SELECT count(*) FROM rests WHERE ends_on = '2026-03-12'") == 2
    assert home.browser.get("/rests").text.count("10 Mar 2026 to 12 Mar 2026") == 2
    assert "Archived: 2 habits, and their days stay." in act(act="archive")
    assert order(page(home.browser.get("/order"))) == of(home, "body", "mind", "read")
    restored = page(home.browser.get(f"/pillars/{home.mind}")).form(f"/habits/{home.run}/restore")
    send(home.browser, restored)
    assert f"habit-{home.run}" in order(page(home.browser.get("/order")))


def test_the_same_form_sent_twice_acts_once(home: Home):
    form = page(home.browser.get("/order")).form("/order/several")
    data = form.fields | {"habit": [home.walk, home.run], "act": "rest"}
    for _time in range(2):
        assert home.browser.post("/order/several", data=data).status_code == 303
    assert scalar("SELECT count(*) FROM rests") == 2


@both
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"act": "archive", "habit": []}, "Choose at least one habit."),
        ({"act": "move", "habit": [], "pillar_id": "{mind}"}, "Choose at least one habit."),
        ({"act": "move"}, "Choose a pillar."),
        ({"act": "burn"}, "Choose one from the list."),
        ({}, "Choose one from the list."),
        ({"act": "rest", "ends_on": "2026-03-09"}, "cannot come before its first"),
        ({"act": "rest", "ends_on": "2101-01-01"}, "Choose a day up to"),
        ({"act": "rest", "ends_on": "soon"}, "This is not a day."),
    ],
)
def test_what_cannot_be_done_is_told_and_what_was_chosen_stays(
    home: Home, sent: dict[str, object], sentence: str, headers: dict[str, str]
):
    before = contents()
    data = {"habit": [home.walk, home.run]} | sent
    if "pillar_id" in sent:
        data["pillar_id"] = str(home.mind)
    answer = home.browser.post("/order/several", data=data, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.text
    shown = page(answer)
    for habit in (home.walk, home.run, home.read):
        assert ("checked" in shown[f"choose-{habit}"]) == (habit in data["habit"])  # type: ignore[operator]
    if "ends_on" in sent:
        assert shown["several-ends_on"]["value"] == sent["ends_on"]
    assert changed(before, contents()) == set()


@both
@pytest.mark.parametrize("act", ["move", "rest", "archive", "burn", ""])
@pytest.mark.parametrize("mixed_in", ["theirs", "nobodys", "x", "-1"])
def test_one_that_is_not_yours_among_them_is_not_there_and_nothing_is_written(
    world: World, home: Home, act: str, mixed_in: str, headers: dict[str, str]
):
    theirs = str(make.habit(world.bob, make.pillar(world.bob)))
    mixed_in = {"theirs": theirs, "nobodys": "123456789012345"}.get(mixed_in, mixed_in)
    before = contents()
    data = {"act": act, "habit": [str(home.walk), mixed_in], "pillar_id": str(home.mind)}
    answer = home.browser.post("/order/several", data=data, headers=headers)
    assert answer.status_code == 404
    assert changed(before, contents()) == set()


@pytest.mark.parametrize("act", ["move", "rest", "archive", "burn"])
def test_a_strangers_pillar_is_not_there_whatever_is_done(world: World, home: Home, act: str):
    theirs, before = make.pillar(world.bob), None
    for pillar in (str(theirs), "x"):
        before = contents()
        data = {"act": act, "habit": str(home.walk), "pillar_id": pillar}
        assert home.browser.post("/order/several", data=data).status_code == 404
        assert changed(before, contents()) == set()


def test_a_pillar_that_was_archived_takes_none_of_them(home: Home):
    home.browser.post(f"/pillars/{home.mind}/archive")
    home.browser.get("/")
    data = {"act": "move", "habit": str(home.walk), "pillar_id": str(home.mind)}
    answer = home.browser.post("/order/several", data=data)
    assert answer.status_code == 409
    assert "is archived. Restore it first." in answer.text
    assert "checked" in page(answer)[f"choose-{home.walk}"]


def test_the_address_of_the_form_leads_to_the_page(home: Home):
    answer = home.browser.get("/order/several")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/order")


def test_the_page_takes_one_statement_however_much_it_shows(world: World, home: Home, statements):
    with statements() as few:
        home.browser.get("/order")
    for _more in range(20):
        make.habit(world.ada, home.body)
    with statements() as many:
        home.browser.get("/order")
    assert len(few) == len(many) == 1
