"""Pillars as they are read: with the habits of a day, as a list, and before a deletion."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.infra.statement import Statement
from app.queries.day import Day
from app.rules.errors import NotYours
from app.rules.facts import HabitFacts, PillarFacts
from app.rules.identity import Claims
from app.rules.names import COLORS, ICONS, next_free
from app.rules.outcome import HabitRow, PillarHeader
from app.rules.plan import pillar_limit


class _PillarRow(NamedTuple):
    id: int
    name: str
    color: str
    icon: str
    xp: int
    is_folded: bool
    archived: bool

    @property
    def facts(self) -> PillarFacts:
        return PillarFacts(*self[:-1])


_SELECT = """
    SELECT p.id, p.name, p.color, p.icon, p.xp, p.is_folded,
           p.archived_at IS NOT NULL AS archived
    FROM pillars p WHERE p.user_id = :me
"""
_ONE = Statement(f"{_SELECT} AND p.id = :pillar", _PillarRow)
_ALL = Statement(f"{_SELECT} ORDER BY p.archived_at IS NOT NULL, p.position, p.id", _PillarRow)
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
            WHERE c.user_id = :me AND h.pillar_id = p.id) AS commits,
           (SELECT count(*) FROM notes n JOIN habits h
            ON h.user_id = n.user_id AND h.id = n.habit_id
            WHERE n.user_id = :me AND h.pillar_id = p.id) AS notes,
           (SELECT count(*) FROM amounts a JOIN habits h
            ON h.user_id = a.user_id AND h.id = a.habit_id
            WHERE a.user_id = :me AND h.pillar_id = p.id) AS amounts
    FROM pillars p WHERE p.user_id = :me AND p.id = :pillar
""")


@dataclass(frozen=True, slots=True)
class Place:
    """How many pillars the user has and how many the plan holds (None: any number)."""

    pillars: int
    limit: int | None


class RootedHabit(NamedTuple):
    """A habit that has taken root, with its numbers: `kept` is on how many days in all."""

    id: int
    name: str
    best: int
    kept: int
    strength: int


@dataclass(frozen=True, slots=True)
class PillarOfDay:
    """A pillar with its habits of a day, in the user's order, and those that are rooted.

    `strength` is told of a pillar that is looked at alone, in hundredths; None for a young one.
    """

    header: PillarHeader
    archived: bool
    rows: tuple[HabitRow, ...]
    rooted: tuple[RootedHabit, ...] = ()
    strength: int | None = None

    @property
    def open_rows(self) -> list[HabitRow]:
        """The habits that the day asks for or has, in the user's order."""
        return [row for row in self.rows if row.is_open]


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
    notes: int
    amounts: int


def of_day(day: Day) -> tuple[PillarOfDay, ...]:
    """Return every pillar that is not archived with its habits of the day."""
    return tuple(
        PillarOfDay(day.header(pillar), False, day.board.rows(pillar.id))
        for pillar in day.person.pillars
    )


def one(reading: Connection, who: Claims, pillar_id: int, day: Day) -> PillarOfDay:
    """Return one pillar, archived or not, with its habits of the day. Raises NotYours.

    The `day` is one read with the habits of this pillar: of those that are put away, the rooted.
    """
    row = _ONE.first(reading, {"me": who.user_id, "pillar": pillar_id})
    if row is None:
        raise NotYours
    own = [habit for habit in day.board.habits if habit.pillar_id == row.id]
    return PillarOfDay(
        day.header(row.facts),
        row.archived,
        tuple(day.board.row(habit) for habit in own if not habit.put_away),
        tuple(_rooted(day, habit) for habit in own if habit.put_away),
        day.board.strength(row.id),
    )


def _rooted(day: Day, habit: HabitFacts) -> RootedHabit:
    row = day.board.row(habit)
    return RootedHabit(row.id, row.name, row.best, habit.kept, row.strength)


def archived_habits(reading: Connection, who: Claims, pillar_id: int) -> tuple[NamedHabit, ...]:
    """Return the archived habits of a pillar, the newest first."""
    rows = reading.execute(_ARCHIVED_HABITS, {"me": who.user_id, "pillar": pillar_id})
    return tuple(NamedHabit(*row) for row in rows)


def all_pillars(reading: Connection, who: Claims, day: Day) -> tuple[PillarLine, ...]:
    """Return all pillars, the archived ones last. The `day` is one read with what is put away."""
    habits: dict[int, list[NamedHabit]] = defaultdict(list)
    for habit in day.board.habits:
        if not habit.put_away:
            habits[habit.pillar_id].append(NamedHabit(habit.id, habit.name))
    return tuple(
        PillarLine(day.header(row.facts), tuple(habits[row.id]), row.archived)
        for row in _ALL.all(reading, {"me": who.user_id})
    )


def next_look(lines: Iterable[PillarLine]) -> tuple[str, str]:
    """Return the colour and the icon for one more pillar, beside those that are not archived."""
    headers = [line.header for line in lines if not line.archived]
    return (
        next_free(COLORS, (header.color for header in headers)),
        next_free(ICONS, (header.icon for header in headers)),
    )


def loss(reading: Connection, who: Claims, pillar_id: int) -> PillarLoss:
    """Return what deleting the pillar would take away. Raises NotYours."""
    row = reading.execute(_LOSS, {"me": who.user_id, "pillar": pillar_id}).one_or_none()
    if row is None:
        raise NotYours
    return PillarLoss(*row)


def place(pillars: int, who: Claims, free_pillars: int) -> Place:
    """Return how much of the plan's room is taken by `pillars` that are not archived."""
    return Place(pillars, pillar_limit(who.is_premium, free_pillars))
