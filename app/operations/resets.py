"""A new password for whoever forgot the old one and reads the mail of the account."""

from sqlalchemy.orm import Session

from app.operations import accounts, addresses, links
from app.rules.audit import Event
from app.rules.links import Purpose
from app.rules.places import NOWHERE, Place


def ask(session: Session, user_id: int, email: str) -> None:
    """Send a link for a new password to the address of an account, which is `email`.

    Links that were sent before go on: a stranger who asks takes none from the owner.
    """
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
