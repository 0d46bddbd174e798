"""Days away are asked about once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("users", sa.Column("away_answered", sa.Date(), nullable=True))


def downgrade() -> None:
    """Bring the schema back; who has answered may be asked once more."""
    op.drop_column("users", "away_answered")
