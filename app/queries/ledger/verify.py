"""Does every balance follow from the ledger and the commits, and has every account its address?

Nothing is repaired, all is told.
"""

from collections.abc import Iterator
from datetime import date
from math import isclose
from typing import Any

from sqlalchemy import Connection, text

from app.facts.habits import AMOUNTS, DAY_NUMBERS, FOLDED_ON, TERMS
from app.facts.rests import RESTS
from app.rules import fold, reward
from app.rules.facts import amounts_of
from app.rules.rests import Rests
from app.rules.schedule import Timetable
from app.rules.states import Fold, History, nothing
from app.rules.weeks import weeks_of

# All balances in one statement, so that all are seen in one snapshot while the app goes on.
# `live` are the entries that stand: no reversals, and not reversed. Materialized it would be 1.5
# times slower, and where users are distributed no machine could join it with its own rows.
# A day more than a week back earns nothing new, only what it had earned before. The user's own day
# is at most one behind that of UTC, hence a day more.
_BALANCES = text("""
WITH live AS NOT MATERIALIZED (
    SELECT e.* FROM ledger_entries e
    WHERE e.reverses_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_entries r WHERE r.user_id = e.user_id AND r.reverses_id = e.id)
), differences AS (
    SELECT p.user_id, 'pillar ' || p.id || ' has ' || p.xp || ' XP' AS what,
           coalesce(sum(e.amount), 0) || ' XP' AS ledger
    FROM pillars p LEFT JOIN ledger_entries e ON e.user_id = p.user_id AND e.pillar_id = p.id
    GROUP BY p.user_id, p.id HAVING p.xp <> coalesce(sum(e.amount), 0)
  UNION ALL
    SELECT t.user_id, 'pet ' || t.id || ' has ' || t.xp || ' XP',
           coalesce(sum(e.amount), 0) || ' XP'
    FROM pets t LEFT JOIN ledger_entries e ON e.user_id = t.user_id AND e.pet_id = t.id
    GROUP BY t.user_id, t.id HAVING t.xp <> coalesce(sum(e.amount), 0)
  UNION ALL
    SELECT t.user_id, 'pet ' || t.id || ' has ' || t.days_kept || ' days',
           count(DISTINCT l.day) || ' days'
    FROM pets t LEFT JOIN live l ON l.user_id = t.user_id AND l.pet_id = t.id AND l.amount > 0
    GROUP BY t.user_id, t.id HAVING t.days_kept <> count(DISTINCT l.day)
  UNION ALL
    SELECT l.user_id, 'entry ' || l.id || ' stands',
           'no commit of habit ' || l.habit_id || ' on ' || l.day
    FROM live l JOIN habits h ON h.user_id = l.user_id AND h.id = l.habit_id
    WHERE NOT EXISTS (SELECT 1 FROM commits c
        WHERE c.user_id = l.user_id AND c.habit_id = l.habit_id AND c.day = l.day)
  UNION ALL
    SELECT c.user_id, 'commit of habit ' || c.habit_id || ' on ' || c.day,
           count(l.id) || ' standing entries'
    FROM commits c LEFT JOIN live l
        ON l.user_id = c.user_id AND l.habit_id = c.habit_id AND l.day = c.day
    GROUP BY c.user_id, c.habit_id, c.day, c.import_id
    HAVING count(l.id) <> CASE WHEN c.import_id IS NULL THEN 1 ELSE 0 END
  UNION ALL
    SELECT r.user_id, 'entry ' || r.id || ' takes back ' || -r.amount || ' XP',
           'entry ' || r.reverses_id || ' gave ' || coalesce(e.amount::text, 'nothing')
    FROM ledger_entries r LEFT JOIN ledger_entries e
        ON e.user_id = r.user_id AND e.id = r.reverses_id
    WHERE r.reverses_id IS NOT NULL AND (e.id IS NULL OR e.reverses_id IS NOT NULL
        OR (-r.amount, r.pillar_id, r.pet_id, r.habit_id, r.day)
           IS DISTINCT FROM (e.amount, e.pillar_id, e.pet_id, e.habit_id, e.day))
  UNION ALL
    SELECT e.user_id, 'entry ' || e.id || ' gives ' || e.amount || ' XP for ' || e.day,
           'it gave ' || coalesce(max(b.amount), 0) || ' XP before'
    FROM ledger_entries e LEFT JOIN ledger_entries b
        ON b.user_id = e.user_id AND b.habit_id = e.habit_id AND b.day = e.day AND b.id < e.id
        AND b.reverses_id IS NULL
    WHERE e.reverses_id IS NULL AND e.amount > 0
        AND CAST(e.created_at AT TIME ZONE 'UTC' AS date) - e.day > :long_ago
    GROUP BY e.user_id, e.id, e.amount, e.day HAVING e.amount > coalesce(max(b.amount), 0)
  UNION ALL
    SELECT h.user_id, 'habit ' || h.id || ' counts ' || CASE WHEN h.counted THEN 'amounts' ELSE
           'nothing' END, 'and its terms say otherwise'
    FROM habits h
    WHERE h.counted <> EXISTS (
        SELECT 1 FROM schedules s
        WHERE s.user_id = h.user_id AND s.habit_id = h.id AND s.measure <> 'check')
  UNION ALL
    SELECT a.user_id, 'habit ' || a.habit_id || ' has amounts on ' || min(a.day),
           'and begins on ' || min(s.starts_on)
    FROM amounts a JOIN (SELECT user_id, habit_id, min(starts_on) AS starts_on FROM schedules
                         GROUP BY user_id, habit_id) AS s USING (user_id, habit_id)
    WHERE a.day < s.starts_on GROUP BY a.user_id, a.habit_id
  UNION ALL
    SELECT u.id, 'pillar count ' || u.pillar_count, count(p.id) || ' pillars'
    FROM users u LEFT JOIN pillars p ON p.user_id = u.id AND p.archived_at IS NULL
    GROUP BY u.id HAVING u.pillar_count <> count(p.id)
)
SELECT 'user ' || user_id || ': ' || what || ', by the ledger ' || ledger FROM differences
ORDER BY user_id, what
""")
_HABITS = text(
    """
    SELECT h.user_id, h.id, h.pillar_id, {folded_on} AS folded_on, h.folded_run, h.folded_best,
           h.folded_kept, h.folded_toward, h.folded_shields, h.folded_since, h.folded_idle,
           h.folded_overdue, h.folded_strength,
           {terms} AS terms, {days} AS days, {amounts} AS amounts,
           u.week_anchors, {rests} AS rests
    FROM habits h JOIN users u ON u.id = h.user_id ORDER BY h.user_id, h.id
""".format(
        folded_on=FOLDED_ON,
        terms=TERMS,
        days=DAY_NUMBERS,
        amounts=AMOUNTS.format(folded_on="CAST(NULL AS date)"),
        rests=RESTS.format(user="h.user_id"),
    )
)
_ADDRESSES = text("""
    SELECT CASE WHEN a.email IS NULL
                THEN 'user ' || u.id || ': ' || u.email || ' is not among the addresses'
                ELSE 'user ' || a.user_id || ': ' || a.email || ' is the address of no such account'
           END
    FROM users u FULL JOIN addresses a ON a.email = u.email AND a.user_id = u.id
    WHERE u.id IS NULL OR a.email IS NULL
    ORDER BY coalesce(u.id, a.user_id), u.id
""")
# Everything is read once. PostgreSQL knows little of a table that has just been filled, and would
# go through it again and again, row by row.
_AS_A_WHOLE = text("SET LOCAL statement_timeout = 0; SET LOCAL enable_nestloop = off")
_COUNT = text("SELECT count(*) FROM ledger_entries")


