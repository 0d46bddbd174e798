"""Sign-ins: begin one, prove it again, end one, some, all.

A write looks for its sign-in under the user's lock."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import At
from app.models import UserSession
from app.models.accounts import ALIVE
from app.operations import audit, factors, presses
from app.operations.owner import begin_change, check_alive, own
from app.operations.sweep import sweep_up
from app.rules.audit import Event
from app.rules.errors import Disabled
from app.rules.factors import Evidence, HalfWay, Use
from app.rules.identity import LONGEST_SESSION, Actor, Password, Proof
from app.rules.places import NOWHERE, Place

# Beginning and ending take the lock that every write takes, so that no write slips past the end.
_LOCK = text("SELECT password_hash, has_factor FROM users WHERE id = :me FOR NO KEY UPDATE")
_RENEW = text("UPDATE users SET password_hash = :renewed WHERE id = :me")
_END = text("""
    UPDATE sessions SET ended_at = :now
    WHERE user_id = :me AND ended_at IS NULL AND (:session IS NULL OR id = :session)
      AND (:but IS NULL OR id <> :but)
""")
_PROVE = text("UPDATE sessions SET proved_at = :now WHERE user_id = :me AND id = :session")
_IS_ALIVE = text(f"SELECT 1 FROM sessions s WHERE s.user_id = :me AND s.id = :session AND {ALIVE}")
_IS_DISABLED = text("SELECT 1 FROM users WHERE id = :me AND disabled_at IS NOT NULL")
# What the forms that open a sign-in have made.
_ROUTE = "sign-in"


def begin(
    session: Session,
    user_id: int,
    proof: Proof,
    key: str | None = None,
    place: Place = NOWHERE,
) -> Actor | HalfWay | None:
    """Begin a sign-in at `place` of the user who was recognised by `proof`.

    Where the account has a second factor nothing is opened, whatever the proof: what is returned
    is half of the way, and operations/second_step.py goes the other half. Else the form's `key`
    opens one sign-in, however often it comes. Returns None when the proof holds no longer: a new
    password ends every sign-in, also one that is just being made. Raises Disabled, and Invalid for
    the key of another form.
    """
    now = clock.now()
    user = session.execute(_LOCK, {"me": user_id}).one_or_none()
    if user is None or not proof.holds(user.password_hash):
        return None
    if user.has_factor:
        _renew(session, user_id, proof)
        return HalfWay(user_id, _version(proof.renewed or user.password_hash), now)
    if opened := opened_before(session, user_id, key):
        return opened
    _renew(session, user_id, proof)
    sweep_up(session, user_id, now)
    begun = open_session(session, user_id, now, key, place)
    audit.note(session, user_id, Event.SIGNED_IN, place)
    return begun


def _renew(session: Session, user_id: int, proof: Proof) -> None:
    if proof.renewed:
        session.execute(_RENEW, {"me": user_id, "renewed": proof.renewed})


def _version(password_hash: str | None) -> str:
    # A browser holds it: it says nothing of the password, since the hash has a salt.
    return blake2b((password_hash or "").encode(), digest_size=16).hexdigest()


def lock_for_sign_in(session: Session, user_id: int) -> str | None:
    """Lock the user's row and return which password it has, as HalfWay knows one; None: no user."""
    user = session.execute(_LOCK, {"me": user_id}).one_or_none()
    return None if user is None else _version(user.password_hash)


def was_sent(at: At, user_id: int, key: str | None) -> bool:
    """Tell whether the form with this key has opened a sign-in, alive or not.

    Under the user's lock. Raises Invalid for the key of another form.
    """
    return presses.made_before(at, user_id, key, _ROUTE) is not None


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


def open_session(
    session: Session,
    user_id: int,
    now: datetime,
    key: str | None = None,
    place: Place = NOWHERE,
) -> Actor:
    """Make the row of a sign-in at `place`, and remember it by the `key` of the form that opens it.

    The caller holds the user's lock, or has just made the user. Raises Disabled: whatever somebody
    has proved, nobody signs in to an account that is switched off.
    """
    if session.scalar(_IS_DISABLED, {"me": user_id}):
        raise Disabled
    signed_in = UserSession(
        user_id=user_id,
        created_at=now,
        expires_at=now + LONGEST_SESSION,
        proved_at=now,
        label=place.device,
        network=place.network,
    )
    session.add(signed_in)
    session.flush()
    presses.remember(session, user_id, key, _ROUTE, now, signed_in.id)
    return Actor(user_id, signed_in.id)


def prove(session: Session, actor: Actor, proof: Proof | Evidence, place: Place = NOWHERE) -> bool:
    """Note that the one who acts has proved once more who they are.

    Who has a second factor proves it by that. Returns False when the proof holds no longer, or was
    used before. Raises SessionEnded.
    """
    now, values = clock.now(), {"me": actor.user_id, "session": actor.credential}
    user = session.execute(_LOCK, {"me": actor.user_id}).one_or_none()
    check_alive(session, actor, now)
    if user is None or not _proves(session, actor.user_id, proof, user, place):
        return False
    session.execute(_PROVE, values | {"now": now})
    audit.note(session, actor.user_id, Event.PROVED, place)
    return True


def _proves(
    session: Session, user_id: int, proof: Proof | Evidence, user: Row[Any], place: Place
) -> bool:
    if isinstance(proof, Password):
        return not user.has_factor and proof.holds(user.password_hash)
    return factors.use(session, user_id, proof, clock.now(), place) is Use.FIRST


def end(session: Session, actor: Actor, place: Place = NOWHERE) -> None:
    """End this sign-in; ending an ended one changes nothing."""
    if _end(session, actor.user_id, actor.credential):
        audit.note(session, actor.user_id, Event.SIGNED_OUT, place)


def end_other(
    session: Session, actor: Actor, session_id: int | None, place: Place = NOWHERE
) -> None:
    """End another sign-in of the one who acts, or for None all others; this one stays.

    Raises SessionEnded, and NotYours for a sign-in of somebody else.
    """
    begin_change(session, actor, clock.now())
    if session_id is not None:
        own(session, UserSession, actor, session_id)
    if _end(session, actor.user_id, session_id, but=actor.credential):
        event = Event.OTHERS_ENDED if session_id is None else Event.SIGN_IN_ENDED
        audit.note(session, actor.user_id, event, place)


def end_everywhere(session: Session, actor: Actor, place: Place = NOWHERE) -> None:
    """End every sign-in of the one who acts. Raises SessionEnded: an ended one ends no others."""
    begin_change(session, actor, clock.now())
    end_all(session, actor.user_id)
    audit.note(session, actor.user_id, Event.SIGNED_OUT_EVERYWHERE, place)


def end_all(session: Session, user_id: int) -> None:
    """End every sign-in of the user."""
    _end(session, user_id, None)


def _end(session: Session, user_id: int, session_id: int | None, but: int | None = None) -> int:
    """End one sign-in, or for None all, but for one; return how many have ended now."""
    now = clock.now()
    session.execute(_LOCK, {"me": user_id})
    values = {"me": user_id, "session": session_id, "but": but, "now": now}
    ended: int = session.execute(_END, values).rowcount  # type: ignore[attr-defined]
    sweep_up(session, user_id, now)
    return ended
