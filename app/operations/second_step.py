"""The second step of a sign-in, and a passkey, which is both steps at once."""

from sqlalchemy.orm import Session

from app.infra import clock
from app.operations import audit, factors, sessions
from app.operations.sweep import sweep_up
from app.rules.audit import Event
from app.rules.factors import Evidence, HalfWay, PasskeyUse, Use
from app.rules.identity import Actor
from app.rules.places import NOWHERE, Place


def finish(
    session: Session,
    half: HalfWay,
    evidence: Evidence,
    key: str | None = None,
    place: Place = NOWHERE,
) -> Actor | None:
    """Begin the sign-in that is `half` way, by evidence of a second factor that was verified.

    The form's `key` opens one, however often it comes. Returns None when the evidence was used
    before, or when the first step is worth nothing any more: its password was changed, or it was
    long ago. Raises Invalid for the key of another form.
    """
    now = clock.now()
    version = sessions.lock_for_sign_in(session, half.user_id)
    if version is None or not half.holds(version, now):
        return None
    return _open(session, half.user_id, evidence, key, place)


def begin_by_passkey(
    session: Session, user_id: int, used: PasskeyUse, key: str, place: Place = NOWHERE
) -> Actor | None:
    """Begin a sign-in of the user whose passkey was used, without a password.

    What it has signed is bound to the `key` of its form, which therefore opens one sign-in ever.
    Returns None where there is no such passkey any more. Raises Disabled, and Invalid for the
    key of another form.
    """
    if sessions.lock_for_sign_in(session, user_id) is None:
        return None
    return _open(session, user_id, used, key, place)


def _open(
    session: Session, user_id: int, evidence: Evidence, key: str | None, place: Place
) -> Actor | None:
    now = clock.now()
    used = factors.use(session, user_id, evidence, now, place)
    if used is Use.WRONG:
        return None
    if used is Use.AGAIN or sessions.was_sent(session, user_id, key):
        return sessions.opened_before(session, user_id, key)
    sweep_up(session, user_id, now)
    begun = sessions.open_session(session, user_id, now, key, place)
    audit.note(session, user_id, Event.SIGNED_IN, place)
    return begun
