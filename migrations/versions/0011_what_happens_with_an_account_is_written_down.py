"""What happens with an account is written down; a sign-in says from where, and when it proved."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("sessions", sa.Column("proved_at", _INSTANT, nullable=True))
    op.add_column("sessions", sa.Column("network", sa.String(), server_default="", nullable=False))
    op.create_table(
        "audit",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("happened_at", _INSTANT, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("network", sa.String(), server_default="", nullable=False),
        sa.Column("device", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "char_length(event) BETWEEN 1 AND 40", name=op.f("ck_audit_event_length")
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_audit")),
        sa.UniqueConstraint("user_id", "event", "day", name=op.f("uq_audit_user_id_event_day")),
    )
    op.create_index(op.f("ix_audit_user_id_happened_at"), "audit", ["user_id", "happened_at"])


def downgrade() -> None:
    """Bring the schema back; what was written down is lost."""
    op.drop_table("audit")
    op.drop_column("sessions", "network")
    op.drop_column("sessions", "proved_at")
