"""What is counted of a habit on a day."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import terms
from app.infra.statement import Statement
from app.rules.errors import NotYours
from app.rules.identity import Claims
from app.rules.schedule import Kind, Term, Timetable


class CountedDay(NamedTuple):
    """A day of a habit: what is asked for on it, and what it has of that, in thousandths."""

    id: int
    name: str
    day: date
    amount: int
    term: Term

    @property
    def counts(self) -> bool:
        """Is an amount counted on that day?"""
        return self.term.kind is not Kind.CHECK


class _Row(NamedTuple):
    id: int
    name: str
    amount: int


_DAY = Statement(
    """
    SELECT h.id, h.name,
           (SELECT CAST(coalesce(sum(a.amount), 0) * 1000 AS bigint) FROM amounts a
            WHERE a.user_id = :me AND a.habit_id = :habit AND a.day = :day) AS amount
    FROM habits h WHERE h.user_id = :me AND h.id = :habit
""",
    _Row,
)


def of_day(reading: Connection, who: Claims, habit_id: int, day: date) -> CountedDay:
    """Return what is counted of the habit on `day`. Raises NotYours."""
    row = _DAY.first(reading, {"me": who.user_id, "habit": habit_id, "day": day})
    if row is None:
        raise NotYours
    timetable = Timetable(terms.look(reading, who.user_id, habit_id))
    return CountedDay(row.id, row.name, day, row.amount, timetable.term(day))
