"""Programs act for somebody by a token, which is a sign-in of another kind."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "api_tokens",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.CheckConstraint(
            "char_length(token_hash) BETWEEN 64 AND 64",
            name=op.f("ck_api_tokens_token_hash_length"),
        ),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 80", name=op.f("ck_api_tokens_name_length")
        ),
        sa.CheckConstraint("scope IN ('read', 'commit')", name=op.f("ck_api_tokens_scope")),
        sa.ForeignKeyConstraint(
            ["user_id", "session_id"],
            ["sessions.user_id", "sessions.id"],
            name=op.f("fk_api_tokens_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "session_id", name=op.f("pk_api_tokens")),
    )


def downgrade() -> None:
    """Bring the schema back; no token counts any more."""
    op.execute("UPDATE sessions SET ended_at = now() WHERE kind = 'token' AND ended_at IS NULL")
    op.drop_table("api_tokens")
