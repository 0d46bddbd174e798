"""Mail waits in an outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", JSONB(), nullable=True),
        sa.Column("subscription", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("parked_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "char_length(address) BETWEEN 3 AND 254", name=op.f("ck_outbox_address_length")
        ),
        sa.CheckConstraint(
            "char_length(kind) BETWEEN 1 AND 40", name=op.f("ck_outbox_kind_length")
        ),
        sa.CheckConstraint(
            "char_length(once) BETWEEN 1 AND 80", name=op.f("ck_outbox_once_length")
        ),
        sa.CheckConstraint(
            "num_nonnulls(due_at, sent_at, parked_at) = 1", name=op.f("ck_outbox_state")
        ),
        sa.CheckConstraint("(facts IS NULL) = (sent_at IS NOT NULL)", name=op.f("ck_outbox_facts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_once"), "outbox", ["once"], unique=True)
    op.create_index(op.f("ix_outbox_user_id"), "outbox", ["user_id"])
    op.create_index(
        op.f("ix_outbox_due_at"),
        "outbox",
        [sa.text("(subscription IS NOT NULL)"), "due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Bring the schema back; mail that was not sent is lost."""
    op.drop_table("outbox")
