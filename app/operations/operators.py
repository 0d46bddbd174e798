"""Who may act on the accounts of others, and on which.

`by` is the admin who acts; None is a command, whose user has the whole server anyway. What the
cookie claims decides nothing: every act looks in the database whether its admin still is one.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.operations.owner import begin_change
from app.rules.errors import NotYours, OutOfReach
from app.rules.identity import Actor

_IS_ADMIN = text("SELECT is_admin FROM users WHERE id = :user")


def prove(session: Session, by: Actor | None) -> None:
    """Let an admin whose sign-in is alive go on. Raises SessionEnded, and NotYours for others."""
    if by is not None:
        begin_change(session, by, clock.now())
        if not session.scalar(_IS_ADMIN, {"user": by.user_id}):
            raise NotYours


def reach(session: Session, by: Actor | None, user_id: int, *, also_own: bool = False) -> None:
    """Raise NotYours for who is no admin and where there is no such account, else OutOfReach for
    the account of an admin.

    Admins reach no admins: none can be locked out by another, and no two wait for each other.
    """
    prove(session, by)
    is_admin = session.scalar(_IS_ADMIN, {"user": user_id})
    if is_admin is None:
        raise NotYours
    if by and is_admin and not (also_own and by.user_id == user_id):
        raise OutOfReach
