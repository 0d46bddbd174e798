"""The address of an account: confirmed, moved, and moved back, by links to whoever reads its mail.

While no mail is sent nothing can be confirmed, and an address is moved at once.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.operations import audit, factors, links, outbox, sessions
from app.operations.links import Link
from app.operations.owner import begin_change
from app.rules.audit import Event
from app.rules.errors import Invalid, LinkSpent
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.links import LASTS, Purpose
from app.rules.places import NOWHERE, Place

_EVENTS = {
    Purpose.CONFIRM: Event.ADDRESS_CONFIRMED,
    Purpose.MOVE: Event.ADDRESS_CHANGED,
    Purpose.RETURN: Event.ADDRESS_RETURNED,
}
ALL = tuple(_EVENTS)

_OF_USER = text("SELECT email FROM users WHERE id = :me")
_WHOSE = text("SELECT user_id FROM addresses WHERE email = :email")
_PROVE = text("""
    UPDATE users SET verified_at = coalesce(verified_at, :now) WHERE id = :me AND email = :email
    RETURNING id
""")
_TAKE = text("""
    INSERT INTO addresses (email, user_id) VALUES (:email, :me) ON CONFLICT DO NOTHING
    RETURNING user_id
""")
_LEAVE = text("DELETE FROM addresses WHERE email = :old AND user_id = :me")
_SET = text("UPDATE users SET email = :email, verified_at = NULL WHERE id = :me")
_NO_PASSWORD = text("UPDATE users SET password_hash = NULL WHERE id = :me")


def ask_to_confirm(session: Session, actor: Actor) -> None:
    """Send a link to the address of the one who acts, by which it is confirmed."""
    begin_change(session, actor, clock.now())
    me = actor.user_id
    email = session.scalar(_OF_USER, {"me": me})
    links.send(session, Purpose.CONFIRM, me, email)


def ask_to_move(session: Session, actor: Actor, email: str) -> None:
    """Send a link to `email` (lower case), by which the account of the one who acts moves there.

    What an address of somebody else is told, the one who acts is not. Raises Invalid for the
    address that is there.
    """
    _begin_move(session, actor, email)
    if session.scalar(_WHOSE, {"email": email}) is None:
        links.send(session, Purpose.MOVE, actor.user_id, email)
    else:
        outbox.post(session, "taken", email, {})


def move(session: Session, actor: Actor, email: str, place: Place = NOWHERE) -> None:
    """Move the account of the one who acts to `email` at once, where no mail can be sent.

    Raises Invalid when the address is taken, or is the one that is there.
    """
    _begin_move(session, actor, email)
    _move(session, actor.user_id, email)
    audit.note(session, actor.user_id, Event.ADDRESS_CHANGED, place)


def _begin_move(session: Session, actor: Actor, email: str) -> None:
    begin_change(session, actor, clock.now())
    if session.scalar(_OF_USER, {"me": actor.user_id}) == email:
        raise Invalid(email=_("This is your address already."))


def follow(session: Session, token: str, key: str | None, place: Place = NOWHERE) -> None:
    """Do what the link of a letter about an address says.

    The form that comes twice, by its `key`, does it once. Raises LinkSpent, and Invalid when the
    address was taken in between.
    """
    link, is_first = links.use(session, token, key, *ALL)
    if not is_first:
        return
    if link.does is Purpose.MOVE:
        old = _move(session, link.user_id, link.email)
        links.send(session, Purpose.RETURN, link.user_id, old, new=link.email)
    elif link.does is Purpose.RETURN:
        _return(session, link)
    prove(session, link.user_id, link.email)
    audit.note(session, link.user_id, _EVENTS[link.does], place)


def prove(session: Session, user_id: int, email: str) -> None:
    """Note that the mail of its address is the user's. Raises LinkSpent if that is not `email`."""
    values = {"me": user_id, "email": email, "now": clock.now()}
    if session.scalar(_PROVE, values) is None:
        raise LinkSpent


def _return(session: Session, link: Link) -> None:
    """Move an account back that somebody else has taken: they are out, and have no way in.

    With the password go the second factors of the days before the address went, and since.
    """
    _move(session, link.user_id, link.email)
    session.execute(_NO_PASSWORD, {"me": link.user_id})
    # A second factor of the owner's stays: whoever reads the old mail alone does not get past it.
    factors.remove_young(session, link.user_id, link.made_at - LASTS[Purpose.RETURN])
    sessions.end_all(session, link.user_id)
    links.end(session, link.user_id)
    links.send(session, Purpose.RESET, link.user_id, link.email)


def _move(session: Session, user_id: int, email: str) -> str:
    """Give the user another address and return the old one. Under the user's lock."""
    old: str = session.execute(_OF_USER, {"me": user_id}).scalar_one()
    values = {"me": user_id, "email": email, "old": old}
    if email != old:
        if session.scalar(_TAKE, values) is None:
            raise Invalid(email=_("This address has an account of its own."))
        session.execute(_LEAVE, values)
    session.execute(_SET, values)
    links.end(session, user_id, but={Purpose.RETURN})
    return old
