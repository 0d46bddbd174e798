"""Accounts as they are read: claims for the cookie, the account behind an address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from app.models.accounts import ALIVE
from app.rules.identity import Actor, Claims

_CLAIMS = text(f"""
    SELECT u.id AS user_id, s.id AS session_id, u.name, u.is_premium, u.timezone, u.day_start,
           u.theme, u.shortcuts,
           CAST(extract(isodow FROM u.week_anchors[cardinality(u.week_anchors)]) AS int) - 1
           AS week_start,
           coalesce(CAST(extract(epoch FROM u.leaves_at) AS bigint), 0) AS leaves_at
    FROM users u JOIN sessions s ON s.user_id = u.id
    WHERE u.id = :me AND s.id = :session AND {ALIVE}
""")
_WHOSE = text("SELECT user_id FROM addresses WHERE email = :email")
_BY_ID = text("""
    SELECT id, email, password_hash, timezone = 'UTC' AND habits_made_on IS NULL, is_admin,
           verified_at IS NOT NULL
    FROM users WHERE id = :me
""")
_ANY = text("SELECT EXISTS (SELECT 1 FROM users)")
_ALL = text("""
    SELECT u.email, u.is_premium, u.pillar_count, u.created_at,
           (SELECT max(c.created_at) FROM commits c WHERE c.user_id = u.id) AS last_commit,
           u.is_admin, u.disabled_at
    FROM users u ORDER BY u.email
""")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as sign-in needs it; one without a `password_hash` has no password.

    `may_lack_zone` is one on UTC with no habit yet: somebody may have made it for somebody else.
    One `is_verified` where its owner has shown to read the mail of `email`.
    """

    id: int
    email: str
    password_hash: str | None
    may_lack_zone: bool
    is_admin: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the operator's list shows it."""

    email: str
    is_premium: bool
    pillars: int
    created_at: datetime
    last_commit: datetime | None
    is_admin: bool
    disabled_at: datetime | None


def claims(reading: Connection, actor: Actor, now: datetime) -> Claims | None:
    """Return fresh claims for the cookie, or None when the sign-in has ended."""
    values = {"me": actor.user_id, "session": actor.credential, "now": now}
    row = reading.execute(_CLAIMS, values).one_or_none()
    return None if row is None else Claims(**row._mapping, issued_at=now)


def by_email(reading: Connection, email: str) -> Account | None:
    """Return the account with the address `email` (lower case), or None.

    Two steps by key: joined, it would ask every machine where users are distributed. Both are
    taken for an address that nobody has, too, so that the time tells nothing.
    """
    return by_id(reading, reading.scalar(_WHOSE, {"email": email}) or 0)


def by_id(reading: Connection, user_id: int) -> Account | None:
    """Return the account of a user, or None."""
    row = reading.execute(_BY_ID, {"me": user_id}).one_or_none()
    return None if row is None else Account(*row)


def exist(reading: Connection) -> bool:
    """Tell whether there is any account."""
    return bool(reading.scalar(_ANY))


def all_accounts(reading: Connection) -> list[AccountLine]:
    """Return every account, by address."""
    return [AccountLine(*row) for row in reading.execute(_ALL)]
