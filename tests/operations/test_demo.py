"""The demo: a year that the app could have written itself, and nobody else's row touched."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.infra import db, deadline
from app.operations import accounts, demo
from app.operations.demo.calendar import Calendar
from app.operations.demo.cast import COMPANIONS, LENGTH
from app.queries.ledger import verify
from tests import world as make
from tests.views.database import changed, contents
from tests.world import PASSWORD_HASH, World

Stop = Callable[[datetime], None]

TOKYO = "Asia/Tokyo"
TEATIME = datetime(2026, 3, 10, 7, tzinfo=UTC)

# What a person sees of their history: no ids, since those are never given twice.
HISTORY = """
    SELECT h.name, e.day, e.amount, p.name, t.name, e.created_at, e.reverses_id IS NOT NULL
    FROM ledger_entries e JOIN habits h ON h.id = e.habit_id
    JOIN pillars p ON p.id = e.pillar_id JOIN pets t ON t.id = e.pet_id
    JOIN users u ON u.id = e.user_id AND u.email = 'demo@example.org' ORDER BY e.id
"""
MOMENTS = """
    SELECT m.occasion, coalesce(t.name, m.label), m.number, m.day, m.created_at
    FROM moments m LEFT JOIN pets t ON m.occasion IN ('hatch', 'stage', 'level')
        AND t.user_id = m.user_id AND t.id = m.subject_id
    JOIN users u ON u.id = m.user_id AND u.email = 'demo@example.org' ORDER BY 1, 2, 3
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
    first, moments = rows(HISTORY), rows(MOMENTS)
    made = played()
    assert made.replaced
    assert rows(HISTORY) == first
    assert rows(MOMENTS) == moments
    assert {row[0] for row in moments} == {
        "hatch", "stage", "species", "all-kept", "level", "milestone", "pillar",
    }  # fmt: skip
    played(seed=2)
    assert rows(HISTORY) != first
    assert differences() == []


def test_every_rhythm_is_there_and_every_kind_is_counted(app: object, at: Stop):
    at(TEATIME)
    played(TOKYO)
    known = rows("SELECT DISTINCT kind FROM schedules ORDER BY 1")
    assert [kind for (kind,) in known] == ["daily", "every", "monthly", "weekdays", "weekly"]
    known = rows("SELECT DISTINCT measure FROM schedules ORDER BY 1")
    assert [kind for (kind,) in known] == ["at_least", "at_most", "check"]
    assert rows("SELECT DISTINCT kind FROM rests ORDER BY 1") == [
        ("archive",),
        ("rest",),
        ("skip",),
    ]
    assert rows("SELECT count(*) > 3 FROM notes") == [(True,)]
    # What is kept was counted, or was not too much; the rest was done in part.
    sums = rows("""
        SELECT s.measure, c.day IS NOT NULL, bool_and(n.amount >= s.target),
               bool_and(n.amount <= s.target)
        FROM (SELECT habit_id, day, sum(amount) AS amount FROM amounts GROUP BY 1, 2) AS n
        JOIN schedules s ON s.habit_id = n.habit_id AND s.kind = 'daily'
        LEFT JOIN commits c ON c.habit_id = n.habit_id AND c.day = n.day
        WHERE n.day < '2026-03-09' GROUP BY 1, 2 ORDER BY 1, 2
    """)
    assert sums == [
        ("at_least", False, False, True),
        ("at_least", True, True, False),
        ("at_most", False, True, False),
        ("at_most", True, False, True),
    ]
    today = rows("SELECT count(DISTINCT habit_id) FROM amounts WHERE day = '2026-03-10'")
    assert today == [(3,)]


def test_nobody_else_is_touched(world: World, at: Stop):
    at(TEATIME)
    make.keep(world.ada, world.habit)
    with db.transaction() as session:
        session.execute(text("UPDATE users SET version = version + 5"))
    before = contents()
    noted = rows("SELECT count(*) FROM audit")
    played()
    played()
    with db.transaction() as session:
        (user_id,) = session.scalars(text("SELECT id FROM users WHERE email = 'demo@example.org'"))
        accounts.delete(session, user_id)
    # What is remembered of the demo is that it was there, and is gone.
    assert changed(before, contents()) == {"audit", "departures"}
    assert rows("SELECT count(*) FROM audit WHERE user_id IN (SELECT id FROM users)") == noted


def test_each_pet_leads_in_its_time_and_brings_what_is_found_then(app: object, at: Stop):
    at(TEATIME)
    played(TOKYO)
    leads = Calendar(TOKYO, TEATIME).day(COMPANIONS[1].leads)
    first, second = (pet for (pet,) in rows("SELECT id FROM pets ORDER BY id"))
    for table in ("ledger_entries", "finds"):
        brought = rows(f"SELECT pet_id, created_at FROM {table}")
        for pet, created_at in brought:
            is_second = created_at.astimezone(ZoneInfo(TOKYO)).date() >= leads
            assert pet == (second if is_second else first)
        assert {pet for pet, _created_at in brought} == {first, second}
