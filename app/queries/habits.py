"""A habit as its own page shows it, and before a deletion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.facts import terms
from app.infra.statement import Statement
from app.queries.day import Day
from app.rules.board import PillarFacts
from app.rules.days import EARLIEST_DAY
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.outcome import HabitRow, PillarHeader
from app.rules.schedule import Term

DAYS_A_PAGE = 28


class _PageRow(NamedTuple):
    id: int
    name: str
    color: str
    icon: str
    xp: int
    is_folded: bool
    kept: Sequence[date]

    @property
    def pillar(self) -> PillarFacts:
        return PillarFacts(*self[:-1])


# The habit's pillar, archived or not, and the kept days of the page.
_PAGE = Statement(
    """
    SELECT p.id, p.name, p.color, p.icon, p.xp, p.is_folded,
           ARRAY(SELECT c.day FROM commits c WHERE c.user_id = :me AND c.habit_id = :habit
                 AND c.day BETWEEN :oldest AND :newest) AS kept
    FROM pillars p WHERE p.user_id = :me AND p.id = :pillar
""",
    _PageRow,
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


@dataclass(frozen=True, slots=True)
class HabitDay:
    """One day of a habit."""

    day: date
    kept: bool


@dataclass(frozen=True, slots=True)
class HabitPage:
    """A habit with its numbers and a page of days, the newest first.

    Its `terms` are all that it has had, oldest first. `earlier` is the day at which the next, older
    page begins, None on the last.
    """

    row: HabitRow
    pillar: PillarHeader
    effort: str
    terms: tuple[Term, ...]
    archived: bool
    pillar_archived: bool
    total: int
    days: tuple[HabitDay, ...]
    earlier: date | None

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.terms[0].starts_on


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


def page(
    reading: Connection, who: Claims, habit_id: int, day: Day, newest: date | None = None
) -> HabitPage:
    """Return the habit with the days up to `newest` (None: today). Raises NotYours.

    The `day` is one read with this habit.
    """
    habit = day.board.habit(habit_id)
    if habit is None:
        raise NotYours
    today, starts_on = day.board.today, habit.timetable.starts_on
    newest = max(min(newest or today, today), EARLIEST_DAY)
    oldest = newest - timedelta(days=DAYS_A_PAGE - 1)
    row = _PAGE.one(
        reading,
        {
            "me": who.user_id, "habit": habit_id, "pillar": habit.pillar_id,
            "oldest": oldest, "newest": newest,
        },
    )  # fmt: skip
    first = max(oldest, starts_on)
    listed = [newest - timedelta(days=back) for back in range((newest - first).days + 1)]
    return HabitPage(
        row=day.board.row(habit),
        pillar=day.header(row.pillar),
        effort=habit.effort,
        terms=terms.look(reading, who.user_id, habit_id),
        archived=habit.is_archived,
        pillar_archived=habit.pillar_put_away,
        total=habit.kept,
        days=tuple(HabitDay(one, one in row.kept) for one in listed),
        earlier=oldest - timedelta(days=1) if starts_on < oldest else None,
    )


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
