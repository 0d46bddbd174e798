"""Pillars as they are read: with the habits of a day, as a list, and before a deletion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra.db import statement
from app.rules import reward, streak
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.outcome import HabitRow, PillarHeader
from app.rules.plan import pillar_limit
from app.rules.schedule import Schedule, Timetable

# One row a habit, and one for a pillar without habits.
_ROWS = """
SELECT p.id, p.name, p.color, p.icon, p.xp, p.archived_at IS NOT NULL AS archived,
       h.id AS habit_id, h.name AS habit_name, h.effort, h.streak, h.best_streak, h.last_day,
       (SELECT min(s.starts_on) FROM schedules s
        WHERE s.user_id = :me AND s.habit_id = h.id) AS starts_on,
       c.day IS NOT NULL AS done
FROM pillars p
LEFT JOIN habits h
    ON h.user_id = p.user_id AND h.pillar_id = p.id AND h.archived_at IS NULL
LEFT JOIN commits c ON c.user_id = h.user_id AND c.habit_id = h.id AND c.day = :today
WHERE p.user_id = :me AND {which}
ORDER BY p.position, p.id, h.position, h.id
"""
_COLUMNS = (
    "id name color icon xp archived"
    " habit_id habit_name effort streak best_streak last_day starts_on done"
)
_OF_DAY = statement(_ROWS.format(which="p.archived_at IS NULL"), _COLUMNS)
_OF_PILLAR = statement(_ROWS.format(which="p.id = :pillar"), _COLUMNS)
_ALL = text("""
    SELECT p.id, p.name, p.color, p.icon, p.xp, p.archived_at IS NOT NULL AS archived,
           (SELECT count(*) FROM commits c JOIN habits h
            ON h.user_id = c.user_id AND h.id = c.habit_id AND h.archived_at IS NULL
            WHERE c.user_id = :me AND c.day = :today AND h.pillar_id = p.id
            AND p.archived_at IS NULL) AS kept,
           (SELECT count(DISTINCT h.id) FROM habits h JOIN schedules s
            ON s.user_id = h.user_id AND s.habit_id = h.id AND s.starts_on <= :today
            WHERE h.user_id = :me AND h.pillar_id = p.id AND h.archived_at IS NULL
            AND p.archived_at IS NULL) AS due,
           u.version
    FROM pillars p JOIN users u ON u.id = p.user_id WHERE p.user_id = :me
    ORDER BY p.archived_at IS NOT NULL, p.position, p.id
""")
_HABITS = text("""
    SELECT pillar_id, id, name FROM habits WHERE user_id = :me AND archived_at IS NULL
    ORDER BY pillar_id, position, id
""")
_ARCHIVED_HABITS = text("""
    SELECT id, name FROM habits
    WHERE user_id = :me AND pillar_id = :pillar AND archived_at IS NOT NULL
    ORDER BY archived_at DESC, id
""")
_LOSS = text("""
    SELECT p.id, p.name, p.xp,
           (SELECT count(*) FROM habits h
            WHERE h.user_id = :me AND h.pillar_id = p.id) AS habits,
           (SELECT count(*) FROM commits c JOIN habits h
            ON h.user_id = c.user_id AND h.id = c.habit_id
            WHERE c.user_id = :me AND h.pillar_id = p.id) AS commits
    FROM pillars p WHERE p.user_id = :me AND p.id = :pillar
""")


@dataclass(frozen=True, slots=True)
class Place:
    """How many pillars the user has and how many the plan holds (None: any number)."""

    pillars: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class PillarOfDay:
    """A pillar with its habits of a day, in the user's order."""

    header: PillarHeader
    archived: bool
    rows: tuple[HabitRow, ...]


@dataclass(frozen=True, slots=True)
class NamedHabit:
    """A habit of which only the name is shown."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PillarLine:
    """A pillar in the list of all, with its habits that are not archived."""

    header: PillarHeader
    habits: tuple[NamedHabit, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class PillarLoss:
    """What deleting a pillar takes away, and the XP that stays with the pet."""

    id: int
    name: str
    xp: int
    habits: int
    commits: int


def of_day(session: Session, who: Claims, today: date, version: int) -> tuple[PillarOfDay, ...]:
    """Return every pillar that is not archived with its habits on `today`."""
    found = session.execute(_OF_DAY, {"me": who.user_id, "today": today})
    by_pillar = groupby(found, key=lambda row: row.id)
    return tuple(_of_day(list(rows), today, version) for _id, rows in by_pillar)


def one(session: Session, who: Claims, pillar_id: int, today: date, version: int) -> PillarOfDay:
    """Return one pillar, archived or not, with its habits on `today`. Raises NotYours."""
    values = {"me": who.user_id, "pillar": pillar_id, "today": today}
    rows = session.execute(_OF_PILLAR, values).all()
    if not rows:
        raise NotYours
    return _of_day(rows, today, version)


def archived_habits(session: Session, who: Claims, pillar_id: int) -> tuple[NamedHabit, ...]:
    """Return the archived habits of a pillar, the newest first."""
    found = session.execute(_ARCHIVED_HABITS, {"me": who.user_id, "pillar": pillar_id})
    return tuple(NamedHabit(*row) for row in found)


def all_pillars(session: Session, who: Claims, today: date) -> tuple[PillarLine, ...]:
    """Return all pillars, the archived ones last."""
    habits: dict[int, list[NamedHabit]] = defaultdict(list)
    for pillar_id, *named in session.execute(_HABITS, {"me": who.user_id}):
        habits[pillar_id].append(NamedHabit(*named))
    return tuple(
        PillarLine(
            header=PillarHeader(
                row.id, row.name, row.color, row.icon, row.xp, row.due, row.kept, row.version
            ),
            habits=tuple(habits[row.id]),
            archived=row.archived,
        )
        for row in session.execute(_ALL, {"me": who.user_id, "today": today})
    )


def loss(session: Session, who: Claims, pillar_id: int) -> PillarLoss:
    """Return what deleting the pillar would take away. Raises NotYours."""
    row = session.execute(_LOSS, {"me": who.user_id, "pillar": pillar_id}).one_or_none()
    if row is None:
        raise NotYours
    return PillarLoss(*row)


def place(pillars: int, who: Claims, free_pillars: int) -> Place:
    """Return how much of the plan's room is taken by `pillars` that are not archived."""
    return Place(pillars, pillar_limit(who.is_premium, free_pillars))


def _of_day(rows: Sequence[Any], today: date, version: int) -> PillarOfDay:
    first = rows[0]
    habits = tuple(_habit(row, today) for row in rows if row.habit_id is not None)
    due = [habit for habit in habits if habit.due]
    header = PillarHeader(
        id=first.id,
        name=first.name,
        color=first.color,
        icon=first.icon,
        xp=first.xp,
        due=len(due),
        kept=sum(habit.done for habit in due),
        version=version,
    )
    return PillarOfDay(header, first.archived, habits)


def _habit(row: Any, today: date) -> HabitRow:
    # Unpacked at once: asking a row for one name at a time takes as long as fetching it.
    (
        pillar_id, *_pillar, archived, habit_id, name, effort, run, best, last_day, starts_on, done,
    ) = row  # fmt: skip
    timetable = Timetable((Schedule(starts_on),))
    due = timetable.is_due(today) and not archived
    current = streak.current(run, last_day, timetable, today)
    return HabitRow(
        id=habit_id,
        pillar_id=pillar_id,
        name=name,
        due=due,
        done=done,
        streak=current,
        best=best,
        gain=reward.xp(effort, current + due, today, today),
    )
