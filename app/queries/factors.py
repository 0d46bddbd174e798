"""Second factors as they are read: what an account has, and what answers are verified against."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.infra.statement import Statement
from app.rules.errors import NotYours


@dataclass(frozen=True, slots=True)
class Factor:
    """An app that makes codes, or a passkey, as its user calls it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ways:
    """By what somebody signs in; `recovery_codes` are those that were not used yet."""

    email: str
    has_password: bool
    recovery_codes: int
    code_apps: tuple[Factor, ...]
    passkeys: tuple[Factor, ...]

    @property
    def have_factor(self) -> bool:
        """Whether a sign-in has a second step."""
        return bool(self.code_apps or self.passkeys)

    @property
    def only_passkey(self) -> bool:
        """Whether nobody could sign in without the one passkey that there is."""
        return len(self.passkeys) == 1 and not self.has_password


class Secret(NamedTuple):
    """The sealed secret of an app that makes codes."""

    app_id: int
    secret: str


class PublicKey(NamedTuple):
    """A passkey, by which a signature is verified."""

    id: int
    credential: bytes
    public_key: bytes


_ACCOUNT = text("""
    SELECT email, password_hash IS NOT NULL,
           (SELECT count(*) FROM recovery_codes WHERE user_id = :me AND used_at IS NULL)
    FROM users WHERE id = :me
""")
_CODE_APPS = Statement(
    """
    SELECT id, name, created_at, last_used_at FROM code_apps
    WHERE user_id = :me AND (CAST(:id AS bigint) IS NULL OR id = :id) ORDER BY id
""",
    Factor,
)
_PASSKEYS = Statement(
    """
    SELECT id, name, created_at, last_used_at FROM passkeys
    WHERE user_id = :me AND (CAST(:id AS bigint) IS NULL OR id = :id) ORDER BY id
""",
    Factor,
)
_SECRETS = Statement(
    "SELECT id AS app_id, secret FROM code_apps WHERE user_id = :me ORDER BY id", Secret
)
_KEYS = Statement(
    "SELECT id, credential, public_key FROM passkeys WHERE user_id = :me ORDER BY id", PublicKey
)
_RECOVERY = text("SELECT code_hash FROM recovery_codes WHERE user_id = :me AND number = :number")


def ways(reading: Connection, user_id: int) -> Ways:
    """Return by what the user signs in. Raises NotYours where there is no such user."""
    account = reading.execute(_ACCOUNT, {"me": user_id}).one_or_none()
    if account is None:
        raise NotYours
    values = {"me": user_id, "id": None}
    email, has_password, recovery_codes = account
    code_apps, passkeys = (tuple(part.all(reading, values)) for part in (_CODE_APPS, _PASSKEYS))
    return Ways(email, has_password, recovery_codes, code_apps, passkeys)


def code_app(reading: Connection, user_id: int, app_id: int) -> Factor:
    """Return an app of the user's that makes codes. Raises NotYours."""
    return _one(_CODE_APPS.first(reading, {"me": user_id, "id": app_id}))


def passkey(reading: Connection, user_id: int, passkey_id: int) -> Factor:
    """Return a passkey of the user's. Raises NotYours."""
    return _one(_PASSKEYS.first(reading, {"me": user_id, "id": passkey_id}))


def _one(found: Factor | None) -> Factor:
    if found is None:
        raise NotYours
    return found


def secrets(reading: Connection, user_id: int) -> list[Secret]:
    """Return the sealed secrets of the user's apps."""
    return _SECRETS.all(reading, {"me": user_id})


def public_keys(reading: Connection, user_id: int) -> list[PublicKey]:
    """Return the user's passkeys."""
    return _KEYS.all(reading, {"me": user_id})


def recovery_hash(reading: Connection, user_id: int, number: int) -> str | None:
    """Return the hash of a recovery code, used or not; None where there is none of the number."""
    found: str | None = reading.scalar(_RECOVERY, {"me": user_id, "number": number})
    return found
