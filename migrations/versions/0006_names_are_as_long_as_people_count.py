"""Names have as many characters as people count, each of which may be several code points."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Each with its column and the fewest characters. Users come first, as in the app.
_NAMED = (
    ("users", "name", 0),
    ("pillars", "name", 1),
    ("habits", "name", 1),
    ("pets", "name", 0),
    ("ledger_entries", "label", 1),
    ("moments", "label", 0),
)
_BEFORE, _NOW = 80, 800
# One statement, so that no row slips in between. It holds the table for a moment, since it reads
# none of them; the second reads all, which hinders nobody.
_ALLOW = """
    ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{column}_length,
    ADD CONSTRAINT ck_{table}_{column}_length
        CHECK (char_length({column}) BETWEEN {least} AND {most}) NOT VALID
"""
_VALIDATE = "ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{column}_length"
# A character may lose a part of itself.
_CUT = "UPDATE {table} SET {column} = left({column}, {most}) WHERE char_length({column}) > {most}"


def upgrade() -> None:
    """Bring the schema up."""
    _change(_NOW, _ALLOW, _VALIDATE)


def downgrade() -> None:
    """Bring the schema back; names that are too long for it are cut."""
    _change(_BEFORE, _ALLOW, _CUT, _VALIDATE)


def _change(most: int, *statements: str) -> None:
    # Each table by itself: locks on several at once, and the app and this could wait for each
    # other. Run again after an interruption it does the same once more.
    with op.get_context().autocommit_block():
        for table, column, least in _NAMED:
            for statement in statements:
                op.execute(statement.format(table=table, column=column, least=least, most=most))
