"""The week before this one, for a line on Monday."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules import lookback
from app.rules.identity import Claims


@dataclass(frozen=True, slots=True)
class LastWeek:
    """What was kept last week: how much, most on `best_day`, most in the pillar named `pillar`."""

    kept: int
    best_day: date
    pillar: str


# Of equal days the first, of equal pillars the one that the user put first.
_LAST_WEEK = Statement(
    """
WITH week AS MATERIALIZED (
    SELECT c.day, h.pillar_id
    FROM commits c JOIN habits h ON h.user_id = c.user_id AND h.id = c.habit_id
    WHERE c.user_id = :me AND c.day BETWEEN :monday AND :sunday
)
SELECT (SELECT count(*) FROM week) AS kept,
       (SELECT day FROM week GROUP BY day ORDER BY count(*) DESC, day LIMIT 1) AS best_day,
       (SELECT p.name FROM week JOIN pillars p ON p.user_id = :me AND p.id = week.pillar_id
        GROUP BY p.id, p.name, p.position
        ORDER BY count(*) DESC, p.position, p.id LIMIT 1) AS pillar
WHERE EXISTS (SELECT FROM week)
""",
    LastWeek,
)


def last_week(reading: Connection, who: Claims, today: date) -> LastWeek | None:
    """Return the week before that of `today`, or None when nothing was kept in it."""
    monday = lookback.monday(today) - timedelta(weeks=1)
    values = {"me": who.user_id, "monday": monday, "sunday": monday + timedelta(days=6)}
    return _LAST_WEEK.first(reading, values)
