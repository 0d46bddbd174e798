"""What the database holds, as one comparable value."""

from sqlalchemy import text

from app.infra import db
from app.infra.db import Base
from app.rules.identity import Actor
from tests.world import NOON

_HABITS = """
    WITH made AS (
        INSERT INTO habits (user_id, pillar_id, name, effort, position, created_at)
        SELECT :me, :pillar, 'Habit ' || n, 'normal', n, :now FROM generate_series(1, :many) n
        RETURNING id)
    INSERT INTO schedules (user_id, habit_id, starts_on, kind)
    SELECT :me, id, '2026-01-01', 'daily' FROM made
"""


# Of the audit log the lines without a day: those that have one count what was refused.
_ALL_BUT_REFUSALS = {"audit": " WHERE day IS NULL"}
# One statement: it runs before and after thousands of requests.
_DIGESTS = text(
    "SELECT "
    + ", ".join(
        f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text))"
        f" FROM {table} t{_ALL_BUT_REFUSALS.get(table, '')}) AS {table}"
        for table in Base.metadata.tables
        if table != "sign_in_failures"
    )
)


def contents() -> dict[str, str | None]:
    """Return a digest of every table: equal before and after means that nothing was written.

    Wrong passwords are left out: a refused sign-in is noted on purpose.
    """
    with db.reading() as session:
        return dict(session.execute(_DIGESTS).one()._mapping)


def changed(before: dict[str, str | None], after: dict[str, str | None]) -> set[str]:
    """Return the tables that are not as they were."""
    return {table for table in after if before[table] != after[table]}


def scalar(statement: str, **values: object) -> object:
    """Return the one value that a statement reads."""
    with db.reading() as session:
        return session.scalar(text(statement), values)


def execute(statement: str, **values: object) -> None:
    """Change the database behind the app's back."""
    with db.transaction() as session:
        session.execute(text(statement), values)


def fill(me: Actor, pillar_id: int, many: int) -> None:
    """Put `many` habits into a pillar at once."""
    execute(_HABITS, me=me.user_id, pillar=pillar_id, many=many, now=NOON)
