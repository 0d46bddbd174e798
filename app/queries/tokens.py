"""Tokens of programs: those of a user, and whose a token is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from app.infra import tokens
from app.models.accounts import ALIVE
from app.queries import accounts
from app.rules.errors import NotYours
from app.rules.identity import HIGHEST_ID, Actor, Claims
from app.rules.scopes import Scope

_ALL = text(f"""
    SELECT t.session_id, t.name, t.scope, s.created_at, s.last_used_at
    FROM api_tokens t JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id
    WHERE t.user_id = :me AND {ALIVE} ORDER BY t.session_id DESC
""")
_OWN = text("SELECT 1 FROM api_tokens WHERE user_id = :me AND session_id = :token")
# Of an account that is switched off, or that leaves, no token counts.
_BEHIND = text(f"""
    SELECT t.session_id, t.scope
    FROM api_tokens t JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id
    JOIN users u ON u.id = t.user_id
    WHERE t.user_id = :me AND t.token_hash = :hash AND {ALIVE}
      AND u.disabled_at IS NULL AND u.leaves_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token that counts. `last_used_at` is the last write by it, to the hour, None for none."""

    id: int
    name: str
    scope: str
    created_at: datetime
    last_used_at: datetime | None


def alive(reading: Connection, actor: Actor, now: datetime) -> list[TokenLine]:
    """Return the tokens of the one who acts that count, the newest first."""
    found = reading.execute(_ALL, {"me": actor.user_id, "now": now})
    return [TokenLine(*row) for row in found]


def check_own(reading: Connection, actor: Actor, token_id: int) -> None:
    """Raise NotYours unless the token is one of the user's, alive or not."""
    if reading.scalar(_OWN, {"me": actor.user_id, "token": token_id}) is None:
        raise NotYours


def bearer(reading: Connection, token: str, now: datetime) -> tuple[Claims, Scope] | None:
    """Return whose `token` it is and what it may do; None for one that does not count.

    A token begins with the number of its user.
    """
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    if (user_id := int(number)) > HIGHEST_ID:
        return None
    values = {"me": user_id, "hash": tokens.hash_of(token), "now": now}
    found = reading.execute(_BEHIND, values).one_or_none()
    if found is None:
        return None
    who = accounts.claims(reading, Actor(user_id, found.session_id), now)
    return (who, Scope(found.scope)) if who else None
