"""Signing up by a link: the account is made by whoever reads the mail of its address."""

from sqlalchemy.orm import Session

from app.operations import accounts, addresses, links, outbox
from app.rules.identity import Actor
from app.rules.links import Purpose
from app.rules.places import Place
from app.rules.registration import Registration


def ask(session: Session, email: str, *, is_known: bool) -> None:
    """Write to the address with which somebody wants to sign up.

    Where an account has it already (`is_known`), the letter says so, and the page says nothing.
    """
    if is_known:
        outbox.post(session, "joined-before", email, {})
    else:
        links.send(session, Purpose.JOIN, 0, email)


def join(
    session: Session,
    token: str,
    password_hash: str,
    timezone: str,
    *,
    registration: Registration,
    key: str | None,
    week_start: int,
    place: Place,
) -> Actor:
    """Make the account of a link, as `accounts.sign_up` does, and sign it in.

    Raises LinkSpent, Invalid when the address was taken in between, by the same form too, and
    RegistrationClosed.
    """
    link, _is_first = links.use(session, token, key, Purpose.JOIN)
    joined = accounts.sign_up(
        session,
        link.email,
        password_hash,
        timezone,
        registration=registration,
        key=key,
        week_start=week_start,
        place=place,
    )
    addresses.prove(session, joined.user_id, link.email)
    return joined
