"""What somebody types behind a command: addresses, zones, accounts. Nonsense gets a sentence."""

import secrets

import click

from app.infra import db
from app.queries import accounts
from app.rules.days import clean_zone
from app.rules.names import clean, is_address


def new_password() -> str:
    """Return a password that nobody has had."""
    return secrets.token_urlsafe(12)


def address(email: str) -> str:
    """Return the address as it is stored. Raises ClickException."""
    try:
        cleaned = clean(email).lower()
    except ValueError:
        cleaned = ""
    if not is_address(cleaned):
        raise click.ClickException(f"{email} is not an email address.")
    return cleaned


def zone(name: str) -> str:
    """Return the name of the zone as it is written. Raises ClickException."""
    try:
        return clean_zone(name)
    except ValueError as error:
        raise click.ClickException(f"{name} is not an IANA time zone.") from error


def account(email: str) -> int:
    """Return the id of the account with this address. Raises ClickException."""
    with db.reading() as reading:
        found = accounts.by_email(reading, address(email))
    if found is None:
        raise click.ClickException(f"There is no account {email}.")
    return found.id
