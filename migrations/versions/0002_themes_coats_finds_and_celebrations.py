"""Themes, coats, finds, and what has been celebrated."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What was reached before celebrations were counted is not celebrated afterwards. The laws are
# those of rules/levels.py and rules/moments.py as they stood at this revision.
# The outer floor is needed: PostgreSQL rounds where it casts, and 19 XP would be level 2.
_LEVEL = "floor((5 + floor(sqrt(25 + 4 * xp))) / 10)::int"
_STAGE = f"""
    CASE WHEN {_LEVEL} >= 20 OR days_kept >= 120 THEN 4
         WHEN {_LEVEL} >= 10 OR days_kept >= 40 THEN 3
         WHEN {_LEVEL} >= 5 OR days_kept >= 10 THEN 2
         WHEN {_LEVEL} >= 2 OR days_kept >= 2 THEN 1
         ELSE 0 END
"""
_MILESTONE = """
    CASE WHEN best_streak >= 1000 THEN 1000 WHEN best_streak >= 365 THEN 365
         WHEN best_streak >= 100 THEN 100 WHEN best_streak >= 30 THEN 30
         WHEN best_streak >= 7 THEN 7 ELSE 0 END
"""


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("users", sa.Column("theme", sa.String(), server_default="system", nullable=False))
    op.create_check_constraint(
        op.f("ck_users_theme"), "users", "theme IN ('system', 'light', 'dark')"
    )
    op.add_column(
        "users",
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("pets", sa.Column("coat", sa.String(), server_default="own", nullable=False))
    op.create_check_constraint(
        op.f("ck_pets_coat"), "pets", "coat IN ('own', 'rose', 'amber', 'moss', 'sky', 'violet')"
    )
    one, none = sa.text("1"), sa.text("0")
    op.add_column("pets", sa.Column("best_level", sa.Integer(), server_default=one, nullable=False))
    op.add_column(
        "pets", sa.Column("best_stage", sa.SmallInteger(), server_default=none, nullable=False)
    )
    op.create_check_constraint(op.f("ck_pets_best_stage"), "pets", "best_stage BETWEEN 0 AND 4")
    op.add_column(
        "pillars", sa.Column("best_level", sa.Integer(), server_default=one, nullable=False)
    )
    op.add_column(
        "habits", sa.Column("milestone", sa.Integer(), server_default=none, nullable=False)
    )
    op.execute(f"UPDATE pets SET best_level = {_LEVEL}, best_stage = {_STAGE}")
    op.execute(f"UPDATE pillars SET best_level = {_LEVEL}")
    op.execute(f"UPDATE habits SET milestone = {_MILESTONE}")
    op.create_table(
        "finds",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("pet_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 0 AND 7", name=op.f("ck_finds_number")),
        sa.ForeignKeyConstraint(
            ["user_id", "pet_id"],
            ["pets.user_id", "pets.id"],
            name=op.f("fk_finds_pets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_finds")),
    )


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_table("finds")
    op.drop_column("habits", "milestone")
    op.drop_column("pillars", "best_level")
    op.drop_column("pets", "best_stage")
    op.drop_column("pets", "best_level")
    op.drop_column("pets", "coat")
    op.drop_column("users", "shortcuts")
    op.drop_column("users", "theme")
