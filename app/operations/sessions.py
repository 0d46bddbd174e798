"""Sign-ins: begin one, end one, end all. A write looks for its sign-in under the user's lock."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import At
from app.models import UserSession
from app.models.accounts import ALIVE
from app.operations import presses
from app.operations.owner import begin_change
from app.operations.sweep import sweep_up
from app.rules.errors import Disabled
from app.rules.identity import LONGEST_SESSION, Actor, Proof

# Beginning and ending take the lock that every write takes, so that no write slips past the end.
_LOCK = text("SELECT password_hash FROM users WHERE id = :me FOR NO KEY UPDATE")
_RENEW = text("UPDATE users SET password_hash = :renewed WHERE id = :me")
_END = text("""
    UPDATE sessions SET ended_at = :now
    WHERE user_id = :me AND ended_at IS NULL AND (:session IS NULL OR id = :session)
""")
_IS_ALIVE = text(f"SELECT 1 FROM sessions s WHERE s.user_id = :me AND s.id = :session AND {ALIVE}")
_IS_DISABLED = text("SELECT 1 FROM users WHERE id = :me AND disabled_at IS NOT NULL")
# What the forms that open a sign-in have made.
_ROUTE = "sign-in"


def begin(session: Session, user_id: int, proof: Proof, key: str | None = None) -> Actor | None:
    """Begin a sign-in of the user who was recognised by `proof`.

    The form's `key` opens one, however often it comes. Returns None when the proof holds no
    longer: a new password ends every sign-in, also one that is just being made. Raises Disabled,
    and Invalid for the key of another form.
    """
    now = clock.now()
    user = session.execute(_LOCK, {"me": user_id}).one_or_none()
    if user is None or not proof.holds(user.password_hash):
        return None
    if opened := opened_before(session, user_id, key):
        return opened
    if proof.renewed:
        session.execute(_RENEW, {"me": user_id, "renewed": proof.renewed})
    sweep_up(session, user_id, now)
    return open_session(session, user_id, now, key)


def opened_before(at: At, user_id: int, key: str | None) -> Actor | None:
    """Return the sign-in that the form with this key has opened, if it is still alive.

    It proves nothing by itself: the caller knows who sends the form. Raises Invalid for the key
    of another form.
    """
    opened = presses.made_before(at, user_id, key, _ROUTE)
    values = {"me": user_id, "session": opened, "now": clock.now()}
    if opened is None or at.scalar(_IS_ALIVE, values) is None:
        return None
    return Actor(user_id, opened)


def open_session(session: Session, user_id: int, now: datetime, key: str | None = None) -> Actor:
    """Make the row of a sign-in, and remember it by the `key` of the form that opens it.

    The caller holds the user's lock, or has just made the user. Raises Disabled: whatever somebody
    has proved, nobody signs in to an account that is switched off.
    """
    if session.scalar(_IS_DISABLED, {"me": user_id}):
        raise Disabled
    signed_in = UserSession(user_id=user_id, created_at=now, expires_at=now + LONGEST_SESSION)
    session.add(signed_in)
    session.flush()
    presses.remember(session, user_id, key, _ROUTE, now, signed_in.id)
    return Actor(user_id, signed_in.id)


def end(session: Session, actor: Actor) -> None:
    """End this sign-in; ending an ended one changes nothing."""
    _end(session, actor.user_id, actor.credential)


def end_everywhere(session: Session, actor: Actor) -> None:
    """End every sign-in of the one who acts. Raises SessionEnded: an ended one ends no others."""
    begin_change(session, actor, clock.now())
    end_all(session, actor.user_id)


def end_all(session: Session, user_id: int) -> None:
    """End every sign-in of the user."""
    _end(session, user_id, None)


def _end(session: Session, user_id: int, session_id: int | None) -> None:
    now = clock.now()
    session.execute(_LOCK, {"me": user_id})
    session.execute(_END, {"me": user_id, "session": session_id, "now": now})
    sweep_up(session, user_id, now)
