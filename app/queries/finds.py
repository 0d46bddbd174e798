"""The album: what the pets brought, a tray of eight places for each month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules import finds
from app.rules.identity import Claims

TRAYS_A_PAGE = 12


class _Found(NamedTuple):
    month: date
    number: int
    times: int
    day: date
    pet: str


# A row for each thing of the newest :most months that hold any, none of them after :until.
_FOUND = Statement(
    """
WITH found AS (
    SELECT day, number, pet_id, date_trunc('month', day::timestamp)::date AS month
    FROM finds WHERE user_id = :me
), newest AS (
    SELECT DISTINCT month FROM found WHERE month <= :until ORDER BY month DESC LIMIT :most
)
SELECT f.month, f.number, count(*) AS times, max(f.day) AS day,
       (array_agg(t.name ORDER BY f.day DESC))[1] AS pet
FROM found f JOIN newest USING (month)
JOIN pets t ON t.user_id = :me AND t.id = f.pet_id
GROUP BY f.month, f.number ORDER BY f.month DESC, f.number
""",
    _Found,
)


@dataclass(frozen=True, slots=True)
class Treasure:
    """A thing that was brought `times` times in its month, last on `day` by the pet named `pet`."""

    number: int
    times: int
    day: date
    pet: str

    @property
    def word(self) -> str:
        """What it is."""
        return str(finds.NAMES[self.day.month - 1][self.number])


@dataclass(frozen=True, slots=True)
class Tray:
    """The eight places of the month that begins on `month`; None where nothing lies yet."""

    month: date
    places: tuple[Treasure | None, ...]

    @property
    def count(self) -> int:
        """How many of the places hold something."""
        return sum(place is not None for place in self.places)


@dataclass(frozen=True, slots=True)
class Album:
    """A page of trays, newest first; `older` is the month at which the next begins, if one does."""

    trays: tuple[Tray, ...]
    older: date | None


def album(reading: Connection, who: Claims, until: date) -> Album:
    """Return a page of the months that hold something, none of them after the month of `until`."""
    trays = _trays(reading, who, until, TRAYS_A_PAGE + 1)
    older = trays[TRAYS_A_PAGE].month if len(trays) > TRAYS_A_PAGE else None
    return Album(trays[:TRAYS_A_PAGE], older)


def tray(reading: Connection, who: Claims, day: date) -> Tray:
    """Return the tray of the month in which `day` lies."""
    month = day.replace(day=1)
    newest = _trays(reading, who, month, 1)
    return newest[0] if newest and newest[0].month == month else _tray(month, [])


def _trays(reading: Connection, who: Claims, until: date, most: int) -> tuple[Tray, ...]:
    values = {"me": who.user_id, "until": until.replace(day=1), "most": most}
    found = _FOUND.all(reading, values)
    return tuple(_tray(month, rows) for month, rows in groupby(found, lambda row: row.month))


def _tray(month: date, rows: Iterable[_Found]) -> Tray:
    found = {row.number: Treasure(row.number, row.times, row.day, row.pet) for row in rows}
    return Tray(month, tuple(found.get(number) for number in range(finds.A_MONTH)))
