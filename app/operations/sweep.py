"""What counts no longer is swept up by writes of the same user, a few rows at a time.

Signing in and out, a wrong password and a new one sweep; a commit never does.
"""

from datetime import datetime, timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.models.accounts import EXPIRY
from app.rules.audit import REMEMBERED as AUDIT_REMEMBERED
from app.rules.identity import REMEMBERED
from app.rules.press import REMEMBERED as PRESS_REMEMBERED
from app.rules.tries import REMEMBERED as TRY_REMEMBERED

AT_ONCE = 20


def _sweep(table: str, key: str, old_since: str) -> TextClause:
    """Return what removes a few rows of a user, by their `key`, that are old since a moment.

    Rows that somebody else sweeps just now are passed over: nobody waits for a broom. ARRAY is read
    once, where a join with what IN selects may read it again and again and so go past the limit.
    """
    return text(f"""
        DELETE FROM {table} WHERE user_id = :user AND {key} = ANY(ARRAY(
            SELECT s.{key} FROM {table} s
            WHERE s.user_id = :user AND {old_since} <= :until
            LIMIT :few FOR UPDATE SKIP LOCKED))
    """)


# What is swept, and for how long it still counts.
_SWEPT = (
    (_sweep("sessions", "id", f"least(s.ended_at, {EXPIRY})"), REMEMBERED),
    (_sweep("sign_in_failures", "id", "s.failed_at"), TRY_REMEMBERED),
    (_sweep("presses", "key", "s.created_at"), PRESS_REMEMBERED),
    (_sweep("audit", "id", "s.happened_at"), AUDIT_REMEMBERED),
    (_sweep("links", "hash", "s.expires_at"), timedelta()),
)


def sweep_up(session: Session, user_id: int, now: datetime) -> None:
    """Remove up to AT_ONCE rows of each kind of the user's that count no longer at `now`.

    User 0 has the wrong passwords and the links of addresses that nobody has.
    """
    for statement, remembered in _SWEPT:
        values = {"user": user_id, "until": now - remembered, "few": AT_ONCE}
        session.execute(statement, values)
