"""Second factors: apps that make codes, passkeys, and the codes that stand in for them."""

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, UserId, length_between
from app.rules.factors import RECOVERY_CODES
from app.rules.names import LONGEST_NAME, most_points

# The longest id of a credential by the specification of WebAuthn, in bytes.
LONGEST_CREDENTIAL = 1023


class CodeApp(Base):
    """An app on somebody's device that makes codes (TOTP).

    `secret` is sealed by infra/sealed.py. `last_step` is the time step of the newest code that was
    used: no code of that step or before counts again.
    """

    __tablename__ = "code_apps"
    __table_args__ = (length_between("name", 1, most_points(LONGEST_NAME)),)

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    name: Mapped[str]
    secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]


class Passkey(Base):
    """A passkey: the public half of a pair of keys, whose other half never leaves its device.

    `sign_count` is how often it was used by what it says; one that goes back is a copy.
    """

    __tablename__ = "passkeys"
    __table_args__ = (
        UniqueConstraint("user_id", "credential"),
        CheckConstraint(
            f"octet_length(credential) BETWEEN 1 AND {LONGEST_CREDENTIAL}",
            name="credential_length",
        ),
        CheckConstraint("sign_count >= 0", name="sign_count"),
        length_between("name", 1, most_points(LONGEST_NAME)),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    name: Mapped[str]
    credential: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]


class RecoveryCode(Base):
    """One of ten codes that each open the second step once; stored like a password."""

    __tablename__ = "recovery_codes"
    __table_args__ = (CheckConstraint(f"number BETWEEN 0 AND {RECOVERY_CODES - 1}", name="number"),)

    user_id: Mapped[UserId]
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code_hash: Mapped[str]
    used_at: Mapped[Instant | None]
