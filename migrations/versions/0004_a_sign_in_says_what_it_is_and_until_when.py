"""A sign-in says what it is and until when; an account may be without a password."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The hash of no password at all.
_NO_PASSWORD = "UPDATE users SET password_hash = '!' WHERE password_hash IS NULL"


def upgrade() -> None:
    """Bring the schema up."""
    # Users before their sessions, the order in which the app locks them: else the two could wait
    # for each other.
    op.alter_column("users", "password_hash", nullable=True)
    instant = sa.DateTime(timezone=True)
    op.add_column("sessions", sa.Column("expires_at", instant, nullable=True))
    op.add_column(
        "sessions", sa.Column("kind", sa.String(), server_default="browser", nullable=False)
    )
    op.add_column("sessions", sa.Column("label", sa.String(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("last_used_at", instant, nullable=True))


def downgrade() -> None:
    """Bring the schema back."""
    op.execute("LOCK TABLE users, sessions")
    op.drop_column("sessions", "last_used_at")
    op.drop_column("sessions", "label")
    op.drop_column("sessions", "kind")
    op.drop_column("sessions", "expires_at")
    op.execute(_NO_PASSWORD)
    op.alter_column("users", "password_hash", nullable=False)
