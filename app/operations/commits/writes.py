"""What a commit, an undo and an amount write, each in one statement, built once, at import."""

from typing import NamedTuple

from app.infra.statement import Statement
from app.operations.owner import USED


class Written(NamedTuple):
    """What a write says of itself: the number of this write of the user's."""

    version: int


# Workers of the version before have a fold of their own, which begins anew.
HABIT = """closed_on = NULL, folded_on = :through, folded_run = :run, folded_best = :best,
        folded_kept = :kept, folded_toward = :toward, folded_shields = :shields,
        folded_since = :since, folded_idle = :idle, folded_overdue = :overdue,
        folded_strength = :strength, folded_reach = :reach"""

_RECORD = f"""
WITH used AS ({USED}
), kept AS (
    INSERT INTO commits (user_id, habit_id, day, created_at)
    VALUES (:me, :habit, :day, :now) ON CONFLICT DO NOTHING RETURNING user_id
), habit AS (
    UPDATE habits SET {HABIT}, milestone = greatest(milestone, :milestone)
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
    SELECT user_id, :day, CAST(:find AS smallint), :pet, :now FROM kept
    WHERE CAST(:find AS smallint) IS NOT NULL
    ON CONFLICT DO NOTHING
){{moments}}{{amount}}
UPDATE users SET version = version + 1 FROM kept WHERE users.id = :me
RETURNING users.version
"""
# What comes once is stored once, whatever was undone since.
MOMENTS = """, moment AS (
    INSERT INTO moments (user_id, occasion, subject_id, number, day, label, created_at)
    SELECT {of}.user_id, m.occasion, m.subject_id, m.number, :today, m.label, :now
    FROM {of}, unnest(CAST(:occasions AS varchar[]), CAST(:subjects AS bigint[]),
                      CAST(:numbers AS int[]), CAST(:labels AS varchar[]))
               AS m (occasion, subject_id, number, label)
    ON CONFLICT DO NOTHING
)"""

# Pillar and pet come from the ledger entry: what was given there is taken back there, wherever
# the habit lives and whichever pet is active today. An imported commit has none, and gave nothing.
_UNDO = f"""
WITH used AS ({USED}
), gone AS (
    DELETE FROM commits WHERE user_id = :me AND habit_id = :habit AND day = :day
    RETURNING user_id
), habit AS (
    UPDATE habits SET {HABIT}
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
    SELECT user_id, :habit, :pillar, :pet, :day, :label, -CAST(:amount AS int), :key, :entry, :now
    FROM gone WHERE CAST(:entry AS bigint) IS NOT NULL
){{amount}}
UPDATE users SET version = version + 1 FROM gone WHERE users.id = :me
RETURNING users.version
"""
_AMOUNT_ALONE = f"""
WITH used AS ({USED}
), habit AS (
    UPDATE habits SET {HABIT}
    WHERE habits.user_id = :me AND habits.id = :habit RETURNING user_id
){{amount}}
UPDATE users SET version = version + 1 FROM habit WHERE users.id = :me
RETURNING users.version
"""
# What a press does to the amounts of a day goes along with the rest, `of` being the part that acts
# first. The press is remembered by a row of its own: an amount that is taken back is gone.
_ADDED = """, added AS (
    INSERT INTO amounts (user_id, habit_id, day, amount, key, created_at)
    SELECT user_id, :habit, :counted_on, CAST(:more AS numeric) / 1000, :key, :now FROM {of}
)"""
_TAKEN = """, taken AS (
    DELETE FROM amounts USING {of} WHERE amounts.user_id = :me AND amounts.id = :amount_id
)"""
PRESSED = """, press AS (
    INSERT INTO presses (user_id, key, route, created_at)
    SELECT user_id, :key, :route, :now FROM {of} WHERE CAST(:key AS varchar) IS NOT NULL
)"""


class Kit(NamedTuple):
    """The statements that write: a commit, one with its moments, an undo, and neither of them."""

    record: Statement[Written]
    record_with_moments: Statement[Written]
    undo: Statement[Written]
    alone: Statement[Written]


def _kit(amount: str = "") -> Kit:
    def statement(sql: str, of: str, moments: str = "") -> Statement[Written]:
        parts = {"moments": moments.format(of=of), "amount": amount.format(of=of)}
        return Statement(sql.format(**parts), Written)

    # Most commits bring no moment about, and pay for none.
    return Kit(
        statement(_RECORD, "kept"),
        statement(_RECORD, "kept", MOMENTS),
        statement(_UNDO, "gone"),
        statement(_AMOUNT_ALONE, "habit"),
    )


# A press on a habit that is kept by doing it, one that adds an amount, and one that takes the
# newest of a day back.
PLAIN, ADDING, TAKING = _kit(), _kit(_ADDED + PRESSED), _kit(_TAKEN + PRESSED)
