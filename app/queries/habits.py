"""A habit as its own page shows it, and before a deletion."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.queries import pillars
from app.rules import reward, streak
from app.rules.days import EARLIEST_DAY
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.outcome import HabitRow, PillarHeader
from app.rules.reward import Effort
from app.rules.schedule import Schedule, Timetable

DAYS_A_PAGE = 28

_HABIT = text("""
    SELECT h.id, h.pillar_id, h.name, h.effort, h.streak, h.best_streak, h.last_day,
           h.archived_at IS NOT NULL OR p.archived_at IS NOT NULL AS archived,
           p.archived_at IS NOT NULL AS pillar_archived,
           (SELECT min(s.starts_on) FROM schedules s
            WHERE s.user_id = :me AND s.habit_id = h.id) AS starts_on,
           (SELECT count(*) FROM commits c
            WHERE c.user_id = :me AND c.habit_id = h.id) AS total,
           ARRAY(SELECT c.day FROM commits c
                 WHERE c.user_id = :me AND c.habit_id = h.id
                 AND (c.day = :today OR c.day BETWEEN :oldest AND :newest)) AS kept
    FROM habits h JOIN pillars p ON p.user_id = h.user_id AND p.id = h.pillar_id
    WHERE h.user_id = :me AND h.id = :habit
""")
_HOMES = text("""
    SELECT id, name FROM pillars WHERE user_id = :me AND archived_at IS NULL ORDER BY position, id
""")
_PILLAR = text("SELECT pillar_id FROM habits WHERE user_id = :me AND id = :habit")
_LOSS = text("""
    SELECT h.id, h.name, (SELECT count(*) FROM commits c
                          WHERE c.user_id = :me AND c.habit_id = h.id) AS commits
    FROM habits h WHERE h.user_id = :me AND h.id = :habit
""")


@dataclass(frozen=True, slots=True)
class HabitDay:
    """One day of a habit."""

    day: date
    kept: bool


@dataclass(frozen=True, slots=True)
class HabitPage:
    """A habit with its numbers and a page of days, the newest first.

    `earlier` is the day at which the next, older page begins, None on the last.
    """

    row: HabitRow
    pillar: PillarHeader
    effort: str
    starts_on: date
    archived: bool
    pillar_archived: bool
    total: int
    days: tuple[HabitDay, ...]
    earlier: date | None


@dataclass(frozen=True, slots=True)
class HabitLoss:
    """What deleting a habit takes away."""

    id: int
    name: str
    commits: int


def page(
    session: Session,
    who: Claims,
    habit_id: int,
    today: date,
    version: int,
    newest: date | None = None,
) -> HabitPage:
    """Return the habit with the days up to `newest` (None: today). Raises NotYours."""
    newest = max(min(newest or today, today), EARLIEST_DAY)
    oldest = newest - timedelta(days=DAYS_A_PAGE - 1)
    row = session.execute(
        _HABIT,
        {"me": who.user_id, "habit": habit_id, "today": today, "oldest": oldest, "newest": newest},
    ).one_or_none()
    if row is None:
        raise NotYours
    kept = set(row.kept)
    first = max(oldest, row.starts_on)
    listed = [newest - timedelta(days=back) for back in range((newest - first).days + 1)]
    return HabitPage(
        row=_row(row, today, today in kept),
        pillar=pillars.one(session, who, row.pillar_id, today, version).header,
        effort=row.effort,
        starts_on=row.starts_on,
        archived=row.archived,
        pillar_archived=row.pillar_archived,
        total=row.total,
        days=tuple(HabitDay(day, day in kept) for day in listed),
        earlier=oldest - timedelta(days=1) if row.starts_on < oldest else None,
    )


def homes(session: Session, who: Claims) -> list[tuple[int, str]]:
    """Return (id, name) of the pillars that a habit can move to, in the user's order."""
    return [(row.id, row.name) for row in session.execute(_HOMES, {"me": who.user_id})]


def pillar_of(session: Session, who: Claims, habit_id: int) -> int:
    """Return the id of the habit's pillar. Raises NotYours."""
    pillar_id = session.scalar(_PILLAR, {"me": who.user_id, "habit": habit_id})
    if pillar_id is None:
        raise NotYours
    return int(pillar_id)


def loss(session: Session, who: Claims, habit_id: int) -> HabitLoss:
    """Return what deleting the habit would take away. Raises NotYours."""
    row = session.execute(_LOSS, {"me": who.user_id, "habit": habit_id}).one_or_none()
    if row is None:
        raise NotYours
    return HabitLoss(*row)


def _row(row: Any, today: date, done: bool) -> HabitRow:
    timetable = Timetable((Schedule(row.starts_on),))
    due = timetable.is_due(today) and not row.archived
    current = streak.current(row.streak, row.last_day, timetable, today)
    return HabitRow(
        id=row.id,
        pillar_id=row.pillar_id,
        name=row.name,
        due=due,
        done=done,
        streak=current,
        best=row.best_streak,
        gain=reward.xp(Effort(row.effort), current + due, today, today),
    )
