"""What the tables of an export consist of: for spreadsheets, with names instead of uids."""

from collections.abc import Iterable, Iterator
from typing import Any

# A spreadsheet takes a cell that begins like this for a formula, and may do what it says.
# Those of full width count too where people type them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

TABLES = {
    "habits.csv": """
        SELECT p.name AS pillar, h.name AS habit, h.effort, h.day_part,
               s.kind AS schedule, s.measure AS kind, s.weekdays, s.times, s.every,
               trim_scale(s.target) AS target, trim_scale(s.step) AS step, s.unit,
               (SELECT min(t.starts_on) FROM schedules t
                                WHERE t.user_id = h.user_id AND t.habit_id = h.id) AS first_day,
               (SELECT count(*) FROM commits c
                WHERE c.user_id = h.user_id AND c.habit_id = h.id) AS days_kept,
               h.archived_at, h.rooted_at
        FROM habits h
        JOIN pillars p ON p.user_id = h.user_id AND p.id = h.pillar_id
        JOIN LATERAL (SELECT * FROM schedules t
                      WHERE t.user_id = h.user_id AND t.habit_id = h.id
                      ORDER BY t.starts_on DESC LIMIT 1) s ON true
        WHERE h.user_id = :me ORDER BY p.position, p.id, h.position, h.id
    """,
    # A day that rests has a line where something else is told of it, or where it was skipped. No
    # day but a skipped one lies beyond tomorrow in UTC, so a rest until 2100 is not written out.
    "days.csv": """
        WITH counted AS MATERIALIZED (
            SELECT habit_id, day, sum(amount) AS amount FROM amounts WHERE user_id = :me
            GROUP BY habit_id, day),
        named AS MATERIALIZED (
            SELECT h.id, h.pillar_id, h.name AS habit, p.name AS pillar
            FROM habits h JOIN pillars p ON p.user_id = h.user_id AND p.id = h.pillar_id
            WHERE h.user_id = :me),
        rested AS MATERIALIZED (
            SELECT h.id AS habit_id, CAST(d AS date) AS day, min(r.reason) AS reason
            FROM rests r
            JOIN named h ON CASE WHEN r.habit_id IS NOT NULL THEN r.habit_id = h.id
                                 ELSE coalesce(r.pillar_id = h.pillar_id, true) END
            CROSS JOIN generate_series(
                r.starts_on,
                least(r.ends_on, greatest(r.starts_on, current_date + 1)),
                interval '1 day') AS d
            WHERE r.user_id = :me GROUP BY h.id, d),
        days AS (
            SELECT habit_id, day FROM commits WHERE user_id = :me
            UNION SELECT habit_id, day FROM counted
            UNION SELECT habit_id, day FROM notes WHERE user_id = :me
            UNION SELECT habit_id, starts_on FROM rests
                  WHERE user_id = :me AND kind = 'skip' AND habit_id IS NOT NULL)
        SELECT h.pillar, h.habit, CAST(d.day AS text) AS day,
               CASE WHEN c.day IS NOT NULL THEN 'yes' ELSE 'no' END AS kept,
               trim_scale(a.amount) AS amount, n.body AS note,
               CASE WHEN r.day IS NOT NULL THEN 'yes' ELSE 'no' END AS rest, r.reason
        FROM days d JOIN named h ON h.id = d.habit_id
        LEFT JOIN commits c ON c.user_id = :me AND c.habit_id = d.habit_id AND c.day = d.day
        LEFT JOIN counted a ON a.habit_id = d.habit_id AND a.day = d.day
        LEFT JOIN notes n ON n.user_id = :me AND n.habit_id = d.habit_id AND n.day = d.day
        LEFT JOIN rested r ON r.habit_id = d.habit_id AND r.day = d.day
        ORDER BY d.habit_id, d.day
    """,
    "ledger.csv": """
        SELECT e.id AS line, e.created_at AS at, e.day, e.label AS habit, p.name AS pillar,
               t.name AS pet, e.amount AS xp, e.reverses_id AS takes_back
        FROM ledger_entries e
        LEFT JOIN pillars p ON p.user_id = e.user_id AND p.id = e.pillar_id
        LEFT JOIN pets t ON t.user_id = e.user_id AND t.id = e.pet_id
        WHERE e.user_id = :me ORDER BY e.id
    """,
}


def harmless(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """Yield the rows with no text in them that a spreadsheet would take for a formula.

    Such a text gets an apostrophe before it, which spreadsheets do not show. Numbers stay.
    """
    for row in rows:
        yield [
            f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
            for cell in row
        ]
