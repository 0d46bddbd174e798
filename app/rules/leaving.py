"""Leaving: an account that is to be deleted stays for a while, and can be kept until then."""

from datetime import datetime, timedelta

# Between the wish and the end: long enough to read mail after a weekend away.
GRACE = timedelta(days=7)
# How long it is remembered that an account was deleted: longer than any backup that knew it.
REMEMBERED = timedelta(days=400)


def ends_at(asked_at: datetime) -> datetime:
    """Return when an account ends whose end is asked for at `asked_at`."""
    return asked_at + GRACE


def is_confirmed(typed: str, address: str) -> bool:
    """Tell whether what was `typed` is the address of the account, as one types addresses."""
    return typed.strip().casefold() == address.casefold()
