"""What a press reads after the lock, in one statement, built once, at import."""

from app.facts.habits import AMOUNTS, COUNTED_ON, DAYS, FOLDED_ON, TERMS
from app.facts.rests import RESTS
from app.infra.statement import Statement
from app.models.accounts import ALIVE
from app.operations.commits.pressed import ReadRow
from app.rules.reward import REWARD_DAYS

# An amount is known by its key for as long as it is there; by which route it came, for 90 days.
_ADDED_AS = """
            CASE WHEN h.counted THEN
                (SELECT CASE WHEN k.habit_id = :habit THEN CAST(:route AS varchar)
                             ELSE 'amount/' || k.habit_id END
                 FROM amounts k WHERE k.user_id = :me AND k.key = :key) END"""
_COUNTED_OTHERWISE = """
        CASE WHEN h.counted THEN
            (SELECT max(o.day) FROM amounts o WHERE o.user_id = :me AND o.habit_id = :habit
             AND o.day <> :day) END"""
_NEWEST = """
        SELECT o.id, CAST(o.amount * 1000 AS bigint) AS thousandths FROM amounts o
        WHERE h.counted AND o.user_id = :me AND o.habit_id = :habit AND o.day = :day
        ORDER BY o.id DESC LIMIT 1"""
# What is told of the pressed habit alone.
_PRESSED = f"""
    SELECT h.name, h.effort,
        h.archived_at IS NOT NULL OR h.rooted_at IS NOT NULL AS put_away,
        p.archived_at IS NOT NULL AS pillar_put_away,
        h.folded_run, h.folded_best, h.folded_kept, h.folded_toward, h.folded_shields,
        h.folded_since, h.folded_overdue, h.folded_strength,
        EXISTS (SELECT 1 FROM sessions s
                WHERE s.user_id = :me AND s.id = :session AND {ALIVE}) AS alive,
        coalesce(
            (SELECT k.route FROM presses k WHERE k.user_id = :me AND k.key = :key),{_ADDED_AS},
            (SELECT CASE WHEN k.reverses_id IS NULL THEN 'commit/' ELSE 'undo/' END || k.habit_id
             FROM ledger_entries k WHERE k.user_id = :me AND k.key = :key)) AS pressed_as,
        EXISTS (SELECT 1 FROM finds d WHERE d.user_id = :me AND d.day = :today) AS has_find,
        {RESTS.format(user=":me")} AS rests,
        h.milestone,
        p.name AS pillar_name, p.color, p.icon, p.xp AS pillar_xp,
        p.is_folded AS pillar_folded, p.best_level AS pillar_best,
        t.id AS pet_id, t.name AS pet_name, t.species, t.coat, t.xp AS pet_xp, t.days_kept,
        t.best_level, t.best_stage,
        e.id AS entry_id, e.amount AS entry_amount, e.pet_id AS entry_pet_id,
        e.pillar_id AS entry_pillar_id, q.name AS entry_pillar_name, q.color AS entry_color,
        q.icon AS entry_icon, q.xp AS entry_pillar_xp, q.is_folded AS entry_pillar_folded,
        CASE WHEN CAST(:today AS date) - CAST(:day AS date) > {REWARD_DAYS} THEN
            (SELECT b.amount FROM ledger_entries b
             JOIN ledger_entries r ON r.user_id = :me AND r.reverses_id = b.id
             WHERE b.user_id = :me AND b.habit_id = :habit AND b.day = :day
             ORDER BY r.id DESC LIMIT 1) END AS earned_before,
        EXISTS (SELECT 1 FROM ledger_entries m
                WHERE m.user_id = :me AND m.day = :day AND m.amount > 0
                  AND m.pet_id = coalesce(e.pet_id, t.id) AND m.id IS DISTINCT FROM e.id
                  AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                                  WHERE r.user_id = :me AND r.reverses_id = m.id)
        ) AS fed_otherwise,
        (SELECT count(*) FROM commits c WHERE c.user_id = :me AND c.day = :day
         AND c.habit_id <> :habit) AS kept_otherwise,
        (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day <= :today
         AND (c.habit_id, c.day) <> (:habit, :day)) AS last_kept_otherwise,
        a.id AS newest_id, a.thousandths AS newest_amount,
        {_COUNTED_OTHERWISE} AS counted_otherwise
    FROM pets t
    LEFT JOIN LATERAL (
        SELECT e.* FROM ledger_entries e
        WHERE e.user_id = :me AND e.habit_id = :habit AND e.day = :day AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                          WHERE r.user_id = :me AND r.reverses_id = e.id)
    ) AS e ON true
    LEFT JOIN pillars q ON q.user_id = :me AND q.id = e.pillar_id
    LEFT JOIN LATERAL ({_NEWEST}) AS a ON true
    WHERE t.user_id = :me AND t.is_active"""
# A press on a day that is folded already wants all days, and believes no fold.
_BELIEVED = """
    CASE WHEN h.closed_on IS NULL AND (h.id <> :habit OR :day > h.folded_on) THEN h.folded_on END"""
# Another habit, whose fold looks back no day, is due or not whatever was kept before.
_KNOWN_ON = f"""
    CASE WHEN h.id <> :habit AND h.folded_reach = 0 AND {FOLDED_ON} IS NOT NULL
         THEN CAST(:today AS date) - 1 ELSE {_BELIEVED} END"""

READ = Statement(
    f"""
SELECT h.id, h.pillar_id, {TERMS} AS terms, {_BELIEVED} AS folded_on, h.folded_idle,
       {DAYS.format(folded_on=_KNOWN_ON)} AS days,
       {AMOUNTS.format(folded_on=_KNOWN_ON)} AS amounts, {COUNTED_ON} AS counted_on,
       CASE WHEN h.id = :habit
            THEN (SELECT row_to_json(pressed) FROM ({_PRESSED}) AS pressed) END AS pressed
FROM habits h
JOIN pillars p ON p.user_id = :me AND p.id = h.pillar_id
WHERE h.user_id = :me
  AND (h.archived_at IS NULL AND h.rooted_at IS NULL AND p.archived_at IS NULL OR h.id = :habit)
""",
    ReadRow,
)
