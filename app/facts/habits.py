"""The facts of a user's habits: one text of SQL for every page, its parts for every press."""

from datetime import date

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules.facts import HabitFacts
from app.rules.past_board import PastFacts

# All terms of a habit `h`, its kept days and the sums of its amounts, those as whole thousandths.
# The fold still looks at some days before the one on which it stands.
TERMS = """
    (SELECT json_agg(json_build_array(
                s.starts_on, s.kind, s.measure, s.weekdays, s.times, s.every,
                CAST(s.target * 1000 AS bigint), CAST(s.step * 1000 AS bigint), s.unit)
            ORDER BY s.starts_on)::text
     FROM schedules s WHERE s.user_id = h.user_id AND s.habit_id = h.id)"""
_DAYS = """
    ARRAY(SELECT c.day FROM commits c
          WHERE c.user_id = h.user_id AND c.habit_id = h.id AND c.day {within} ORDER BY c.day)"""
# All its kept days by their numbers, as Python counts days: ten years of dates take longer to read
# than to fold.
DAY_NUMBERS = """
    ARRAY(SELECT c.day - DATE '0001-01-01' + 1 FROM commits c
          WHERE c.user_id = h.user_id AND c.habit_id = h.id ORDER BY c.day)"""
_AMOUNTS = """
    CASE WHEN h.counted THEN (
        SELECT json_agg(json_build_array(a.day, CAST(a.amount * 1000 AS bigint)))::text
        FROM (SELECT a.day, sum(a.amount) AS amount FROM amounts a
              WHERE a.user_id = h.user_id AND a.habit_id = h.id AND a.day {within}
              GROUP BY a.day) AS a) END"""
_SINCE_THE_FOLD = "> coalesce({folded_on} - h.folded_reach, '-infinity')"
DAYS, AMOUNTS = (part.format(within=_SINCE_THE_FOLD) for part in (_DAYS, _AMOUNTS))
COUNTED_ON = """
    CASE WHEN h.counted THEN (SELECT max(a.day) FROM amounts a
                              WHERE a.user_id = h.user_id AND a.habit_id = h.id) END"""
# A fold may be empty: since the past has changed, or because a worker of the version before, which
# knows another, wrote last.
FOLDED_ON = "CASE WHEN h.closed_on IS NULL THEN h.folded_on END"

# The habits that are not put away, be it archived or rooted; those of one pillar (:pillar) that
# are not archived themselves; one (:habit) however it stands; or all (:all). What is not asked for
# is NULL or false.
_SQL = """
SELECT h.id, h.pillar_id, h.name, h.effort,
       h.archived_at IS NOT NULL OR h.rooted_at IS NOT NULL AS put_away,
       p.archived_at IS NOT NULL AS pillar_put_away,
       {terms} AS terms,
       {folded_on} AS folded_on, h.folded_run, h.folded_best, h.folded_kept, h.folded_toward,
       h.folded_shields, h.folded_since, h.folded_idle, h.folded_overdue, h.folded_strength,
       {days} AS days, {amounts} AS amounts, {counted_on} AS counted_on{columns}
FROM habits h
JOIN pillars p ON p.user_id = :me AND p.id = h.pillar_id
WHERE h.user_id = :me AND (
    h.archived_at IS NULL AND (h.rooted_at IS NULL OR p.id = CAST(:pillar AS bigint))
    AND (p.archived_at IS NULL OR p.id = CAST(:pillar AS bigint))
    OR h.id = CAST(:habit AS bigint) OR CAST(:all AS boolean))
ORDER BY h.position, h.id
"""


def sql(columns: str = "", known_on: str = FOLDED_ON) -> str:
    """Return the text: the columns of HabitFacts, and `columns` besides.

    `known_on` is an expression for the day after which days and amounts are wanted.
    """
    return _SQL.format(
        terms=TERMS,
        folded_on=FOLDED_ON,
        days=DAYS.format(folded_on=known_on),
        amounts=AMOUNTS.format(folded_on=known_on),
        counted_on=COUNTED_ON,
        columns=columns,
    )


_HABITS = Statement(sql(), HabitFacts)
# Whoever looks at one habit looks at all its days.
_ALL_OF_ONE = f"CASE WHEN h.id <> :habit THEN {FOLDED_ON} END"
_WITH_ONE = Statement(sql(known_on=_ALL_OF_ONE), HabitFacts)
# A month around the day holds every period that the day may be in; what comes every few days is
# due by its last keep, however long ago.
_A_MONTH = "BETWEEN CAST(:day AS date) - 31 AND CAST(:day AS date) + 31"
_A_MONTH_OR_A_KEEP = """BETWEEN least(CAST(:day AS date) - 31,
                (SELECT max(b.day) FROM commits b
                 WHERE b.user_id = h.user_id AND b.habit_id = h.id AND b.day < :day))
            AND CAST(:day AS date) + 31"""
_PAST = Statement(
    f"""
SELECT h.id, {_DAYS.format(within=_A_MONTH_OR_A_KEEP)} AS days,
       {_AMOUNTS.format(within=_A_MONTH)} AS amounts
FROM habits h
WHERE h.user_id = :me AND (h.archived_at IS NULL OR h.id = CAST(:habit AS bigint))
""",
    PastFacts,
)


def look(
    reading: Connection,
    user_id: int,
    *,
    habit_id: int | None = None,
    pillar_id: int | None = None,
    put_away: bool = False,
) -> list[HabitFacts]:
    """Return the facts of every habit that is not put away, in the user's order.

    The habit `habit_id` comes along also when it is put away, and so do the rooted habits of the
    pillar `pillar_id`; both also when their pillar is. With `put_away` all do. Of the
    habit `habit_id` all days are known.
    """
    values = {"me": user_id, "habit": habit_id, "pillar": pillar_id, "all": put_away}
    return (_HABITS if habit_id is None else _WITH_ONE).all(reading, values)


def look_at(
    reading: Connection, user_id: int, day: date, habit_id: int | None = None
) -> list[PastFacts]:
    """Return what is known of `day`, a day gone by, for every habit that is not put away itself.

    The habit `habit_id` comes along also when it is.
    """
    return _PAST.all(reading, {"me": user_id, "day": day, "habit": habit_id})
