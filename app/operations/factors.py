"""Second factors: add one, use one, remove one. All of it under the user's lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import CodeApp, Passkey, RecoveryCode
from app.operations import audit, outbox
from app.operations.owner import begin_change, change, own
from app.rules.audit import Event
from app.rules.errors import Invalid
from app.rules.factors import (
    MOST_CODE_APPS,
    MOST_PASSKEYS,
    Code,
    Evidence,
    PasskeyUse,
    Recovery,
    Use,
)
from app.rules.identity import Actor
from app.rules.language import _, ngettext, number
from app.rules.places import NOWHERE, Place

# Each either uses the evidence up and returns a row, or finds that it does not count any more.
_USE = {
    Code: text("""
        UPDATE code_apps SET last_step = :step, last_used_at = :now
        WHERE user_id = :me AND id = :app_id AND last_step < :step RETURNING 1
    """),
    Recovery: text("""
        UPDATE recovery_codes SET used_at = :now
        WHERE user_id = :me AND number = :number AND code_hash = :hash AND used_at IS NULL
        RETURNING 1
    """),
    # A passkey that does not count says 0 for ever; one that goes back is a copy of it.
    PasskeyUse: text("""
        UPDATE passkeys SET sign_count = :count, last_used_at = :now
        WHERE user_id = :me AND id = :id
          AND (sign_count < :count OR sign_count = 0 AND :count = 0) RETURNING 1
    """),
}
_WAS_USED = {
    Code: text("""
        SELECT 1 FROM code_apps WHERE user_id = :me AND id = :app_id AND last_step = :step
    """),
    Recovery: text("""
        SELECT 1 FROM recovery_codes
        WHERE user_id = :me AND number = :number AND code_hash = :hash
    """),
    PasskeyUse: text("""
        SELECT 1 FROM passkeys WHERE user_id = :me AND id = :id AND sign_count = :count
    """),
}
_STANDING = text("""
    SELECT u.password_hash IS NOT NULL AS has_password,
           (SELECT count(*) FROM code_apps WHERE user_id = :me) AS code_apps,
           (SELECT count(*) FROM passkeys WHERE user_id = :me) AS passkeys
    FROM users u WHERE u.id = :me
""")
_HAS_PASSKEY = text("""
    SELECT 1 FROM passkeys WHERE user_id = :me AND credential = :credential
""")
_ADDRESS = text("SELECT email FROM users WHERE id = :me")
_SET = text("UPDATE users SET has_factor = :has WHERE id = :me")
_SETTLE = text("""
    UPDATE users SET has_factor = EXISTS (SELECT 1 FROM code_apps WHERE user_id = :me)
        OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = :me)
    WHERE id = :me
""")
_FORGET_PASSWORD = text("UPDATE users SET password_hash = NULL WHERE id = :me")


def use(
    session: Session, user_id: int, evidence: Evidence, now: datetime, place: Place = NOWHERE
) -> Use:
    """Use up what was verified of a second factor of the user's, whose row is locked."""
    values = {"me": user_id, "now": now} | _values(evidence)
    if session.scalar(_USE[type(evidence)], values):
        if isinstance(evidence, Recovery):
            _tell(session, user_id, Event.RECOVERY_CODE_USED, place)
        return Use.FIRST
    return Use.AGAIN if session.scalar(_WAS_USED[type(evidence)], values) else Use.WRONG


def _values(evidence: Evidence) -> dict[str, Any]:
    return {name: getattr(evidence, name) for name in evidence.__slots__}


def add_code_app(
    session: Session, actor: Actor, name: str, secret: str, step: int, place: Place = NOWHERE
) -> None:
    """Add an app that has shown the right code of the time `step`; its `secret` is sealed.

    Raises SessionEnded, and Invalid when there are too many.
    """
    now = clock.now()
    begin_change(session, actor, now)
    _make_room(_standing(session, actor).code_apps, MOST_CODE_APPS)
    session.add(
        CodeApp(user_id=actor.user_id, name=name, secret=secret, last_step=step, created_at=now)
    )
    _settle(session, actor, Event.CODE_APP_ADDED, place)


def remove_code_app(session: Session, actor: Actor, app_id: int, place: Place = NOWHERE) -> None:
    """Remove an app that makes codes. Raises SessionEnded and NotYours."""
    session.delete(change(session, CodeApp, actor, app_id))
    _settle(session, actor, Event.CODE_APP_REMOVED, place)


def rename_code_app(session: Session, actor: Actor, app_id: int, name: str) -> None:
    """Call an app that makes codes by another name. Raises SessionEnded and NotYours."""
    change(session, CodeApp, actor, app_id).name = name


