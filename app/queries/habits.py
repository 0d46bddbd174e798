"""A habit and the pillar it lives in, and how it is before something of it is taken away."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.infra.statement import Statement
from app.queries.day import Day
from app.rules.errors import NotYours
from app.rules.facts import HabitFacts, PillarFacts
from app.rules.identity import Claims
from app.rules.outcome import PillarHeader

_HOME = Statement(
    """
    SELECT p.id, p.name, p.color, p.icon, p.xp, p.is_folded
    FROM pillars p WHERE p.user_id = :me AND p.id = :pillar
""",
    PillarFacts,
)
_PILLAR = text("SELECT pillar_id FROM habits WHERE user_id = :me AND id = :habit")
_LOSS = text("""
    SELECT h.id, h.name, (SELECT count(*) FROM commits c
                          WHERE c.user_id = :me AND c.habit_id = h.id) AS commits,
           (SELECT count(*) FROM notes n
            WHERE n.user_id = :me AND n.habit_id = h.id) AS notes,
           (SELECT count(*) FROM amounts a
            WHERE a.user_id = :me AND a.habit_id = h.id) AS amounts
    FROM habits h WHERE h.user_id = :me AND h.id = :habit
""")


class KeptDay(NamedTuple):
    """A day of a habit before it is taken back: is it kept, and what XP did it earn?"""

    id: int
    name: str
    day: date
    is_kept: bool
    amount: int


_KEPT_DAY = Statement(
    """
    SELECT h.id, h.name, CAST(:day AS date) AS day,
           EXISTS (SELECT 1 FROM commits c
                   WHERE c.user_id = :me AND c.habit_id = :habit AND c.day = :day) AS is_kept,
           (SELECT coalesce(sum(e.amount), 0) FROM ledger_entries e
            WHERE e.user_id = :me AND e.habit_id = :habit AND e.day = :day) AS amount
    FROM habits h WHERE h.user_id = :me AND h.id = :habit
""",
    KeptDay,
)


@dataclass(frozen=True, slots=True)
class HabitLoss:
    """What deleting a habit takes away."""

    id: int
    name: str
    commits: int
    notes: int
    amounts: int


def find(habit_id: int, day: Day) -> HabitFacts:
    """Return the habit among those of the `day`, which is one read with it. Raises NotYours."""
    habit = day.board.habit(habit_id)
    if habit is None:
        raise NotYours
    return habit


def home(reading: Connection, who: Claims, habit: HabitFacts, day: Day) -> PillarHeader:
    """Return the head of the habit's pillar, archived or not."""
    known = next((one for one in day.person.pillars if one.id == habit.pillar_id), None)
    found = known or _HOME.one(reading, {"me": who.user_id, "pillar": habit.pillar_id})
    return day.header(found)


def pillar_of(reading: Connection, who: Claims, habit_id: int) -> int:
    """Return the id of the habit's pillar. Raises NotYours."""
    pillar_id = reading.scalar(_PILLAR, {"me": who.user_id, "habit": habit_id})
    if pillar_id is None:
        raise NotYours
    return int(pillar_id)


def kept_day(reading: Connection, who: Claims, habit_id: int, day: date) -> KeptDay:
    """Return how the habit stands on `day`, and what that earned. Raises NotYours."""
    kept = _KEPT_DAY.first(reading, {"me": who.user_id, "habit": habit_id, "day": day})
    if kept is None:
        raise NotYours
    return kept


def loss(reading: Connection, who: Claims, habit_id: int) -> HabitLoss:
    """Return what deleting the habit would take away. Raises NotYours."""
    row = reading.execute(_LOSS, {"me": who.user_id, "habit": habit_id}).one_or_none()
    if row is None:
        raise NotYours
    return HabitLoss(*row)
