"""Sign-ins say what they are and until when, every press is remembered, streaks are folded."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The hash of no password at all.
_NO_PASSWORD = "UPDATE users SET password_hash = '!' WHERE password_hash IS NULL"
_INSTANT = sa.DateTime(timezone=True)
_FOLD = ("closed_run", "closed_best", "closed_kept")


def upgrade() -> None:
    """Bring the schema up. All folds are empty: each is written with the habit's next day."""
    # Users before their things, the order in which the app locks them: else the two could wait
    # for each other.
    op.alter_column("users", "password_hash", nullable=True)
    _change_sessions()
    _change_habits()
    op.add_column("commits", sa.Column("import_id", sa.BigInteger(), nullable=True))
    _create_presses()


def _change_sessions() -> None:
    op.add_column("sessions", sa.Column("expires_at", _INSTANT, nullable=True))
    op.add_column(
        "sessions", sa.Column("kind", sa.String(), server_default="browser", nullable=False)
    )
    op.add_column("sessions", sa.Column("label", sa.String(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("last_used_at", _INSTANT, nullable=True))


def _change_habits() -> None:
    op.add_column("habits", sa.Column("closed_on", sa.Date(), nullable=True))
    for name in _FOLD:
        op.add_column(
            "habits", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
    # Both read the habits once, which are few beside their days.
    op.create_check_constraint(
        op.f("ck_habits_closed_run"), "habits", "closed_run BETWEEN 0 AND closed_best"
    )
    op.create_check_constraint(
        op.f("ck_habits_closed_kept"), "habits", "closed_kept >= closed_best"
    )


def _create_presses() -> None:
    op.create_table(
        "presses",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("made_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("char_length(key) BETWEEN 1 AND 64", name=op.f("ck_presses_key_length")),
        sa.CheckConstraint(
            "char_length(route) BETWEEN 1 AND 80", name=op.f("ck_presses_route_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_presses_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_presses")),
    )
    op.create_index(op.f("ix_presses_user_id_created_at"), "presses", ["user_id", "created_at"])


def downgrade() -> None:
    """Bring the schema back."""
    op.execute("LOCK TABLE users, sessions, habits, commits")
    op.drop_table("presses")
    op.drop_column("commits", "import_id")
    op.drop_constraint(op.f("ck_habits_closed_kept"), "habits")
    op.drop_constraint(op.f("ck_habits_closed_run"), "habits")
    for name in ("closed_on", *_FOLD):
        op.drop_column("habits", name)
    for name in ("last_used_at", "label", "kind", "expires_at"):
        op.drop_column("sessions", name)
    op.execute(_NO_PASSWORD)
    op.alter_column("users", "password_hash", nullable=False)
