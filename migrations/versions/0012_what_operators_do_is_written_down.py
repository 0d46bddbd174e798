"""What operators do is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("audit", sa.Column("done_by", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Bring the schema back; what operators did stays, and not who of them."""
    op.drop_column("audit", "done_by")
