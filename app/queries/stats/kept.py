"""What was kept, as the database counts it: the years in one row, and the days of a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.stats.shelf import ShelfHabit
from app.rules.identity import Claims


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: `kind` is "all", "pillar" or "habit", `id` that of the latter two."""

    kind: str = "all"
    id: int | None = None


class Kept(NamedTuple):
    """The first day and the number of days of what was ever kept, and its XP.

    `since` is None when there is none. `year_days` are the days of the year that is asked for, in
    no order, `year_counts` how much was kept on each, both None when there are none.
    """

    since: date | None
    days: int
    year_days: Sequence[date] | None
    year_counts: Sequence[int] | None
    xp: int


class KeptDay(NamedTuple):
    """A day on which a habit was kept."""

    day: date
    habit_id: int


# To count the days of ten years nobody walks through all their commits: the days of the habit that
# was kept most are nearly all of them, and only of a day that it misses one asks for any other.
# A scalar LIMIT 1 is one look into the index each; EXISTS may become a join over everything.
_ALL = Statement(
    """
WITH fullest AS MATERIALIZED (
    SELECT c.day FROM commits c WHERE c.user_id = :me AND c.habit_id = CAST(:fullest AS bigint)
), ends AS MATERIALIZED (
    SELECT min(c.day) AS first, max(c.day) AS last FROM commits c WHERE c.user_id = :me
), year AS (
    SELECT c.day, count(*) AS n FROM commits c
    WHERE c.user_id = :me AND c.day BETWEEN :first AND :last GROUP BY c.day
)
SELECT (SELECT first FROM ends) AS since,
       (SELECT count(*) FROM fullest) + (
           SELECT count(*) FROM ends, generate_series(0, ends.last - ends.first) AS n
           WHERE ends.first + n NOT IN (SELECT day FROM fullest)
             AND (SELECT true FROM commits c
                  WHERE c.user_id = :me AND c.day = ends.first + n LIMIT 1)
       ) AS days,
       array_agg(day) AS year_days, array_agg(n) AS year_counts,
       (SELECT coalesce(sum(t.xp), 0)::bigint FROM pets t WHERE t.user_id = :me) AS xp
FROM year
""",
    Kept,
)
# Every XP went to a pet and to a pillar, and these hold the sums; only a habit asks the ledger.
# It reads all lines of the user: 12 ms for ten years of twenty habits. An index on the habit halves
# that, since the lines of one habit lie on all pages; one that holds the amounts takes 1 ms, and as
# much room as two fifths of the ledger, and every commit would write it.
_XP = {
    "pillar": "SELECT xp FROM pillars WHERE user_id = :me AND id = :id",
    "habit": "SELECT sum(amount) FROM ledger_entries WHERE user_id = :me AND habit_id = :id",
}
# OFFSET 0 keeps the planner to the days of these habits; a plan that is for everybody would else
# be one for a user of average age, and walk through the years of all habits.
_SOME = {
    kind: Statement(
        f"""
WITH kept AS MATERIALIZED (
    SELECT c.day, count(*) AS n
    FROM unnest(CAST(:habits AS bigint[])) AS h, LATERAL (
        SELECT c.day FROM commits c WHERE c.user_id = :me AND c.habit_id = h OFFSET 0) AS c
    GROUP BY c.day
)
SELECT min(day) AS since, count(*) AS days,
       array_agg(day) FILTER (WHERE day BETWEEN :first AND :last) AS year_days,
       array_agg(n) FILTER (WHERE day BETWEEN :first AND :last) AS year_counts,
       coalesce(({xp}), 0)::bigint AS xp
FROM kept
""",
        Kept,
    )
    for kind, xp in _XP.items()
}
_WEEK = Statement(
    """
SELECT c.day, c.habit_id FROM commits c
WHERE c.user_id = :me AND c.day BETWEEN :first AND :last
""",
    KeptDay,
)


def year(
    reading: Connection,
    who: Claims,
    scope: Scope,
    habits: Sequence[ShelfHabit],
    first: date,
    last: date,
) -> Kept:
    """Return what was kept of `scope`, to which `habits` belong; the year is `first` to `last`."""
    values = {"me": who.user_id, "first": first, "last": last}
    if scope.id is None:
        fullest = max(habits, key=lambda habit: habit.kept, default=None)
        return _ALL.one(reading, values | {"fullest": fullest and fullest.id})
    some = {"id": scope.id, "habits": [habit.id for habit in habits]}
    return _SOME[scope.kind].one(reading, values | some)


def week(reading: Connection, who: Claims, first: date, last: date) -> list[KeptDay]:
    """Return what was kept in the week from `first` to `last`, of all habits and in no order."""
    return _WEEK.all(reading, {"me": who.user_id, "first": first, "last": last})
