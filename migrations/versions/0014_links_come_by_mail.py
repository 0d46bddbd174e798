"""Links come by mail, and an address can be verified."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("users", sa.Column("verified_at", _INSTANT, nullable=True))
    op.create_table(
        "links",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.Column("used_key", sa.String(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('join', 'confirm', 'reset', 'move', 'return')",
            name=op.f("ck_links_purpose"),
        ),
        sa.CheckConstraint(
            "char_length(hash) BETWEEN 64 AND 64", name=op.f("ck_links_hash_length")
        ),
        sa.CheckConstraint(
            "char_length(email) BETWEEN 3 AND 254", name=op.f("ck_links_email_length")
        ),
        sa.CheckConstraint(
            "char_length(used_key) BETWEEN 1 AND 64", name=op.f("ck_links_used_key_length")
        ),
        sa.PrimaryKeyConstraint("user_id", "hash", name=op.f("pk_links")),
    )


def downgrade() -> None:
    """Bring the schema back; no link that was sent leads anywhere."""
    op.drop_table("links")
    op.drop_column("users", "verified_at")
