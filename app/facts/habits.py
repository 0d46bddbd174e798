"""The facts of a user's habits: one text of SQL for every page and every press."""

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules.board import HabitFacts

# The habits that are not put away; those of one pillar (:pillar), put away with it or not; one
# (:habit) however it stands; or all (:all). What is not asked for is NULL or false.
# A fold may be empty: written by a version that knew none, or since the first day has changed.
_SQL = """
SELECT h.id, h.pillar_id, h.name, h.effort,
       h.archived_at IS NOT NULL AS put_away, p.archived_at IS NOT NULL AS pillar_put_away,
       ARRAY(SELECT s.starts_on FROM schedules s
             WHERE s.user_id = :me AND s.habit_id = h.id ORDER BY s.starts_on) AS terms,
       {closed_on} AS closed_on, h.closed_run, h.closed_best, h.closed_kept,
       ARRAY(SELECT c.day FROM commits c
             WHERE c.user_id = :me AND c.habit_id = h.id
               AND c.day > coalesce({closed_on}, '-infinity') ORDER BY c.day) AS days{columns}
FROM habits h
JOIN pillars p ON p.user_id = :me AND p.id = h.pillar_id{joins}
WHERE h.user_id = :me AND (
    h.archived_at IS NULL AND (p.archived_at IS NULL OR p.id = CAST(:pillar AS bigint))
    OR h.id = CAST(:habit AS bigint) OR CAST(:all AS boolean))
ORDER BY h.position, h.id
"""


def sql(closed_on: str = "h.closed_on", columns: str = "", joins: str = "") -> str:
    """Return the text: the columns of HabitFacts, and `columns` that come from `joins`.

    `closed_on` is an expression for the day through which the stored fold is to be believed.
    """
    return _SQL.format(closed_on=closed_on, columns=columns, joins=joins)


_HABITS = Statement(sql(), HabitFacts)


def look(
    reading: Connection,
    user_id: int,
    *,
    habit_id: int | None = None,
    pillar_id: int | None = None,
    put_away: bool = False,
) -> list[HabitFacts]:
    """Return the facts of every habit that is not put away, in the user's order.

    The habit `habit_id`, and the habits of the pillar `pillar_id`, come along also when they are
    put away or in a pillar that is; with `put_away` all do.
    """
    values = {"me": user_id, "habit": habit_id, "pillar": pillar_id, "all": put_away}
    return _HABITS.all(reading, values)
