"""What was kept, as the database counts it: all there ever was in one row, and days by habits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.stats.shelf import ShelfHabit
from app.rules.facts import amounts_of
from app.rules.frame import Frame
from app.rules.identity import Claims
from app.rules.schedule import Kind, Schedule
from app.rules.states import History
from app.rules.weeks import Weeks

# A day's month, or week, began no longer ago.
_LONGEST_PERIOD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: `kind` is "all", "pillar" or "habit", `id` that of the latter two."""

    kind: str = "all"
    id: int | None = None


class Kept(NamedTuple):
    """The first day and the number of days of what was ever kept, and its XP.

    `since` is None when there is none.
    """

    since: date | None
    days: int
    xp: int


class Past(NamedTuple):
    """A habit in a stretch of days: `history` is what is known of them, `kept` a set of its frame.

    The history begins with the week or month of the first day, and the last keep before.
    """

    habit: ShelfHabit
    history: History
    kept: int


class _Days(NamedTuple):
    """The kept days of a habit, counted from the first of a stretch, and what else is asked for."""

    habit_id: int
    numbers: Sequence[int]
    before: date | None
    amounts: str | None


# To count the days of ten years nobody walks through all their commits: the days of the habit that
# was kept most are nearly all of them, and only of a day that it misses one asks for any other.
# A scalar LIMIT 1 is one look into the index each; EXISTS may become a join over everything.
_ALL = Statement(
    """
WITH fullest AS MATERIALIZED (
    SELECT c.day FROM commits c WHERE c.user_id = :me AND c.habit_id = CAST(:fullest AS bigint)
), ends AS MATERIALIZED (
    SELECT min(c.day) AS first, max(c.day) AS last FROM commits c WHERE c.user_id = :me
)
SELECT (SELECT first FROM ends) AS since,
       (SELECT count(*) FROM fullest) + (
           SELECT count(*) FROM ends, generate_series(0, ends.last - ends.first) AS n
           WHERE ends.first + n NOT IN (SELECT day FROM fullest)
             AND (SELECT true FROM commits c
                  WHERE c.user_id = :me AND c.day = ends.first + n LIMIT 1)
       ) AS days,
       (SELECT coalesce(sum(t.xp), 0)::bigint FROM pets t WHERE t.user_id = :me) AS xp
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
    SELECT DISTINCT c.day
    FROM unnest(CAST(:habits AS bigint[])) AS h, LATERAL (
        SELECT c.day FROM commits c WHERE c.user_id = :me AND c.habit_id = h OFFSET 0) AS c
)
SELECT min(day) AS since, count(*) AS days, coalesce(({xp}), 0)::bigint AS xp
FROM kept
""",
        Kept,
    )
    for kind, xp in _XP.items()
}
# Days come as numbers: a year of fifty habits is twenty thousand, and a date takes as long to read
# as three of them.
_DAYS = Statement(
    """
SELECT h.id AS habit_id,
       ARRAY(SELECT c.day - CAST(:first AS date) FROM commits c
             WHERE c.user_id = :me AND c.habit_id = h.id AND c.day BETWEEN :first AND :last
             ORDER BY c.day) AS numbers,
       CASE WHEN h.comes_again THEN (
           SELECT max(c.day) FROM commits c
           WHERE c.user_id = :me AND c.habit_id = h.id AND c.day < :first) END AS before,
       CASE WHEN h.counts THEN (
           SELECT json_agg(json_build_array(a.day, CAST(a.amount * 1000 AS bigint)))::text
           FROM (SELECT a.day, sum(a.amount) AS amount FROM amounts a
                 WHERE a.user_id = :me AND a.habit_id = h.id AND a.day BETWEEN :first AND :last
                 GROUP BY a.day) AS a) END AS amounts
FROM unnest(CAST(:habits AS bigint[]), CAST(:again AS boolean[]), CAST(:counted AS boolean[]))
     AS h(id, comes_again, counts)
""",
    _Days,
)


def in_all(reading: Connection, who: Claims, scope: Scope, habits: Sequence[ShelfHabit]) -> Kept:
    """Return what was ever kept of `scope`, to which `habits` belong."""
    if scope.id is None:
        fullest = max(habits, key=lambda habit: habit.kept, default=None)
        return _ALL.one(reading, {"me": who.user_id, "fullest": fullest and fullest.id})
    ids = [habit.id for habit in habits]
    return _SOME[scope.kind].one(reading, {"me": who.user_id, "id": scope.id, "habits": ids})


def frame_of(first: date, last: date) -> Frame:
    """Return the days from `first` to `last`, and before them those of the period of the first."""
    return Frame(first - _LONGEST_PERIOD, last)


def past(
    reading: Connection,
    who: Claims,
    habits: Sequence[ShelfHabit],
    weeks: Weeks,
    frame: Frame,
    *,
    amounts: bool = False,
) -> list[Past]:
    """Return the `habits` as they were in the days of the `frame`.

    Of what is counted the commits tell what was kept; its `amounts` come along where they are asked
    for, and where a week or month asks for their total.
    """
    values = {
        "me": who.user_id,
        "first": frame.first,
        "last": frame.last,
        "habits": [habit.id for habit in habits],
        "again": [
            any(term.schedule is Schedule.EVERY for term in habit.timetable.terms)
            for habit in habits
        ],
        "counted": [
            any(
                term.is_total or (amounts and term.kind is not Kind.CHECK)
                for term in habit.timetable.terms
            )
            for habit in habits
        ],
    }
    by_id = {row.habit_id: row for row in _DAYS.all(reading, values)}
    return [_past(habit, by_id[habit.id], weeks, frame) for habit in habits]


def _past(habit: ShelfHabit, row: _Days, weeks: Weeks, frame: Frame) -> Past:
    days = list(map(frame.days.__getitem__, row.numbers))
    if row.before:
        days.insert(0, row.before)
    history = History(habit.timetable, days, amounts_of(row.amounts), weeks, habit.quiet)
    return Past(habit, history, frame.of(row.numbers))
