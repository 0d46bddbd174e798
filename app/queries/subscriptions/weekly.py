"""The weekly letter: what was kept last week, the strongest run, and one find."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.day import Day, read_day
from app.queries.stats.last_week import last_week
from app.queries.subscriptions.reminder import drawn
from app.rules import finds
from app.rules.identity import Claims

# A shorter run is none that anybody counts.
_RUN = 3


class _Found(NamedTuple):
    month: int
    number: int


# Of the newest day: of several finds of a week one is told.
_FOUND = Statement(
    """
    SELECT CAST(extract(month FROM f.day) AS int) AS month, CAST(f.number AS int) AS number
    FROM finds f WHERE f.user_id = :me AND f.day BETWEEN :first AND :last
    ORDER BY f.day DESC LIMIT 1
    """,
    _Found,
)


def weekly(reading: Connection, who: Claims, now: datetime) -> dict[str, object] | None:
    """Return the facts of the letter about last week, or None when nothing was kept in it.

    It tells what was kept, and never what was not, or was more before. Raises SessionEnded when the
    account is gone.
    """
    day = read_day(reading, who, now)
    weeks = day.board.weeks
    week = last_week(reading, who, day.today, weeks)
    if week is None:
        return None
    first, last = weeks.period(weeks.period(day.today)[0] - timedelta(days=1))
    found = _FOUND.first(reading, {"me": who.user_id, "first": first, "last": last})
    return {
        "kept": week.kept,
        "pillars": list(week.pillars),
        "run": _run(day),
        "find": str(finds.NAMES[found.month - 1][found.number]) if found else None,
        "pet": drawn(day.pet),
    }


def _run(day: Day) -> dict[str, object] | None:
    """Return the habit with the longest run, and how long that is; None when all are short."""
    rows = [row for pillar in day.person.pillars for row in day.board.rows(pillar.id)]
    longest = max(rows, key=lambda row: row.streak, default=None)
    if longest is None or longest.streak < _RUN:
        return None
    return {"habit": longest.name, "times": longest.streak}
