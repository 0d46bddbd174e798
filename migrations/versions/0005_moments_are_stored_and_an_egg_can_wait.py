"""Moments are stored, and an egg can be told to wait."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What was celebrated before moments were stored is worked out from the days and the ledger, by the
# laws of rules/levels.py and rules/moments.py as they stood at this revision. The day is the one
# that was kept. What a habit or a pillar that is gone had brought is not known any more, and
# neither is when something was put away in between and taken out again.
_FILL = """
    INSERT INTO moments (user_id, occasion, subject_id, number, day, label)
    {rows} ON CONFLICT DO NOTHING
"""
_LEVEL = "floor((5 + floor(sqrt(25 + 4 * xp))) / 10)::int"
# A balance after each line, and the first line at which each level was reached.
_LEVELS = f"""
    SELECT r.user_id, '{{occasion}}', r.id, r.level, e.day, {{label}}
    FROM (SELECT user_id, id, {_LEVEL} AS level, min(line) AS line
          FROM (SELECT user_id, {{id}} AS id, e.id AS line,
                       sum(amount) OVER (PARTITION BY user_id, {{id}} ORDER BY e.id) AS xp
                FROM ledger_entries e) AS balances
          GROUP BY user_id, id, {_LEVEL}) AS r
    JOIN {{table}} s ON s.user_id = r.user_id AND s.id = r.id
    JOIN ledger_entries e ON e.user_id = r.user_id AND e.id = r.line
    WHERE r.level BETWEEN 2 AND s.best_level
"""
# After the levels. The n-th day that earned a pet XP leads to a stage as a level does.
_STAGES = """
    WITH fed AS (
        SELECT user_id, pet_id, day,
               row_number() OVER (PARTITION BY user_id, pet_id ORDER BY min(id)) AS days
        FROM ledger_entries e
        WHERE amount > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entries r
                                         WHERE r.user_id = e.user_id AND r.reverses_id = e.id)
        GROUP BY user_id, pet_id, day
    )
    SELECT t.user_id, CASE s.number WHEN 1 THEN 'hatch' ELSE 'stage' END, t.id, s.number,
           least(m.day, f.day), ''
    FROM pets t
    JOIN (VALUES (1, 2, 2), (2, 5, 10), (3, 10, 40), (4, 20, 120)) AS s (number, level, days)
        ON s.number <= t.best_stage
    LEFT JOIN moments m ON m.user_id = t.user_id AND m.occasion = 'level'
        AND m.subject_id = t.id AND m.number = s.level
    LEFT JOIN fed f ON f.user_id = t.user_id AND f.pet_id = t.id AND f.days = s.days
    WHERE coalesce(m.day, f.day) IS NOT NULL
"""
_SPECIES = """
    SELECT t.user_id, 'species', t.id,
           array_position(ARRAY['fox', 'owl', 'turtle', 'cat', 'dragon', 'sprout'], t.species) - 1,
           CAST(t.created_at AT TIME ZONE 'UTC' AS date), ''
    FROM pets t
    WHERE EXISTS (SELECT 1 FROM pets p WHERE p.user_id = t.user_id AND p.id < t.id)
      AND NOT EXISTS (SELECT 1 FROM pets p
                      WHERE p.user_id = t.user_id AND p.id < t.id AND p.species = t.species)
"""
# Days in a row have the same distance from their places in the list of all days.
_RUNS = """
    SELECT r.user_id, 'milestone', r.habit_id, r.run, min(r.day), h.name
    FROM (SELECT user_id, habit_id, day,
                 row_number() OVER (PARTITION BY user_id, habit_id, island ORDER BY day) AS run
          FROM (SELECT user_id, habit_id, day, day - CAST(row_number() OVER (
                    PARTITION BY user_id, habit_id ORDER BY day) AS int) AS island
                FROM commits) AS islands) AS r
    JOIN habits h ON h.user_id = r.user_id AND h.id = r.habit_id
    WHERE r.run IN (7, 30, 100, 365, 1000) AND r.run <= h.milestone
    GROUP BY r.user_id, r.habit_id, r.run, h.name
"""
# The days with all kept, by the habits that are there now.
_ALL_KEPT = """
    WITH habit AS (
        SELECT h.user_id, h.id, min(s.starts_on) AS starts_on,
               CAST(least(h.archived_at, p.archived_at) AT TIME ZONE 'UTC' AS date) AS ends
        FROM habits h
        JOIN pillars p ON p.user_id = h.user_id AND p.id = h.pillar_id
        JOIN schedules s ON s.user_id = h.user_id AND s.habit_id = h.id
        GROUP BY h.user_id, h.id, h.archived_at, p.archived_at
    ), kept AS (
        SELECT c.user_id, c.day, count(*) AS habits
        FROM commits c JOIN habit h ON h.user_id = c.user_id AND h.id = c.habit_id
        WHERE c.day >= h.starts_on AND (h.ends IS NULL OR c.day < h.ends)
        GROUP BY c.user_id, c.day
    )
    SELECT k.user_id, 'all-kept', 0, k.day - date '0001-01-01' + 1, k.day, ''
    FROM kept k
    JOIN habit h ON h.user_id = k.user_id
        AND h.starts_on <= k.day AND (h.ends IS NULL OR k.day < h.ends)
    GROUP BY k.user_id, k.day, k.habits HAVING count(*) = k.habits
"""
_PAST = (
    _LEVELS.format(occasion="level", id="pet_id", table="pets", label="''"),
    _LEVELS.format(occasion="pillar", id="pillar_id", table="pillars", label="s.name"),
    _STAGES,
    _SPECIES,
    _RUNS,
    _ALL_KEPT,
)
_OCCASIONS = "occasion IN ('hatch', 'stage', 'species', 'all-kept', 'level', 'milestone', 'pillar')"


def upgrade() -> None:
    """Bring the schema up, and then fill the shelf with what is known of the past."""
    op.add_column("users", sa.Column("egg_waits_until", sa.Date()), if_not_exists=True)
    _create_moments()
    # What is made so far is complete by itself: nobody waits for it while the past is read, and
    # run again after an interruption this goes on where it was.
    with op.get_context().autocommit_block():
        for rows in _PAST:
            op.execute(_FILL.format(rows=rows))


def _create_moments() -> None:
    op.create_table(
        "moments",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_OCCASIONS, name=op.f("ck_moments_occasion")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_moments_number")),
        sa.CheckConstraint(
            "char_length(label) BETWEEN 0 AND 80", name=op.f("ck_moments_label_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_moments_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "occasion", "subject_id", "number", name=op.f("pk_moments")
        ),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Bring the schema back."""
    op.execute("LOCK TABLE users")
    op.drop_table("moments")
    op.drop_column("users", "egg_waits_until")
