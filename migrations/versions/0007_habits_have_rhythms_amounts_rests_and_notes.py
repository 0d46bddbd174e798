"""Habits have rhythms, amounts, rests and notes, and their fold holds shields and strength."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_QUANTITY = sa.Numeric(13, 3)
_FIRST_MONDAY = "{2000-01-03}"
# The days of archived habits and pillars rest from the user's day on which they were put away; from
# the next where that day was kept.
_ARCHIVED = """
    INSERT INTO rests (user_id, kind, {subject}, starts_on, created_at)
    SELECT a.user_id, 'archive', a.id,
           a.day + CASE WHEN EXISTS (
               SELECT 1 FROM commits c JOIN habits h ON h.user_id = c.user_id AND h.id = c.habit_id
               WHERE c.user_id = a.user_id AND c.day = a.day AND h.{of} = a.id) THEN 1 ELSE 0 END,
           a.archived_at
    FROM (SELECT t.user_id, t.id, t.archived_at,
                 CAST(t.archived_at AT TIME ZONE u.timezone
                      - make_interval(hours => u.day_start) AS date) AS day
          FROM {table} t JOIN users u ON u.id = t.user_id WHERE t.archived_at IS NOT NULL) AS a
"""


def upgrade() -> None:
    """Bring the schema up. All folds are empty: each is written with the habit's next day."""
    # Users before their things, the order in which the app locks them: else the two could wait
    # for each other.
    op.add_column(
        "users",
        sa.Column(
            "week_anchors", sa.ARRAY(sa.Date()), server_default=_FIRST_MONDAY, nullable=False
        ),
    )
    _check("users", "week_anchors", "cardinality(week_anchors) > 0")
    op.add_column(
        "pillars",
        sa.Column("is_folded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    _change_habits()
    _change_schedules()
    _create_homes()
    _create_rests()
    _create_amounts()
    _create_notes()
    op.execute(_ARCHIVED.format(table="pillars", subject="pillar_id", of="pillar_id"))
    op.execute(_ARCHIVED.format(table="habits", subject="habit_id", of="id"))


# Each with its default; what has none may be NULL.
_HABITS = (
    ("counted", sa.Boolean(), "false"),
    ("folded_on", sa.Date(), None),
    ("folded_run", sa.Integer(), "0"),
    ("folded_best", sa.Integer(), "0"),
    ("folded_kept", sa.Integer(), "0"),
    ("folded_toward", sa.Integer(), "0"),
    ("folded_shields", sa.Integer(), "1"),
    ("folded_since", sa.Date(), None),
    ("folded_idle", sa.Integer(), "-1"),
    ("folded_overdue", sa.Integer(), "0"),
    ("folded_strength", sa.Float(), "0"),
    ("folded_reach", sa.SmallInteger(), "0"),
    ("day_part", sa.String(), "''"),
    ("rooted_at", _INSTANT, None),
    ("asked_on", sa.Date(), None),
)
_SCHEDULES = (
    ("measure", sa.String(), "'check'"),
    ("weekdays", sa.SmallInteger(), "0"),
    ("times", sa.SmallInteger(), "1"),
    ("every", sa.SmallInteger(), "1"),
    ("target", _QUANTITY, "0"),
    ("step", _QUANTITY, "1"),
    ("unit", sa.String(), "''"),
)


def _change_habits() -> None:
    _add("habits", _HABITS)
    _check("habits", "folded_run", "folded_run BETWEEN 0 AND folded_best")
    _check("habits", "folded_shields", "folded_shields BETWEEN 0 AND 2")
    _check("habits", "folded_strength", "folded_strength BETWEEN 0 AND 1")
    _check("habits", "day_part", "day_part IN ('', 'morning', 'day', 'evening')")


def _change_schedules() -> None:
    _add("schedules", _SCHEDULES)
    # One statement, so that no row slips in between.
    op.execute("""
        ALTER TABLE schedules DROP CONSTRAINT ck_schedules_kind, ADD CONSTRAINT ck_schedules_kind
            CHECK (kind IN ('daily', 'weekdays', 'every', 'weekly', 'monthly'))
    """)
    _check("schedules", "measure", "measure IN ('check', 'at_least', 'at_most')")
    _check("schedules", "weekdays", "weekdays BETWEEN 0 AND 127")
    _check("schedules", "times", "times BETWEEN 1 AND 28")
    _check("schedules", "every", "every BETWEEN 1 AND 365")
    _check("schedules", "target", "target >= 0")
    _check("schedules", "step", "step > 0")
    _check("schedules", "unit_length", "char_length(unit) BETWEEN 0 AND 200")


def _create_homes() -> None:
    op.create_table(
        "homes",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("pillar_id", sa.BigInteger(), nullable=False),
        _of("homes", "habit"),
        _of("homes", "pillar"),
        sa.PrimaryKeyConstraint("user_id", "habit_id", "until", name=op.f("pk_homes")),
    )


def _create_rests() -> None:
    op.create_table(
        "rests",
        *_owned(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pillar_id", sa.BigInteger(), nullable=True),
        sa.Column("habit_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_rests_ends_on")),
        sa.CheckConstraint("pillar_id IS NULL OR habit_id IS NULL", name=op.f("ck_rests_subject")),
        sa.CheckConstraint("kind IN ('rest', 'skip', 'archive')", name=op.f("ck_rests_kind")),
        sa.CheckConstraint(
            "char_length(reason) BETWEEN 0 AND 2000", name=op.f("ck_rests_reason_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_rests_users"), ondelete="CASCADE"
        ),
        _of("rests", "habit"),
        _of("rests", "pillar"),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_rests")),
    )


def _create_amounts() -> None:
    op.create_table(
        "amounts",
        *_owned(),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", _QUANTITY, nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_amounts_amount")),
        sa.CheckConstraint("char_length(key) BETWEEN 1 AND 64", name=op.f("ck_amounts_key_length")),
        _of("amounts", "habit"),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_amounts")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_amounts_user_id_key")),
    )
    op.create_index(op.f("ix_amounts_user_id_habit_id_day"), "amounts", _DAY_OF_HABIT)


