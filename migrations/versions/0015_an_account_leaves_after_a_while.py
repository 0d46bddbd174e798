"""An account leaves after a while, and is remembered as a number."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("users", sa.Column("leaves_at", _INSTANT, nullable=True))
    op.create_index(
        op.f("ix_users_leaves_at"),
        "users",
        ["leaves_at"],
        postgresql_where=sa.text("leaves_at IS NOT NULL"),
    )
    op.create_table(
        "departures",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("joined_at", _INSTANT, nullable=False),
        sa.Column("left_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "joined_at", name=op.f("pk_departures")),
    )


def downgrade() -> None:
    """Bring the schema back; who was going to leave stays."""
    op.drop_table("departures")
    op.drop_index(op.f("ix_users_leaves_at"), "users")
    op.drop_column("users", "leaves_at")
