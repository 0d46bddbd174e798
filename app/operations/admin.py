"""What an operator does to accounts, in the admin area or by a command.

`by` is the admin who acts, None a command. Each raises what `operators.reach` does, and is written
down with who did it; where an admin sat is nobody's business but the log's.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.operations import accounts, audit, sessions
from app.operations.operators import reach
from app.rules.audit import Event
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import _

_ADDRESS = text("SELECT email FROM users WHERE id = :user")


def set_premium(session: Session, by: Actor | None, user_id: int, is_premium: bool) -> None:
    """Put an account, also one's own, on the premium or the free plan."""
    reach(session, by, user_id, also_own=True)
    accounts.set_premium(session, user_id, is_premium)
    _note(session, by, user_id, Event.PREMIUM_GIVEN if is_premium else Event.PREMIUM_TAKEN)


def disable(session: Session, by: Actor | None, user_id: int) -> None:
    """Switch an account off: it is signed out everywhere and cannot be signed in to.

    Nothing in it is changed.
    """
    reach(session, by, user_id)
    accounts.set_disabled(session, user_id, clock.now())
    sessions.end_all(session, user_id)
    _note(session, by, user_id, Event.DISABLED)


def enable(session: Session, by: Actor | None, user_id: int) -> None:
    """Switch an account on again."""
    reach(session, by, user_id)
    accounts.set_disabled(session, user_id, None)
    _note(session, by, user_id, Event.ENABLED)


def sign_out(session: Session, by: Actor | None, user_id: int) -> None:
    """End every sign-in of an account."""
    reach(session, by, user_id)
    sessions.end_all(session, user_id)
    _note(session, by, user_id, Event.SIGNED_OUT_BY_OPERATOR)


def appoint(session: Session, user_id: int, is_admin: bool) -> None:
    """Let an account look after the others, or no longer: by a command alone. Raises NotYours."""
    accounts.set_admin(session, user_id, is_admin)
    _note(session, None, user_id, Event.ADMIN_MADE if is_admin else Event.ADMIN_UNMADE)


def delete(session: Session, by: Actor | None, user_id: int, address: str) -> None:
    """Delete an account and everything in it, if `address` is its address, in any case of letters.

    Raises Invalid for another address, too.
    """
    reach(session, by, user_id)
    if session.scalar(_ADDRESS, {"user": user_id}) != address.lower():
        raise Invalid(address=_("This is not the address of the account. It stands above."))
    accounts.delete(session, user_id, by=by.user_id if by else None)


def _note(session: Session, by: Actor | None, user_id: int, event: Event) -> None:
    audit.note(session, user_id, event, by=by.user_id if by else None)