def _create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "char_length(body) BETWEEN 1 AND 20000", name=op.f("ck_notes_body_length")
        ),
        _of("notes", "habit"),
        sa.PrimaryKeyConstraint("user_id", "habit_id", "day", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_user_id_day"), "notes", ["user_id", "day"])


_DAY_OF_HABIT = ("user_id", "habit_id", "day")


def _owned() -> Sequence[sa.Column[int]]:
    return (
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    )


def _of(table: str, noun: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id", f"{noun}_id"],
        [f"{noun}s.user_id", f"{noun}s.id"],
        name=op.f(f"fk_{table}_{noun}s"),
        ondelete="CASCADE",
    )


def _add(table: str, columns: Sequence[tuple[str, Any, str | None]]) -> None:
    for name, kind, default in columns:
        given = default and sa.text(default)
        op.add_column(table, sa.Column(name, kind, server_default=given, nullable=default is None))


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def downgrade() -> None:
    """Bring the schema back: every habit is daily again, and what only this schema held goes."""
    # Users first here too: with a table, the ones that it refers to are locked.
    op.drop_column("users", "week_anchors")
    for table in ("notes", "amounts", "rests", "homes"):
        op.drop_table(table)
    op.execute("UPDATE schedules SET kind = 'daily' WHERE kind <> 'daily'")
    op.execute("""
        ALTER TABLE schedules DROP CONSTRAINT ck_schedules_kind, ADD CONSTRAINT ck_schedules_kind
            CHECK (kind IN ('daily'))
    """)
    for name, *_rest in _SCHEDULES:
        op.drop_column("schedules", name)
    for name, *_rest in _HABITS:
        op.drop_column("habits", name)
    op.drop_column("pillars", "is_folded")
