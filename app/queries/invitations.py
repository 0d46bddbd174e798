"""Invitations as they are read: the one behind a link, and those that can still be used."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra import tokens
from app.infra.statement import Statement
from app.rules.invitations import Standing, standing


class Invitation(NamedTuple):
    """An invitation: for whom (None: for whoever has its link), by whom (None: by a command)."""

    id: int
    email: str | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Return how it stands at `now`."""
        return standing(now, self.expires_at, self.used_at, self.withdrawn_at)


_INVITATIONS = """
    SELECT i.id, i.email, u.email AS made_by, i.created_at, i.expires_at, i.used_at, i.withdrawn_at
    FROM invitations i LEFT JOIN users u ON u.id = i.made_by
    WHERE NOT i.makes_admin AND {which}
"""
_BY_TOKEN = Statement(_INVITATIONS.format(which="i.token_hash = :hash"), Invitation)
_OPEN = Statement(
    _INVITATIONS.format(
        which="i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > :now"
    )
    + " ORDER BY i.created_at DESC, i.id DESC",
    Invitation,
)


def by_token(reading: Connection, token: str) -> Invitation | None:
    """Return the invitation whose link has this token, None where there is none."""
    return _BY_TOKEN.first(reading, {"hash": tokens.hash_of(token)})


def still_open(reading: Connection, now: datetime) -> Sequence[Invitation]:
    """Return the invitations that can be used, the newest first."""
    return _OPEN.all(reading, {"now": now})
