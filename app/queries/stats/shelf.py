"""Everything that can be looked back on: the pillars with their habits, archived ones too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from app.infra.db import statement
from app.rules import streak
from app.rules.identity import Claims
from app.rules.schedule import Schedule, Timetable

# A run shorter than this is not shown.
SHORTEST_RUN = 2

# One row a habit, and one for a pillar without habits.
_SHELF = statement(
    """
SELECT p.id, p.name, p.color, p.icon, p.archived_at IS NOT NULL AS archived,
       h.id AS habit_id, h.name AS habit_name, h.streak, h.best_streak, h.last_day,
       h.archived_at IS NOT NULL AS habit_archived,
       (SELECT min(s.starts_on) FROM schedules s
        WHERE s.user_id = :me AND s.habit_id = h.id) AS starts_on
FROM pillars p LEFT JOIN habits h ON h.user_id = p.user_id AND h.pillar_id = p.id
WHERE p.user_id = :me
ORDER BY p.archived_at IS NOT NULL, p.position, p.id,
         h.archived_at IS NOT NULL, h.position, h.id
""",
    "id name color icon archived habit_id habit_name streak best_streak last_day habit_archived"
    " starts_on",
)


@dataclass(frozen=True, slots=True)
class ShelfHabit:
    """A habit with its longest run, and the one that stands today: 0 where there is none to show.

    An archived habit has none.
    """

    id: int
    name: str
    color: str
    icon: str
    archived: bool
    run: int
    best: int


@dataclass(frozen=True, slots=True)
class ShelfPillar:
    """A pillar with all its habits, in the user's order, archived ones last."""

    id: int
    name: str
    color: str
    archived: bool
    habits: tuple[ShelfHabit, ...]


def shelf(session: Session, who: Claims, today: date) -> tuple[ShelfPillar, ...]:
    """Return every pillar with every habit, in the user's order, archived ones last."""
    found = session.execute(_SHELF, {"me": who.user_id})
    return tuple(_pillar(list(rows), today) for _id, rows in groupby(found, key=lambda row: row.id))


def _pillar(rows: Sequence[Any], today: date) -> ShelfPillar:
    first = rows[0]
    habits = tuple(_habit(row, today) for row in rows if row.habit_id is not None)
    return ShelfPillar(first.id, first.name, first.color, first.archived, habits)


def _habit(row: Any, today: date) -> ShelfHabit:
    archived = row.archived or row.habit_archived
    run = streak.current(row.streak, row.last_day, Timetable((Schedule(row.starts_on),)), today)
    return ShelfHabit(
        id=row.habit_id,
        name=row.habit_name,
        color=row.color,
        icon=row.icon,
        archived=archived,
        run=run if run >= SHORTEST_RUN and not archived else 0,
        best=row.best_streak,
    )