def differences(reading: Connection) -> Iterator[str]:
    """Yield one line for every balance, entry, streak or address that does not fit the rest."""
    reading.execute(_AS_A_WHOLE)
    yield from reading.scalars(_BALANCES, {"long_ago": reward.REWARD_DAYS + 1})
    yield from reading.scalars(_ADDRESSES)
    for row in reading.execute(_HABITS.execution_options(yield_per=1000)):
        yield from _fold_difference(row)


def count(reading: Connection) -> int:
    """Return the number of ledger entries."""
    return reading.scalar(_COUNT) or 0


def _fold_difference(row: Any) -> Iterator[str]:
    if not row.terms:
        yield f"user {row.user_id}: habit {row.id} has no schedule"
    elif row.folded_on is not None:
        stored, timetable = Fold._make(row[_FOLD]), Timetable.of(row.terms)
        history = History(
            timetable,
            list(map(date.fromordinal, row.days)),
            amounts_of(row.amounts),
            weeks_of(row.week_anchors),
            Rests.of(row.rests).quiet(row.id, row.pillar_id),
        )
        # A habit that began after the closed day has folded nothing.
        folded = fold.advance(nothing(timetable), history, row.folded_on)
        if not _are_equal(stored, folded):
            yield f"user {row.user_id}: habit {row.id} stores {stored}, by its days {folded}"


# The columns of a row that are those of Fold.
_FOLD = slice(3, 3 + len(Fold._fields))


def _are_equal(stored: Fold, folded: Fold) -> bool:
    # A strength that was carried on day by day differs in its last digits.
    return stored._replace(strength=0) == folded._replace(strength=0) and isclose(
        stored.strength, folded.strength, abs_tol=1e-9
    )
