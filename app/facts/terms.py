"""All terms that a habit has had, for its page and for who changes them."""

from datetime import date
from typing import NamedTuple

from app.infra.statement import At, Statement
from app.rules.schedule import Kind, Schedule, Term


class _Row(NamedTuple):
    starts_on: date
    schedule: str
    kind: str
    weekdays: int
    times: int
    every: int
    target: int
    step: int
    unit: str


_TERMS = Statement(
    """
    SELECT starts_on, kind AS schedule, measure AS kind, weekdays, times, every,
           CAST(target * 1000 AS bigint) AS target, CAST(step * 1000 AS bigint) AS step, unit
    FROM schedules WHERE user_id = :me AND habit_id = :habit ORDER BY starts_on
""",
    _Row,
)


def look(at: At, user_id: int, habit_id: int) -> tuple[Term, ...]:
    """Return the terms of the user's habit, oldest first; none when there is no such habit."""
    values = {"me": user_id, "habit": habit_id}
    return tuple(
        Term(row.starts_on, Schedule(row.schedule), Kind(row.kind), *row[3:])
        for row in _TERMS.all(at, values)
    )
