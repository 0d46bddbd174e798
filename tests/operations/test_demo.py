"""The demo: a year that the app could have written itself, and nobody else's row touched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.infra import db, deadline
from app.operations import accounts, demo, habits, sessions
from app.operations.demo.books import Books
from app.operations.demo.cast import AREAS, COMPANIONS, LENGTH, ROLES
from app.operations.demo.story import Calendar, Press, presses
from app.queries.ledger import verify
from app.rules.identity import Actor
from tests import world as make
from tests.views.database import contents, execute
from tests.world import PASSWORD_HASH, World

Stop = Callable[[datetime], None]

TOKYO = "Asia/Tokyo"
TEATIME = datetime(2026, 3, 10, 7, tzinfo=UTC)
WINDOW = 18  # Days that are pressed again through the app, up to today.

# What a person sees of their history: no ids, since those are never given twice.
HISTORY = """
    SELECT h.name, e.day, e.amount, p.name, t.name, e.created_at, e.reverses_id IS NOT NULL
    FROM ledger_entries e JOIN habits h ON h.id = e.habit_id
    JOIN pillars p ON p.id = e.pillar_id JOIN pets t ON t.id = e.pet_id
    JOIN users u ON u.id = e.user_id AND u.email = 'demo@example.org' ORDER BY e.id
"""
KEPT = """
    SELECT c.day, c.created_at, s.starts_on, h.archived_at
    FROM commits c JOIN habits h ON h.id = c.habit_id JOIN schedules s ON s.habit_id = h.id
