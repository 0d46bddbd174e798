"""What counts no longer is swept up by writes of the same user, a few rows at a time.

Signing in and out, a wrong password and a new one sweep; a commit never does.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.accounts import EXPIRY
from app.rules.audit import REMEMBERED as AUDIT_REMEMBERED
from app.rules.identity import REMEMBERED
from app.rules.press import REMEMBERED as PRESS_REMEMBERED
from app.rules.tries import REMEMBERED as TRY_REMEMBERED

AT_ONCE = 20

# Rows that somebody else sweeps just now are passed over: nobody waits for a broom. ARRAY is read
# once, where a join with what IN selects may read it again and again and so go past the limit.
_SESSIONS = text(f"""
    DELETE FROM sessions WHERE user_id = :user AND id = ANY(ARRAY(
        SELECT s.id FROM sessions s
        WHERE s.user_id = :user AND least(s.ended_at, {EXPIRY}) <= :until
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")
_FAILURES = text("""
    DELETE FROM sign_in_failures WHERE user_id = :user AND id = ANY(ARRAY(
        SELECT f.id FROM sign_in_failures f
        WHERE f.user_id = :user AND f.failed_at <= :until
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")
_PRESSES = text("""
    DELETE FROM presses WHERE user_id = :user AND key = ANY(ARRAY(
        SELECT p.key FROM presses p
        WHERE p.user_id = :user AND p.created_at <= :until
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")
_AUDIT = text("""
    DELETE FROM audit WHERE user_id = :user AND id = ANY(ARRAY(
        SELECT a.id FROM audit a
        WHERE a.user_id = :user AND a.happened_at <= :until
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")
_LINKS = text("""
    DELETE FROM links WHERE user_id = :user AND hash = ANY(ARRAY(
        SELECT l.hash FROM links l
        WHERE l.user_id = :user AND l.expires_at <= :until
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")


def sweep_up(session: Session, user_id: int, now: datetime) -> None:
    """Remove up to AT_ONCE rows of each kind of the user's that count no longer at `now`.

    User 0 has the wrong passwords and the links of addresses that nobody has.
    """
    for statement, remembered in (
        (_SESSIONS, REMEMBERED),
        (_FAILURES, TRY_REMEMBERED),
        (_PRESSES, PRESS_REMEMBERED),
        (_AUDIT, AUDIT_REMEMBERED),
        (_LINKS, timedelta()),
    ):
        values = {"user": user_id, "until": now - remembered, "few": AT_ONCE}
        session.execute(statement, values)
