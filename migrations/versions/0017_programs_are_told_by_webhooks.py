"""Other programs are told what happens, by webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_DUE = "ix_webhook_deliveries_due_at"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "webhooks",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("events", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("seen_entry", sa.BigInteger(), nullable=False),
        sa.Column("listens_since", _INSTANT, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("busy_until", _INSTANT, nullable=True),
        sa.Column("failing_since", _INSTANT, nullable=True),
        sa.Column("off_at", _INSTANT, nullable=True),
        sa.Column("off_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "char_length(address) BETWEEN 1 AND 1000", name=op.f("ck_webhooks_address_length")
        ),
        sa.CheckConstraint(
            "off_because IN ('user', 'failing')", name=op.f("ck_webhooks_off_because")
        ),
        sa.CheckConstraint(
            "(off_at IS NULL) = (off_because IS NULL)", name=op.f("ck_webhooks_off")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_webhooks_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("tried_at", _INSTANT, nullable=True),
        sa.Column("taken_at", _INSTANT, nullable=True),
        sa.Column("given_up_at", _INSTANT, nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(due_at, taken_at, given_up_at) = 1",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "webhook_id"],
            ["webhooks.user_id", "webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhooks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_user_id_webhook_id_source"),
        "webhook_deliveries",
        ["user_id", "webhook_id", "source"],
        unique=True,
    )
    op.create_index(
        op.f(_DUE),
        "webhook_deliveries",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Bring the schema back; nobody is told anything any more."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
