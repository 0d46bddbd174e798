"""The ledger as its user reads it."""

from datetime import timedelta

import pytest

from app.infra import db
from app.queries.ledger import lines
from app.queries.ledger.lines import LINES_A_PAGE, LedgerPage
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import execute
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")


def see(me: Actor, before: int | None = None) -> LedgerPage:
    who = make.claims(me)
    with db.reading() as session:
        return lines.page(session, who, before)


def test_a_line_tells_its_reason(world: World):
    make.keep(world.ada, world.habit, TUESDAY - timedelta(days=1))
    make.take_back(world.ada, world.habit, TUESDAY - timedelta(days=1))
    back, given = see(world.ada).entries
    assert (given.amount, given.undo, given.label) == (10, False, "Read 10 pages")
    assert (back.amount, back.undo, back.day) == (-10, True, TUESDAY - timedelta(days=1))
    assert (given.pillar, given.pet, given.created_at) == ("Body", "", make.NOON)


@pytest.mark.parametrize("count", [0, 1, LINES_A_PAGE, LINES_A_PAGE + 1, 2 * LINES_A_PAGE + 1])
def test_the_pages_hold_every_line_once_and_say_whether_there_is_more(world: World, count: int):
    for back in range(count):
        make.keep(world.ada, world.habit, TUESDAY - timedelta(days=back % 60))
        if back % 60 == 59:
            execute("DELETE FROM commits")
    seen, page = [], see(world.ada)
    while True:
        seen += [line.id for line in page.entries]
        if page.older is None:
            break
        assert len(page.entries) == LINES_A_PAGE
        page = see(world.ada, page.older)
        assert page.entries
    assert len(seen) == count
    assert seen == sorted(set(seen), reverse=True)


def test_a_deleted_pillar_is_no_longer_named_and_the_line_stays(world: World):
    make.keep(world.ada, world.habit)
    execute("DELETE FROM pillars")
    (line,) = see(world.ada).entries
    assert (line.pillar, line.label, line.amount) == (None, "Read 10 pages", 10)


def test_nobody_reads_anothers_lines(world: World):
    make.keep(world.ada, world.habit)
    assert see(world.bob).entries == ()
    assert see(world.bob, 2**63 - 1).entries == ()
