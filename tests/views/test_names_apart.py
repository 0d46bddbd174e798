"""A name that is read from right to left turns nothing of the sentence in which it stands."""

from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from app.infra import db
from app.operations import habits, pillars
from tests import world as make
from tests.views.database import execute
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

HTMX = {"HX-Request": "true"}
PET, PILLAR, HABIT, RESTING = "מיסו", "גוף (2)", "קריאה 10", "שועל"
NAMES = (PET, PILLAR, HABIT, RESTING)
FSI, PDI = "\u2068", "\u2069"
# What is drawn by itself, whatever is around it.
ALONE = {"option", "button"}
SAID = {"aria-label", "title", "alt", "label", "content"}
VOID = {"input", "meta", "link", "br", "img"}


class _Texts(HTMLParser):
    """The texts of a page that hold a name, and whether an element isolates each."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, bool]] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(value or "", False) for name, value in attrs if name in SAID]
        if tag not in VOID:
            self._open.append((tag, tag == "bdi" or ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in {name for name, _isolates in self._open}:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag = self._open[-1][0] if self._open else ""
        apart = tag in ALONE or any(isolates for _tag, isolates in self._open)
        self.found.append((data, apart))


def turning(html: str) -> list[str]:
    """Return the texts in which a name could turn what is around it."""
    return list(_turning(html))


def _turning(html: str) -> Iterator[str]:
    for text, apart in _Texts(html).found:
        for name in NAMES:
            if name in text.replace(f"{FSI}{name}{PDI}", ""):
                alone = text.strip() == name if apart else text == name
                if not alone:
                    yield " ".join(text.split())


@pytest.fixture
def ids(world: World) -> dict[str, int]:
    """Ada's things, in every state, with names from right to left."""
    me, began = world.ada, date(2026, 1, 1)
    found = {name: make.pillar(me, PILLAR) for name in ("pillar", "archived")}
    for name in ("habit", "put_away"):
        found[name] = make.habit(me, found["pillar"], HABIT, starts_on=began)
    for back in (0, 1, 2, 20):
        make.keep(me, found["habit"], TUESDAY - timedelta(days=back))
    make.take_back(me, found["habit"])
    make.keep(me, found["put_away"], TUESDAY - timedelta(days=8))
    with db.transaction() as session:
        habits.archive(session, me, found["put_away"])
        pillars.archive(session, me, found["archived"])
    make.note(me, found["habit"], "Slow.")
    execute("UPDATE pets SET name = :name, best_stage = 3", name=PET)
    execute(
        "INSERT INTO pets (user_id, species, name, is_active, created_at)"
        " SELECT user_id, 'fox', :name, false, now() FROM pets",
        name=RESTING,
    )
    return found


@pytest.fixture
def ada(world: World, ids: dict[str, int]) -> FlaskClient:
    assert ids
    return world.signed_in(world.ada)


PAGES = [
    "/", "/pillars", "/pillars/{pillar}", "/pillars/{archived}", "/pillars/{pillar}/delete",
    "/habits/{habit}", "/habits/{put_away}", "/habits/{habit}/delete", "/pet", "/pet/finds",
    "/ledger", "/notes", "/stats/month", "/stats", "/stats?pillar={pillar}",
    "/stats?habit={put_away}", "/settings",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_a_name_that_turns_its_sentence(
    ada: FlaskClient, ids: dict[str, int], page: str
):
    text = ada.get(page.format(**ids)).text
    assert page in {"/pet/finds", "/settings"} or any(name in text for name in NAMES)
    assert turning(text) == []


def test_on_a_monday_the_week_before_is_told_with_names_apart(world: World, ada: FlaskClient, at):
    at(NOON + timedelta(days=6))
    text = world.signed_in(world.ada).get("/").text
    assert turning(text) == []


def test_what_is_said_after_a_press_holds_names_apart(ada: FlaskClient, ids: dict[str, int]):
    commit = f"/habits/{ids['habit']}/commit"
    said = [
        ada.post(commit, data={"day": "2026-03-10"}, headers=HTMX),
        ada.post(f"/habits/{ids['habit']}/undo", data={"day": "2026-03-10"}, headers=HTMX),
        ada.post(f"/habits/{ids['put_away']}/commit", headers=HTMX),
        ada.post(f"/habits/{ids['put_away']}/commit"),
        ada.post("/pillars", data={"name": PILLAR, "color": "clay", "icon": "heart"}),
        ada.post("/habits", data={"name": HABIT, "pillar_id": ids["pillar"], "effort": "easy"}),
        ada.get("/"),
    ]
    assert [turning(answer.text) for answer in said] == [[]] * len(said)
    assert f"{FSI}{HABIT}{PDI} " in said[2].text


def test_a_name_that_is_read_with_the_sentence_stands_as_it_is(world: World):
    make.habit(world.ada, world.pillar, "Lire « 10 » pages")
    text = world.signed_in(world.ada).get("/pillars").text
    assert FSI not in text