def add_passkey(
    session: Session,
    actor: Actor,
    name: str,
    credential: bytes,
    public_key: bytes,
    count: int,
    place: Place = NOWHERE,
) -> None:
    """Add a passkey that was just made, and was used `count` times by what it says.

    Raises SessionEnded, and Invalid when it is there already or when there are too many.
    """
    now = clock.now()
    begin_change(session, actor, now)
    _make_room(_standing(session, actor).passkeys, MOST_PASSKEYS)
    if session.scalar(_HAS_PASSKEY, {"me": actor.user_id, "credential": credential}):
        raise Invalid(passkey=_("This passkey is here already."))
    session.add(
        Passkey(
            user_id=actor.user_id,
            name=name,
            credential=credential,
            public_key=public_key,
            sign_count=count,
            created_at=now,
        )
    )
    _settle(session, actor, Event.PASSKEY_ADDED, place)


def rename_passkey(session: Session, actor: Actor, passkey_id: int, name: str) -> None:
    """Call a passkey by another name. Raises SessionEnded and NotYours."""
    change(session, Passkey, actor, passkey_id).name = name


def remove_passkey(session: Session, actor: Actor, passkey_id: int, place: Place = NOWHERE) -> None:
    """Remove a passkey. Raises SessionEnded, NotYours, and Invalid for the last way to sign in."""
    begin_change(session, actor, clock.now())
    passkey = own(session, Passkey, actor, passkey_id)
    standing = _standing(session, actor)
    if standing.passkeys == 1 and not standing.has_password:
        raise Invalid(
            passkey=_("You have no password, so you could not sign in without this passkey.")
        )
    session.delete(passkey)
    _settle(session, actor, Event.PASSKEY_REMOVED, place)


def remove_password(session: Session, actor: Actor, place: Place = NOWHERE) -> None:
    """Remove the password: from now on a passkey alone opens the account.

    Raises SessionEnded, and Invalid when there is no passkey.
    """
    begin_change(session, actor, clock.now())
    if not _standing(session, actor).passkeys:
        raise Invalid(password=_("You have no passkey, so you could not sign in. Add one first."))
    session.execute(_FORGET_PASSWORD, {"me": actor.user_id})
    _tell(session, actor.user_id, Event.PASSWORD_REMOVED, place)


def renew_recovery_codes(
    session: Session, actor: Actor, hashes: Sequence[str], place: Place = NOWHERE
) -> None:
    """Put ten new recovery codes, by their hashes in order, in the place of all that there are.

    Raises SessionEnded, and Invalid where no factor is there that they could stand in for.
    """
    begin_change(session, actor, clock.now())
    standing = _standing(session, actor)
    if not standing.code_apps and not standing.passkeys:
        raise Invalid(codes=_("There is no second step yet. Add an app or a passkey first."))
    session.execute(delete(RecoveryCode).filter_by(user_id=actor.user_id))
    session.add_all(
        RecoveryCode(user_id=actor.user_id, number=number, code_hash=code_hash)
        for number, code_hash in enumerate(hashes)
    )
    _tell(session, actor.user_id, Event.RECOVERY_CODES_MADE, place)


def remove_all(session: Session, user_id: int) -> None:
    """Remove every second factor of a user who has lost them: the password is enough then.

    By the operator's word alone; an account without a password needs a new one too.
    """
    for model in (CodeApp, Passkey, RecoveryCode):
        session.execute(delete(model).filter_by(user_id=user_id))
    session.execute(_SET, {"me": user_id, "has": False})
    _tell(session, user_id, Event.FACTORS_REMOVED, NOWHERE)


def remove_young(session: Session, user_id: int, since: datetime) -> None:
    """Remove the factors of a user that were added `since` then, and all recovery codes.

    When these were made is not known. Under the user's lock.
    """
    for model in (CodeApp, Passkey):
        session.execute(delete(model).where(model.user_id == user_id, model.created_at >= since))
    session.execute(delete(RecoveryCode).filter_by(user_id=user_id))
    session.execute(_SETTLE, {"me": user_id})


def _standing(session: Session, actor: Actor) -> Any:
    return session.execute(_STANDING, {"me": actor.user_id}).one()


def _make_room(many: int, most: int) -> None:
    if many >= most:
        sentence = ngettext(
            "There can be %(num)s. Remove it first.",
            "There can be %(num)s of them. Remove one first.",
            most,
        )
        raise Invalid(name=sentence % {"num": number(most)})


def _settle(session: Session, actor: Actor, event: Event, place: Place) -> None:
    """Tell of the event, and note whether a factor is left, for which recovery codes stand in."""
    session.flush()
    _tell(session, actor.user_id, event, place)
    standing = _standing(session, actor)
    has_factor = bool(standing.code_apps or standing.passkeys)
    session.execute(_SET, {"me": actor.user_id, "has": has_factor})
    if not has_factor:
        session.execute(delete(RecoveryCode).filter_by(user_id=actor.user_id))


def _tell(session: Session, user_id: int, event: Event, place: Place) -> None:
    """Note the event, and write to whoever has the account: it may have been somebody else."""
    audit.note(session, user_id, event, place)
    address = session.scalar(_ADDRESS, {"me": user_id})
    outbox.post(session, "security", address, {"event": event}, user_id=user_id)
