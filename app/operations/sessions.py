"""Sign-ins: begin one, end one, end all. A write looks for its sign-in under the user's lock."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import SignInFailure, UserSession
from app.operations.owner import begin_change
from app.operations.sweep import sweep_up
from app.rules.identity import LONGEST_SESSION, Actor, Proof

# Beginning and ending take the lock that every write takes, so that no write slips past the end.
_LOCK = text("SELECT password_hash FROM users WHERE id = :me FOR NO KEY UPDATE")
_END = text("""
    UPDATE sessions SET ended_at = :now
    WHERE user_id = :me AND ended_at IS NULL AND (:session IS NULL OR id = :session)
""")


def begin(session: Session, user_id: int, proof: Proof) -> Actor | None:
    """Begin a sign-in of the user who was recognised by `proof`.

    Returns None when the proof holds no longer: a new password ends every sign-in, also one that
    is just being made.
    """
    now = clock.now()
    user = session.execute(_LOCK, {"me": user_id}).one_or_none()
    if user is None or not proof.holds(user.password_hash):
        return None
    sweep_up(session, user_id, now)
    return open_session(session, user_id, now)


def open_session(session: Session, user_id: int, now: datetime) -> Actor:
    """Make the row of a sign-in. The caller holds the user's lock, or has just made the user."""
    signed_in = UserSession(user_id=user_id, created_at=now, expires_at=now + LONGEST_SESSION)
    session.add(signed_in)
    session.flush()
    return Actor(user_id, signed_in.id)


def note_failure(session: Session, user_id: int, origin: str) -> None:
    """Note a wrong password for the account (0: none has the address) from `origin`."""
    now = clock.now()
    sweep_up(session, user_id, now)
    session.add(SignInFailure(user_id=user_id, origin=origin, failed_at=now))


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
