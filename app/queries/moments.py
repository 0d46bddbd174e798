"""The shelf: what happened once, with its day, as far as it holds."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.day import Day
from app.rules import levels, moments
from app.rules.identity import Claims
from app.rules.levels import Stage
from app.rules.moments import Occasion

_STAGES = tuple(Stage)
_WEIGHT = {occasion: place for place, occasion in enumerate(Occasion)}


class _Row(NamedTuple):
    occasion: str
    subject_id: int
    number: int
    day: date
    label: str
    is_worked_out: bool
    pet: str | None
    species: str | None
    coat: str | None
    pet_xp: int | None
    days_kept: int | None
    color: str | None
    icon: str | None
    pillar_xp: int | None


class _Count(NamedTuple):
    place: int
    day: date
    total: int


_ONCE = Statement(
    """
    SELECT m.occasion, m.subject_id, m.number, m.day, m.label,
           m.created_at IS NULL AS is_worked_out,
           t.name AS pet, t.species, t.coat, t.xp AS pet_xp, t.days_kept,
           p.color, p.icon, p.xp AS pillar_xp
    FROM moments m
    LEFT JOIN pets t ON m.occasion IN ('hatch', 'stage', 'species', 'level')
        AND t.user_id = :me AND t.id = m.subject_id
    LEFT JOIN pillars p ON m.occasion = 'pillar' AND p.user_id = :me AND p.id = m.subject_id
    WHERE m.user_id = :me AND m.occasion <> 'all-kept'
""",
    _Row,
)
# The days with all kept at which the count is one of :counts, and the newest.
_ALL_KEPT = Statement(
    """
    SELECT place, day, total
    FROM (SELECT row_number() OVER (ORDER BY number) AS place, day, count(*) OVER () AS total
          FROM moments WHERE user_id = :me AND occasion = 'all-kept') AS days
    WHERE place = ANY(CAST(:counts AS int[])) OR place = total ORDER BY place
""",
    _Count,
)


@dataclass(frozen=True, slots=True)
class ShelfMoment:
    """A moment on the shelf: `number` is its level, stage, run, kind, or count of days.

    `name` is that of the pet now, or of the pillar or habit as it was; empty where there is none.
    `species` and `coat` are those of its pet, `color` and `icon` those of its pillar, None where it
    is of something else or of something gone.
    """

    occasion: Occasion
    number: int
    day: date
    name: str = ""
    species: str | None = None
    coat: str | None = None
    color: str | None = None
    icon: str | None = None

    @property
    def month(self) -> date:
        """The month of its day."""
        return self.day.replace(day=1)

    @property
    def stage(self) -> Stage:
        """The stage that its pet came to, or that of an egg where it just came."""
        is_egg = self.occasion is Occasion.SPECIES
        return Stage.EGG if is_egg else _STAGES[self.number]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The moments of one year, the newest first, and all years that have any.

    `all_kept` is on how many days everything was kept, `last` the newest of them.
    `is_worked_out` tells that some moments are older than the shelf.
    """

    year: int
    years: tuple[int, ...]
    moments: tuple[ShelfMoment, ...]
    all_kept: int
    last: date | None
    is_worked_out: bool


def shelf(reading: Connection, who: Claims, day: Day, year: int | None) -> Shelf:
    """Return the shelf of `year`, None for the newest year that has anything.

    The `day` is one read with all habits, put away or not.
    """
    rows = _ONCE.all(reading, {"me": who.user_id})
    counts = _ALL_KEPT.all(reading, {"me": who.user_id, "counts": list(moments.COUNTS)})
    shown = [_moment(row) for row in rows if moments.holds(row.number, _reached(row, day))]
    shown += [
        ShelfMoment(Occasion.ALL_KEPT, count.place, count.day)
        for count in counts
        if count.place in moments.COUNTS
    ]
    years = sorted({moment.day.year for moment in shown}, reverse=True)
    chosen = year or (years[0] if years else day.board.today.year)
    return Shelf(
        year=chosen,
        years=tuple(years),
        moments=tuple(sorted((m for m in shown if m.day.year == chosen), key=_newest_first)),
        all_kept=counts[-1].total if counts else 0,
        last=counts[-1].day if counts else None,
        is_worked_out=any(row.is_worked_out for row in rows),
    )


def _newest_first(moment: ShelfMoment) -> tuple[int, ...]:
    return -moment.day.toordinal(), _WEIGHT[moment.occasion], -moment.number


def _moment(row: _Row) -> ShelfMoment:
    name = row.label if row.pet is None else row.pet
    return ShelfMoment(
        moments.occasion(row.occasion, row.number),
        row.number,
        row.day,
        name,
        row.species,
        row.coat,
        row.color,
        row.icon,
    )


def _reached(row: _Row, day: Day) -> int | None:
    """Return how far the subject of a moment is now; None where it is gone, or is no matter."""
    match row.occasion:
        case Occasion.MILESTONE:
            habit = day.board.habit(row.subject_id)
            return day.board.on_day(habit).best if habit else None
        case Occasion.PILLAR:
            return None if row.pillar_xp is None else levels.level(row.pillar_xp)
        case Occasion.SPECIES:
            return None
    level = levels.level(row.pet_xp or 0)
    if row.occasion == Occasion.LEVEL:
        return level
    return _STAGES.index(levels.stage(level, row.days_kept or 0))
