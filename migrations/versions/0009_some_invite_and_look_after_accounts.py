"""Some invite and look after accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "users", sa.Column("is_admin", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("users", sa.Column("disabled_at", _INSTANT, nullable=True))
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("makes_admin", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "char_length(token_hash) BETWEEN 64 AND 64",
            name=op.f("ck_invitations_token_hash_length"),
        ),
        sa.CheckConstraint(
            "char_length(email) BETWEEN 3 AND 254", name=op.f("ck_invitations_email_length")
        ),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by IS NULL)", name=op.f("ck_invitations_used")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitations_fate")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitations_expires_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )


def downgrade() -> None:
    """Bring the schema back; who was disabled can sign in again, and no link lets anybody in."""
    op.drop_table("invitations")
    op.drop_column("users", "disabled_at")
    op.drop_column("users", "is_admin")
