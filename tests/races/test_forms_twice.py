"""Every form sent twice, at once or one after the other, with HTMX and without: it acts once.

The table of the forms is that of the cache's tests, where a route that is not in it fails a test.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cached_property

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.infra import db
from app.infra.db import Base
from app.rules.identity import Actor
from tests import world as make
from tests.conftest import browser
from tests.races.crowd import HTMX, at_once
from tests.views.cached_pages import FORM, furnish
from tests.views.pages import page
from tests.views.test_cache import DEEDS, Deed
from tests.world import World

pytestmark = pytest.mark.usefixtures("at")

SHAPES = {"plain": {}, "HTMX": HTMX}
# Ids differ, and with them which find is brought; hashes have a salt, what is sealed has one too,
# and a write that finds its work done may be counted.
_NOT_COMPARED = {
    "id",
    "password_hash",
    "version",
    "key",
    "route",
    "number",
    "mark",
    "token_hash",
    "hash",
    "code_hash",
    "secret",
    "seen_entry",
}
# Texts with an id in them, or made at random.
_WITH_IDS = {("webhook_deliveries", "body"), ("webhook_deliveries", "source")}
# Whoever has sent them is not signed in by that, or not any more.
_OUTSIDE = {"sessions.end", "resets.create", "resets.update"}
# A letter's link differs each time.
_ROWS = """
    SELECT ((to_jsonb(t) - CAST(:names AS text[])) #- '{{facts,token}}')::text FROM {} t WHERE {}
"""
# Which rows are compared, where it is not all of a table.
_SAME = {"audit": "event <> 'proved again'"}
# Fields that make another act of the same form; of the others one example is enough.
_TELLING = {"pet", "egg", "pillar_id", "everywhere"}
FORMS = list(
    {(deed.endpoint, *sorted(_TELLING & deed.sent.keys())): deed for deed in DEEDS}.values()
)

Sender = Callable[[int], TestResponse]


def one_by_one(_app: Flask, many: int, act: Sender) -> list[TestResponse]:
    return [act(number) for number in range(many)]


ORDERS = {"at once": at_once, "one after the other": one_by_one}


def effect() -> dict[str, list[str]]:
    """Return the rows of every table, without what differs from one time to the next.

    Tries are counted each, whatever becomes of them, and so are proofs.
    """
    with db.reading() as session:
        return {
            table.name: sorted(
                session.scalars(
                    text(_ROWS.format(table.name, _SAME.get(table.name, True))),
                    {"names": [c.name for c in table.columns if _differs(c.name, table.name)]},
                )
            )
            for table in Base.metadata.tables.values()
            if table.name != "sign_in_failures"
        }


def _differs(column: str, table: str) -> bool:
    by_name = column in _NOT_COMPARED or column.endswith(("_id", "_by"))
    return by_name or (table, column) in _WITH_IDS


class Home:
    """Ada's things, made anew, and a browser for each time that a form is sent."""

    def __init__(self, app: Flask, deed: Deed, many: int) -> None:
        with db.transaction() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(text(f"DELETE FROM {table.name}"))
        world = World(app)
        home = furnish(world)
        # With a third one, moving the first down twice is not the same as once.
        make.habit(world.ada, home.pillar, "Sleep")
        names = {f.name: str(getattr(home, f.name)) for f in fields(home)}
        self.app, self.url = app, deed.url.format(**names)
        self.sent = {name: value.format(**names) for name, value in deed.sent.items()}
        self.browsers = [self._browser(world, deed.who) for _ in range(many)]

    def _browser(self, world: World, who: str) -> FlaskClient:
        if who == "half way":
            return world.half_way("pia@example.org")
        if who == "visitor":
            return browser(self.app)
        return world.signed_in(self._root if who == "root" else getattr(world, who))

    @cached_property
    def _root(self) -> Actor:
        return make.admin()

    def send(self, number: int, shape: str = "plain") -> TestResponse:
        """Send the form, by the browser `number`, which had its page before any of them did."""
        sent = self.sent | {"key": FORM}
        return self.browsers[number].post(self.url, data=sent, headers=SHAPES[shape])


@pytest.mark.parametrize("deed", FORMS, ids=str)
def test_a_form_sent_twice_acts_once_and_says_so_twice(racing_app: Flask, deed: Deed):
    home = Home(racing_app, deed, 1)
    home.send(0)
    expected = effect()
    for order, in_order in ORDERS.items():
        for shape in SHAPES:
            home = Home(racing_app, deed, 2)
            answers = in_order(racing_app, 2, lambda n, h=home, s=shape: h.send(n, s))
            assert effect() == expected, (order, shape)
            first, second = map(told, answers)
            assert first == second, (order, shape)
            signed_in = deed.endpoint not in _OUTSIDE
            for person in home.browsers:
                assert (person.get("/pillars").status_code == 200) == signed_in, (order, shape)


def told(answer: TestResponse) -> tuple[int, str | None, str | None]:
    """Return the status and where to; an answer that refuses is none of these."""
    # It may be a file.
    said = answer.data.decode(errors="replace")
    assert answer.status_code in {200, 204, 303}, said
    assert 'role="alert"' not in said
    assert 'data-tone="error"' not in said
    return answer.status_code, answer.headers.get("Location"), answer.headers.get("HX-Redirect")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", ["/pillars/{pillar}/delete", "/habits/{habit}/delete"])
def test_what_is_deleted_twice_is_gone_both_times(racing_app: Flask, place: str, shape: str):
    home = Home(racing_app, Deed("", place), 2)
    for number, person in enumerate(home.browsers):
        home.send(number, shape)
        assert page(person.get("/")).text("toast") == "Deleted. Your pet keeps its XP."
    assert home.browsers[0].get(home.url).status_code == 404


def test_a_form_that_comes_again_much_later_undoes_nothing(racing_app: Flask):
    home = Home(racing_app, Deed("", "/pillars/{pillar}/move"), 1)
    person = home.browsers[0]
    order = [pillar_order(person)]
    for key, direction in (("first", "down"), ("second", "up"), ("first", "down")):
        person.post(home.url, data={"key": key, "direction": direction})
        order.append(pillar_order(person))
    assert order[1] != order[0]
    assert order[3] == order[2] == order[0]


def pillar_order(person: FlaskClient) -> list[str]:
    lines = page(person.get("/pillars")).elements
    return [given["id"] for _tag, given in lines if given.get("id", "").startswith("line-")]
