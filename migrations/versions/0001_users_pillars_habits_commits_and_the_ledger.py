"""Users, pillars, habits, commits and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("day_start", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_premium", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pillar_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("habits_made_on", sa.Date(), nullable=True),
        sa.Column("habits_made", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "char_length(email) BETWEEN 3 AND 254", name=op.f("ck_users_email_length")
        ),
        sa.CheckConstraint("char_length(name) BETWEEN 0 AND 80", name=op.f("ck_users_name_length")),
        sa.CheckConstraint("day_start BETWEEN 0 AND 6", name=op.f("ck_users_day_start")),
        sa.CheckConstraint("habits_made >= 0", name=op.f("ck_users_habits_made")),
        sa.CheckConstraint("pillar_count >= 0", name=op.f("ck_users_pillar_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("pillar_id", sa.BigInteger(), nullable=False),
        sa.Column("pet_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount >= 0 ELSE amount <= 0 END",
            name=op.f("ck_ledger_entries_amount"),
        ),
        sa.CheckConstraint(
            "char_length(key) BETWEEN 1 AND 64", name=op.f("ck_ledger_entries_key_length")
        ),
        sa.CheckConstraint(
            "char_length(label) BETWEEN 1 AND 80", name=op.f("ck_ledger_entries_label_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ledger_entries_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_ledger_entries_user_id_key")),
        sa.UniqueConstraint(
            "user_id", "reverses_id", name=op.f("uq_ledger_entries_user_id_reverses_id")
        ),
    )
    op.create_index(
        op.f("ix_ledger_entries_user_id_day"), "ledger_entries", ["user_id", "day"], unique=False
    )
    op.create_table(
        "pets",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("species", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("xp", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("days_kept", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "species IN ('fox', 'owl', 'turtle', 'cat', 'dragon', 'sprout')",
            name=op.f("ck_pets_species"),
        ),
        sa.CheckConstraint("char_length(name) BETWEEN 0 AND 80", name=op.f("ck_pets_name_length")),
        sa.CheckConstraint("days_kept >= 0", name=op.f("ck_pets_days_kept")),
        sa.CheckConstraint("xp >= 0", name=op.f("ck_pets_xp")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pets_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_pets")),
    )
    op.create_index(
        "uq_pets_active", "pets", ["user_id"], unique=True, postgresql_where=sa.text("is_active")
    )
    op.create_table(
        "pillars",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("xp", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "color IN ('clay', 'amber', 'moss', 'pine', 'lagoon', 'iris', 'plum', 'slate')",
            name=op.f("ck_pillars_color"),
        ),
        sa.CheckConstraint(
            "char_length(icon) BETWEEN 1 AND 24", name=op.f("ck_pillars_icon_length")
        ),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 80", name=op.f("ck_pillars_name_length")
        ),
        sa.CheckConstraint("xp >= 0", name=op.f("ck_pillars_xp")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pillars_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_pillars")),
    )
    op.create_index(
        op.f("ix_pillars_user_id_created_at"), "pillars", ["user_id", "created_at"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_sessions")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "origin", "id", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "habits",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("pillar_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("best_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("effort IN ('easy', 'normal', 'hard')", name=op.f("ck_habits_effort")),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 80", name=op.f("ck_habits_name_length")
        ),
        sa.CheckConstraint("streak BETWEEN 0 AND best_streak", name=op.f("ck_habits_streak")),
        sa.ForeignKeyConstraint(
            ["user_id", "pillar_id"],
            ["pillars.user_id", "pillars.id"],
            name=op.f("fk_habits_pillars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_habits")),
    )
    op.create_index(
        op.f("ix_habits_user_id_pillar_id"), "habits", ["user_id", "pillar_id"], unique=False
    )
    op.create_table(
        "commits",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "habit_id"],
            ["habits.user_id", "habits.id"],
            name=op.f("fk_commits_habits"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "habit_id", "day", name=op.f("pk_commits")),
    )
    op.create_index(op.f("ix_commits_user_id_day"), "commits", ["user_id", "day"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("habit_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('daily')", name=op.f("ck_schedules_kind")),
        sa.ForeignKeyConstraint(
            ["user_id", "habit_id"],
            ["habits.user_id", "habits.id"],
            name=op.f("fk_schedules_habits"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "habit_id", "starts_on", name=op.f("pk_schedules")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("sign_in_failures")
    op.drop_table("schedules")
    op.drop_index(op.f("ix_commits_user_id_day"), table_name="commits")
    op.drop_table("commits")
    op.drop_index(op.f("ix_habits_user_id_pillar_id"), table_name="habits")
    op.drop_table("habits")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_pillars_user_id_created_at"), table_name="pillars")
    op.drop_table("pillars")
    op.drop_index("uq_pets_active", table_name="pets", postgresql_where=sa.text("is_active"))
    op.drop_table("pets")
    op.drop_index(op.f("ix_ledger_entries_user_id_day"), table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_table("users")
