"""The statements of a commit and of an undo, after the lock. Built once, at import."""

from app.infra.db import statement

# A row of nothing is the base, so that the answer exists (with the sign-in's state) even when the
# habit does not. `archived` is the name of what is archived, pillar or habit, if one is; `entry`
# is the ledger line that keeps this habit on this day, if it is kept; `others` are the user's
# other habits of today; `mates` tells whether something else earned the same pet XP on the same
# day, which decides whether that day counts for it;
# `found` whether the pet has brought something today already.
READ = statement(
    """
SELECT
    EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = :me AND s.id = :session
            AND s.ended_at IS NULL AND s.created_at > :oldest) AS alive,
    EXISTS (SELECT 1 FROM ledger_entries k WHERE k.user_id = :me AND k.key = :key) AS known_key,
    EXISTS (SELECT 1 FROM finds d WHERE d.user_id = :me AND d.day = :today) AS found,
    h.id AS habit_id, h.name, h.effort, h.milestone,
    CASE WHEN p.archived_at IS NOT NULL THEN p.name
         WHEN h.archived_at IS NOT NULL THEN h.name END AS archived,
    (SELECT min(f.starts_on) FROM schedules f
     WHERE f.user_id = :me AND f.habit_id = h.id) AS starts_on,
    ARRAY(SELECT c.day FROM commits c
          WHERE c.user_id = :me AND c.habit_id = h.id ORDER BY c.day) AS days,
    p.id AS pillar_id, p.name AS pillar_name, p.color, p.icon, p.xp AS pillar_xp,
    p.best_level AS pillar_best,
    t.id AS pet_id, t.name AS pet_name, t.species, t.coat, t.xp AS pet_xp, t.days_kept,
    t.best_level, t.best_stage,
    e.id AS entry_id, e.amount, e.pillar_id AS entry_pillar_id, e.pet_id AS entry_pet_id,
    EXISTS (SELECT 1 FROM ledger_entries m
            WHERE m.user_id = :me AND m.day = :day AND m.amount > 0
              AND m.pet_id = coalesce(e.pet_id, t.id) AND m.id IS DISTINCT FROM e.id
              AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                              WHERE r.user_id = :me AND r.reverses_id = m.id)) AS mates,
    (SELECT max(c.day) FROM commits c WHERE c.user_id = :me AND c.day <= :today
     AND (c.habit_id, c.day) <> (:habit, :day)) AS last_kept_otherwise,
    (SELECT count(*) FROM commits c WHERE c.user_id = :me AND c.day = :today
     AND c.habit_id <> :habit) AS kept_otherwise,
    others.*
FROM (SELECT 1) AS base
LEFT JOIN habits h ON h.user_id = :me AND h.id = :habit
LEFT JOIN pillars p ON p.user_id = :me AND p.id = h.pillar_id
LEFT JOIN pets t ON t.user_id = :me AND t.is_active
LEFT JOIN LATERAL (
    SELECT e.* FROM ledger_entries e
    WHERE e.user_id = :me AND e.habit_id = h.id AND e.day = :day AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                      WHERE r.user_id = :me AND r.reverses_id = e.id)
) AS e ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS due, count(c.day) AS kept, min(f.starts_on) AS first_due,
           count(*) FILTER (WHERE b.pillar_id = p.id) AS pillar_due,
           count(c.day) FILTER (WHERE b.pillar_id = p.id) AS pillar_kept
    FROM habits b
    JOIN pillars q ON q.user_id = :me AND q.id = b.pillar_id AND q.archived_at IS NULL
    JOIN LATERAL (SELECT min(s.starts_on) AS starts_on FROM schedules s
                  WHERE s.user_id = :me AND s.habit_id = b.id) f ON f.starts_on <= :today
    LEFT JOIN commits c ON c.user_id = :me AND c.habit_id = b.id AND c.day = :today
    WHERE b.user_id = :me AND b.archived_at IS NULL AND b.id IS DISTINCT FROM h.id
) AS others
""",
    "alive known_key found habit_id name effort milestone archived starts_on days"
    " pillar_id pillar_name color icon pillar_xp pillar_best"
    " pet_id pet_name species coat pet_xp days_kept best_level best_stage"
    " entry_id amount entry_pillar_id entry_pet_id mates last_kept_otherwise kept_otherwise"
    " due kept first_due pillar_due pillar_kept",
)

