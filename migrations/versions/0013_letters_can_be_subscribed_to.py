"""Letters can be subscribed to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "subscriptions",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reminder', 'weekly')", name=op.f("ck_subscriptions_kind")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_subscriptions_minute")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_subscriptions_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_due_at"), "subscriptions", ["due_at"])


def downgrade() -> None:
    """Bring the schema back; nobody is reminded any more."""
    op.drop_table("subscriptions")
