"""Users and their sign-ins."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Identity, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import (
    CarriedUserId,
    Instant,
    OwnId,
    Reference,
    UserId,
    length_between,
    one_of,
)
from app.rules.names import LONGEST_EMAIL, LONGEST_NAME, THEMES


class User(Base):
    """An account. Its row is the lock under which all of its user's writes are serial.

    `version` counts the user's writes; `pillar_count` is the number of pillars not archived,
    kept by the statement that makes the plan's limit race-free; `habits_made` counts the habits
    made on `habits_made_on`, also those deleted since.
    """

    __tablename__ = "users"
    __table_args__ = (
        length_between("email", 3, LONGEST_EMAIL),
        length_between("name", 0, LONGEST_NAME),
        one_of("theme", THEMES),
        CheckConstraint("day_start BETWEEN 0 AND 6", name="day_start"),
        CheckConstraint("pillar_count >= 0", name="pillar_count"),
        CheckConstraint("habits_made >= 0", name="habits_made"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    timezone: Mapped[str]
    day_start: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    is_premium: Mapped[bool] = mapped_column(server_default=text("false"))
    pillar_count: Mapped[int] = mapped_column(server_default=text("0"))
    habits_made_on: Mapped[date | None]
    habits_made: Mapped[int] = mapped_column(server_default=text("0"))
    # Told by who inserts: a worker from before `addresses` omits it, and can make no account.
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Instant]
    theme: Mapped[str] = mapped_column(server_default=THEMES[0])
    shortcuts: Mapped[bool] = mapped_column(server_default=text("true"))


class Address(Base):
    """An email address that is taken. This key alone makes it the address of one account.

    Where users are distributed over machines none of them sees all users, but each has a copy of
    this table; a reference table may not refer to a distributed one, hence no foreign key.
    """

    __tablename__ = "addresses"
    __table_args__ = (length_between("email", 3, LONGEST_EMAIL),)

    email: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[Reference]


class SignInFailure(Base):
    """A wrong password. `user_id` is 0 where no account has the address: it counts all the same,

    so that the answers tell nothing; hence no foreign key. `origin` is a digest of the address
    typed and of the network that it came from.
    """

    __tablename__ = "sign_in_failures"

    user_id: Mapped[CarriedUserId]
    origin: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[OwnId]
    failed_at: Mapped[Instant]


class UserSession(Base):
    """A sign-in. The cookie carries claims; this row says whether they still hold."""

    __tablename__ = "sessions"

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
