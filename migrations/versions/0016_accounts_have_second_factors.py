"""Accounts have second factors: apps that make codes, passkeys, recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "users",
        sa.Column("has_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "code_apps",
        *_named("code_apps"),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        *_times(),
        *_keys("code_apps", "id"),
    )
    op.create_table(
        "passkeys",
        *_named("passkeys"),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        *_times(),
        sa.CheckConstraint(
            "octet_length(credential) BETWEEN 1 AND 1023",
            name=op.f("ck_passkeys_credential_length"),
        ),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count")),
        *_keys("passkeys", "id"),
        sa.UniqueConstraint("user_id", "credential", name=op.f("uq_passkeys_user_id_credential")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.CheckConstraint("number BETWEEN 0 AND 9", name=op.f("ck_recovery_codes_number")),
        *_keys("recovery_codes", "number"),
    )


def _named(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 800", name=op.f(f"ck_{table}_name_length")
        ),
    )


def _times() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT, nullable=True),
    )


def _keys(table: str, key: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f(f"fk_{table}_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Bring the schema back; every account is opened by its password alone then."""
    for table in ("recovery_codes", "passkeys", "code_apps"):
        op.drop_table(table)
    op.drop_column("users", "has_factor")
