"""Accounts as who runs the server sees them: addresses, plans and sign-ins, and nothing of a life.

No statement here reads a habit, a note, a name or anything else that somebody wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra import tokens
from app.infra.statement import Statement
from app.models.accounts import ALIVE
from app.rules.errors import NotYours, SessionEnded
from app.rules.identity import Actor

ACCOUNTS_A_PAGE = DEEDS_A_PAGE = 50
# Than any line.
_NEWER = 2**63 - 1


class AccountLine(NamedTuple):
    """An account; `sign_ins` are those alive, `last_used_at` is when one was last used, to the
    hour, None where no sign-in is known any more."""

    id: int
    email: str
    is_premium: bool
    is_admin: bool
    disabled_at: datetime | None
    created_at: datetime
    sign_ins: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """Accounts by address; after the address `onward` the next page begins, None on the last."""

    accounts: tuple[AccountLine, ...]
    onward: str | None


class Deed(NamedTuple):
    """A line of the audit log: `account` and `admin` are addresses, None where the account is
    gone, or where none was known or needed."""

    id: int
    user_id: int
    account: str | None
    happened_at: datetime
    event: str
    times: int
    network: str
    device: str
    done_by: int | None
    admin: str | None


@dataclass(frozen=True, slots=True)
class DeedsPage:
    """Deeds, the newest first; `older` is the key at which the next page begins, None on the
    last."""

    deeds: tuple[Deed, ...]
    older: int | None


class Census(NamedTuple):
    """How many accounts there are, and of which kinds."""

    accounts: int
    premium: int
    disabled: int
    admins: int


_ACCOUNTS = f"""
    SELECT u.id, u.email, u.is_premium, u.is_admin, u.disabled_at, u.created_at,
           (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND {ALIVE}) AS sign_ins,
           (SELECT max(coalesce(s.last_used_at, s.created_at))
            FROM sessions s WHERE s.user_id = u.id) AS last_used_at
    FROM users u
"""
_FOUND = Statement(
    _ACCOUNTS
    + """
    WHERE strpos(u.email, :asked) > 0 AND u.email > :after
    ORDER BY u.email LIMIT :most
""",
    AccountLine,
)
_ONE = Statement(f"{_ACCOUNTS} WHERE u.id = :account", AccountLine)
_DEEDS = """
    SELECT a.id, a.user_id, u.email AS account, a.happened_at, a.event, a.times, a.network,
           a.device, a.done_by, b.email AS admin
    FROM audit a LEFT JOIN users u ON u.id = a.user_id LEFT JOIN users b ON b.id = a.done_by
    WHERE a.id < :before AND {whose}
    ORDER BY a.id DESC LIMIT :most
"""
_ALL_DEEDS = Statement(_DEEDS.format(whose="true"), Deed)
_DEEDS_OF = Statement(_DEEDS.format(whose="a.user_id = :account"), Deed)
_CENSUS = Statement(
    """
    SELECT count(*) AS accounts, count(*) FILTER (WHERE is_premium) AS premium,
           count(disabled_at) AS disabled, count(*) FILTER (WHERE is_admin) AS admins
    FROM users
""",
    Census,
)


class _Flag(NamedTuple):
    is_admin: bool


_IS_ADMIN = Statement(
    f"""
    SELECT u.is_admin FROM users u JOIN sessions s ON s.user_id = u.id
    WHERE u.id = :me AND s.id = :session AND {ALIVE}
""",
    _Flag,
)


_MAKES_ADMIN = Statement(
    """
    SELECT i.makes_admin AS is_admin FROM invitations i
    WHERE i.token_hash = :hash AND i.makes_admin AND i.expires_at > :now
      AND NOT EXISTS (SELECT 1 FROM users WHERE is_admin)
""",
    _Flag,
)


def find(
    reading: Connection, now: datetime, asked: str = "", after: str | None = None
) -> AccountsPage:
    """Return the accounts in whose address `asked` stands, those behind the address `after`."""
    values = {"asked": asked.lower(), "after": after or "", "most": ACCOUNTS_A_PAGE + 1, "now": now}
    found = _FOUND.all(reading, values)
    shown = tuple(found[:ACCOUNTS_A_PAGE])
    return AccountsPage(shown, shown[-1].email if len(found) > ACCOUNTS_A_PAGE else None)


def one(reading: Connection, now: datetime, account_id: int) -> AccountLine:
    """Return an account. Raises NotYours where there is none."""
    line = _ONE.first(reading, {"account": account_id, "now": now})
    if line is None:
        raise NotYours
    return line


def deeds(reading: Connection, account_id: int | None, before: int | None) -> DeedsPage:
    """Return what happened with an account, or for None with all, older than the line `before`."""
    statement = _ALL_DEEDS if account_id is None else _DEEDS_OF
    values = {"before": before or _NEWER, "most": DEEDS_A_PAGE + 1}
    if account_id is not None:
        values["account"] = account_id
    found = statement.all(reading, values)
    shown = tuple(found[:DEEDS_A_PAGE])
    return DeedsPage(shown, shown[-1].id if len(found) > DEEDS_A_PAGE else None)


def census(reading: Connection) -> Census:
    """Return how many accounts there are."""
    return _CENSUS.one(reading, {})


def check(reading: Connection, actor: Actor, now: datetime) -> None:
    """Let an admin look. Raises NotYours for others, SessionEnded by a sign-in that has ended."""
    values = {"me": actor.user_id, "session": actor.credential, "now": now}
    flag = _IS_ADMIN.first(reading, values)
    if flag is None:
        raise SessionEnded
    if not flag.is_admin:
        raise NotYours


def makes_admin(reading: Connection, token: str, now: datetime) -> bool:
    """Tell whether the link with this token makes an account the first admin."""
    values = {"hash": tokens.hash_of(token), "now": now}
    return _MAKES_ADMIN.first(reading, values) is not None
