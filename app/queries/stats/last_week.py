"""The week before this one, for a line on the first day of a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules import lookback
from app.rules.identity import Claims
from app.rules.weeks import Weeks


@dataclass(frozen=True, slots=True)
class LastWeek:
    """What was kept last week: how much, and where the most was kept.

    `best_days` are the days, `pillars` the names of the pillars with the most; two where two are
    equal, and none where more are: then nothing stands out.
    """

    kept: int
    best_days: tuple[date, ...]
    pillars: tuple[str, ...]


class _Row(NamedTuple):
    kept: int
    best_days: Sequence[date]
    pillars: Sequence[str]


_LAST_WEEK = Statement(
    """
WITH week AS MATERIALIZED (
    SELECT c.day, h.pillar_id
    FROM commits c JOIN habits h ON h.user_id = c.user_id AND h.id = c.habit_id
    WHERE c.user_id = :me AND c.day BETWEEN :first AND :last
), days AS (
    SELECT day, rank() OVER (ORDER BY count(*) DESC) AS place FROM week GROUP BY day
), by_pillar AS (
    SELECT p.name, p.position, p.id, rank() OVER (ORDER BY count(*) DESC) AS place
    FROM week JOIN pillars p ON p.user_id = :me AND p.id = week.pillar_id
    GROUP BY p.id, p.name, p.position
)
SELECT (SELECT count(*) FROM week) AS kept,
       ARRAY(SELECT day FROM days WHERE place = 1 ORDER BY day) AS best_days,
       ARRAY(SELECT name FROM by_pillar WHERE place = 1 ORDER BY position, id) AS pillars
WHERE EXISTS (SELECT FROM week)
""",
    _Row,
)


def last_week(reading: Connection, who: Claims, today: date, weeks: Weeks) -> LastWeek | None:
    """Return the week before that of `today`, or None when nothing was kept in it."""
    begins, _ends = weeks.period(today)
    first, last = weeks.period(begins - timedelta(days=1))
    row = _LAST_WEEK.first(reading, {"me": who.user_id, "first": first, "last": last})
    if row is None:
        return None
    return LastWeek(row.kept, lookback.named(row.best_days), lookback.named(row.pillars))