"""


def played(zone: str = "UTC", seed: int = demo.SEED) -> demo.Made:
    with db.transaction() as session:
        return demo.make(session, PASSWORD_HASH, zone, seed)


def rows(statement: str, **values: object) -> list[Any]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def differences() -> list[str]:
    # As the command does: what was just written in bulk has no statistics, and takes its time.
    with deadline.within(60), db.reading() as session:
        return list(verify.differences(session))


def test_the_year_is_whole_and_its_books_agree(app: object, at: Stop):
    at(TEATIME)
    made = played(TOKYO)
    assert differences() == []
    assert not made.replaced
    assert rows("SELECT count(*) FROM commits") == [(made.commits,)]
    assert made.commits > 2000
    pillars = rows("SELECT name FROM pillars ORDER BY position")
    assert [name for (name,) in pillars] == ["Body", "Mind", "Home", "Work", "People", "Calm"]
    assert rows("SELECT timezone, is_premium, pillar_count FROM users") == [(TOKYO, True, 6)]
    assert rows("SELECT count(*) > 2 FROM habits WHERE archived_at IS NOT NULL") == [(True,)]
    assert rows("SELECT count(*) > 2 FROM ledger_entries WHERE reverses_id IS NOT NULL") == [
        (True,)
    ]
    first, second = rows("SELECT best_stage, is_active, best_level FROM pets ORDER BY id")
    assert first[:2] == (4, False)
    assert second[0] in (1, 2, 3)
    assert second[1]


def test_every_commit_was_pressed_on_its_day_or_on_the_morning_after(app: object, at: Stop):
    at(TEATIME)
    played(TOKYO)
    today, days = date(2026, 3, 10), set()
    for day, created_at, starts_on, archived_at in rows(KEPT):
        pressed = created_at.astimezone(ZoneInfo(TOKYO)).date()
        assert starts_on <= day <= pressed <= min(today, day + timedelta(days=1))
        assert created_at <= TEATIME
        assert archived_at is None or created_at < archived_at
        days.add(day)
    assert min(days) >= date(2025, 3, 10)
    year = [date(2025, 3, 10) + timedelta(days=number) for number in range(LENGTH)]
    quiet = "".join("-" if day in days else "." for day in year)
    assert "." * 14 in quiet, "nobody goes on holiday"
    assert "." * 20 not in quiet
    kept_today = rows("SELECT count(*) FROM commits WHERE day = :today", today=today)
    assert kept_today[0][0] in (3, 4)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 9, 15, 0, tzinfo=UTC),  # Midnight in Tokyo.
        datetime(2026, 3, 9, 15, 0, 2, tzinfo=UTC),
    ],
)
def test_a_day_that_has_just_begun_is_part_kept_too(app: object, at: Stop, now: datetime):
    at(now)
    played(TOKYO)
    assert differences() == []
    kept = rows("SELECT created_at FROM commits WHERE day = '2026-03-10'")
    assert len(kept) == 4
    assert all(created_at <= now for (created_at,) in kept)


def test_equal_seeds_on_equal_days_give_equal_histories(app: object, at: Stop):
    at(TEATIME)
    played()
    first = rows(HISTORY)
    made = played()
    assert made.replaced
    assert rows(HISTORY) == first
    played(seed=2)
    assert rows(HISTORY) != first
    assert differences() == []


def test_nobody_else_is_touched(world: World, at: Stop):
    at(TEATIME)
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        session.execute(text("UPDATE users SET version = version + 5"))
    before = contents()
    played()
    played()
    with db.transaction() as session:
        (user_id,) = session.scalars(text("SELECT id FROM users WHERE email = 'demo@example.org'"))
        accounts.delete(session, user_id)
    assert contents() == before


def test_the_books_are_those_that_pressing_in_the_app_would_have_written(app: object, at: Stop):
    calendar = Calendar("UTC", TEATIME)
    begin = calendar.at(calendar.day(LENGTH - WINDOW), 0)
    told = _with_doubts(
        [press for press in presses(calendar, seed=1) if press.at > begin],
        calendar.day(LENGTH - 3),
    )
    at(begin)
    me, keys = _troupe(calendar)
    books = Books(calendar, me.user_id)
    leading = 0
    for press in told:
        at(press.at)
        if not leading and press.at > calendar.at(calendar.day(COMPANIONS[1].leads), 0):
            leading = 1
            execute("UPDATE pets SET is_active = false")
            execute(
                "INSERT INTO pets (user_id, species, is_active, created_at)"
                " VALUES (:me, 'owl', true, :now)",
                me=me.user_id, now=press.at,
            )  # fmt: skip
        (make.keep if press.keeps else make.take_back)(me, keys[press.role], press.day)
        books.enter(press)

    assert leading == 1
    pets = [pet for (pet,) in rows("SELECT id FROM pets ORDER BY id")]
    assert rows(
        "SELECT habit_id, pet_id, day, amount, created_at FROM ledger_entries ORDER BY id"
    ) == [(keys[line.role], pets[line.pet], line.day, line.amount, line.at) for line in books.lines]
    assert any(line.reverses is not None for line in books.lines)
    assert rows("SELECT xp, days_kept, best_level, best_stage FROM pets ORDER BY id") == [
        (pet.xp, pet.days, pet.best_level, pet.best_stage) for pet in books.pets
    ]
    assert rows("SELECT xp, best_level FROM pillars ORDER BY id") == [
        (books.pillars[area].xp, books.pillars[area].best_level) for area in AREAS
    ]
    assert rows("SELECT milestone FROM habits ORDER BY id") == [
        (diary.milestone,) for diary in books.diaries
    ]
    assert rows("SELECT day, pet_id, number, created_at FROM finds ORDER BY day") == [
        (day, pets[found.pet], found.number, found.at) for day, found in sorted(books.finds.items())
    ]
    assert len(books.finds) > WINDOW // 2
    assert differences() == []


def _with_doubts(told: list[Press], emptied: date) -> list[Press]:
    """Take back each fortieth commit, half of these for a while only, and all of one day."""
    kept = list({(press.role, press.day): press for press in told}.values())
    doubts = [
        replace(press, at=press.at + timedelta(seconds=1), keeps=False)
        for place, press in enumerate(kept)
        if place % 40 == 0 or press.day == emptied
    ]
    again = [
        replace(doubt, at=doubt.at + timedelta(hours=1), keeps=True)
        for doubt in doubts
        if doubt.day != emptied
    ][::2]
    return sorted([*kept, *doubts, *again], key=lambda press: press.at)


def _troupe(calendar: Calendar) -> tuple[Actor, list[int]]:
    """Make somebody with all roles as their habits, begun when they begin in the demo."""
    me = make.user("somebody@example.org")
    pillars = {area: make.pillar(me, area.name) for area in AREAS}
    keys = []
    for role in ROLES:
        begins = calendar.day(role.begins)
        keys.append(make.habit(me, pillars[role.area], role.name, role.effort, begins))
        if role.ends <= LENGTH:
            with db.transaction() as session:
                habits.archive(session, me, keys[-1])
    with db.transaction() as session:
        return sessions.open_session(session, me.user_id, TEATIME), keys