RECORD = statement(
    """
WITH kept AS (
    INSERT INTO commits (user_id, habit_id, day, created_at)
    VALUES (:me, :habit, :day, :now) ON CONFLICT DO NOTHING RETURNING user_id
), habit AS (
    UPDATE habits SET streak = :run, best_streak = :best, last_day = :last_day,
        milestone = greatest(milestone, :milestone)
    FROM kept WHERE habits.user_id = :me AND habits.id = :habit
), pillar AS (
    UPDATE pillars SET xp = xp + :amount, best_level = greatest(best_level, :pillar_level)
    FROM kept WHERE pillars.user_id = :me AND pillars.id = :pillar
), pet AS (
    UPDATE pets SET xp = xp + :amount, days_kept = days_kept + :pet_days,
        best_level = greatest(best_level, :pet_level), best_stage = greatest(best_stage, :stage)
    FROM kept WHERE pets.user_id = :me AND pets.id = :pet
), entry AS (
    INSERT INTO ledger_entries
        (user_id, habit_id, pillar_id, pet_id, day, label, amount, key, created_at)
    SELECT user_id, :habit, :pillar, :pet, :day, :label, :amount, :key, :now FROM kept
), find AS (
    INSERT INTO finds (user_id, day, number, pet_id, created_at)
    SELECT user_id, :day, CAST(:find AS smallint), :pet, :now FROM kept WHERE :find IS NOT NULL
    ON CONFLICT DO NOTHING
)
UPDATE users SET version = version + 1 FROM kept WHERE users.id = :me
RETURNING users.version
""",
    "version",
)

# Pillar and pet come from the ledger entry: what was given there is taken back there, wherever
# the habit lives and whichever pet is active today.
UNDO = statement(
    """
WITH gone AS (
    DELETE FROM commits WHERE user_id = :me AND habit_id = :habit AND day = :day
    RETURNING user_id
), habit AS (
    UPDATE habits SET streak = :run, best_streak = :best, last_day = :last_day
    FROM gone WHERE habits.user_id = :me AND habits.id = :habit
), pillar AS (
    UPDATE pillars SET xp = xp - :amount
    FROM gone WHERE pillars.user_id = :me AND pillars.id = :pillar
), pet AS (
    UPDATE pets SET xp = xp - :amount, days_kept = days_kept - :pet_days
    FROM gone WHERE pets.user_id = :me AND pets.id = :pet
), entry AS (
    INSERT INTO ledger_entries
        (user_id, habit_id, pillar_id, pet_id, day, label, amount, key, reverses_id, created_at)
    SELECT user_id, :habit, :pillar, :pet, :day, :label, -:amount, :key, :entry, :now FROM gone
)
UPDATE users SET version = version + 1 FROM gone WHERE users.id = :me
RETURNING users.version
""",
    "version",
)

# The habit may have moved since: the pillar that it left shows its new XP too.
HEADER = statement(
    """
SELECT p.id, p.name, p.color, p.icon, p.xp, count(f.starts_on) AS due, count(c.day) AS kept
FROM pillars p
LEFT JOIN habits b ON b.user_id = :me AND b.pillar_id = p.id AND b.archived_at IS NULL
LEFT JOIN LATERAL (SELECT min(s.starts_on) AS starts_on FROM schedules s
                   WHERE s.user_id = :me AND s.habit_id = b.id AND s.starts_on <= :today) f ON true
LEFT JOIN commits c ON c.user_id = :me AND c.habit_id = b.id AND c.day = :today
WHERE p.user_id = :me AND p.id = :pillar
GROUP BY p.user_id, p.id
""",
    "id name color icon xp due kept",
)
