"""A new password for whoever forgot the old one and reads the mail of the account."""

from sqlalchemy.orm import Session

from app.operations import accounts, addresses, links
from app.rules.audit import Event
from app.rules.links import Purpose
from app.rules.places import NOWHERE, Place


def ask(session: Session, user_id: int | None, email: str) -> None:
    """Send a link for a new password to `email`, the address of a user.

    None is an address that nobody has: a link is made that nobody gets, since writing takes time,
    and time tells. Links that were sent before go on: a stranger who asks takes none from the
    owner.
    """
    if user_id is None:
        links.make(session, Purpose.RESET, 0, email)
    else:
        links.send(session, Purpose.RESET, user_id, email)


def reset(
    session: Session, token: str, password_hash: str, key: str | None, place: Place = NOWHERE
) -> None:
    """Set a new password for the account of a link and end all its sign-ins.

    Nobody is signed in by that: a second factor is asked for where there is one. The form that
    comes twice, by its `key`, sets it once. Raises LinkSpent.
    """
    link, is_first = links.use(session, token, key, Purpose.RESET)
    if is_first:
        addresses.prove(session, link.user_id, link.email)
        accounts.set_password(session, link.user_id, password_hash, Event.PASSWORD_RESET, place)
