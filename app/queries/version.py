"""How many writes of a user there were: what tells whether a cached page is out of date."""

from typing import NamedTuple

from app.infra import db
from app.infra.statement import Statement
from app.rules.errors import SessionEnded
from app.rules.identity import Claims


class _Version(NamedTuple):
    version: int


_VERSION = Statement("SELECT version FROM users WHERE id = :me", _Version)


def version_of(who: Claims) -> int:
    """Return how many writes of the user there were; outside of any door.

    Raises SessionEnded when the account is gone.
    """
    found = db.glance(_VERSION, {"me": who.user_id})
    if found is None:
        raise SessionEnded
    return found.version
