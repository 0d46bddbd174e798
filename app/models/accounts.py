"""Users and their sign-ins."""

from datetime import date, timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

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
from app.rules.identity import LONGEST_SESSION
from app.rules.names import LONGEST_EMAIL, LONGEST_NAME, THEMES, most_points

# Of a row `s` of sessions: when it expires, and whether it is alive at :now. One that an older
# version of the app has made says only when it began. Hours: a day may have 23 of them.
_LONGEST_HOURS = LONGEST_SESSION // timedelta(hours=1)
EXPIRY = f"coalesce(s.expires_at, s.created_at + interval '{_LONGEST_HOURS} hours')"
ALIVE = f"s.ended_at IS NULL AND {EXPIRY} > :now"


class User(Base):
    """An account. Its row is the lock under which all of its user's writes are serial.

    `version` counts the user's writes; `pillar_count` is the number of pillars not archived,
    written by the statement that makes the plan's limit race-free; `habits_made` counts the habits
    made on `habits_made_on`, also those deleted since. Without a
    `password_hash` no password is the right one. Until `egg_waits_until` no new egg is spoken of.
    For days away up to `away_answered` the user has said whether they were a rest.
    `week_anchors` say on which day weeks begin, see rules/weeks.py. At `verified_at` it was shown
    that the mail of `email` is theirs. Who `is_admin` looks after the accounts of this server; one
    with `disabled_at` cannot be signed in to. At `leaves_at` the account is deleted, as its user
    has asked. `has_factor` tells whether there is a row of `code_apps` or `passkeys`; it is
    written with these, so that a sign-in without any asks nothing more.
    """

    __tablename__ = "users"
    __table_args__: tuple[SchemaItem, ...] = (
        length_between("email", 3, LONGEST_EMAIL),
        length_between("name", 0, most_points(LONGEST_NAME)),
        one_of("theme", THEMES),
        CheckConstraint("day_start BETWEEN 0 AND 6", name="day_start"),
        CheckConstraint("pillar_count >= 0", name="pillar_count"),
        CheckConstraint("habits_made >= 0", name="habits_made"),
        CheckConstraint("cardinality(week_anchors) > 0", name="week_anchors"),
        Column("egg_waits_until", Date),
        Column("week_anchors", ARRAY(Date), server_default="{2000-01-03}", nullable=False),
        Column("away_answered", Date),
        Column("is_admin", Boolean, server_default=text("false"), nullable=False),
        Column("disabled_at", DateTime(timezone=True)),
        Column("verified_at", DateTime(timezone=True)),
        Column("leaves_at", DateTime(timezone=True)),
        Index(None, "leaves_at", postgresql_where=text("leaves_at IS NOT NULL")),
        Column("has_factor", Boolean, server_default=text("false"), nullable=False),
    )
    # Only statements read and write them.
    __mapper_args__ = {  # noqa: RUF012
        "exclude_properties": [
            *("egg_waits_until", "away_answered", "week_anchors", "is_admin", "disabled_at"),
            "verified_at",
            "leaves_at",
            "has_factor",
        ]
    }

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str | None]
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
    """A wrong password that was typed for an address, or another try at a door that is limited.

    `user_id` is 0 where no account has the address: it counts all the same, so that the answers
    tell nothing; hence no foreign key. `origin` is a digest of the address typed, and behind it
    one of that and of the network that it came from.
    """

    __tablename__ = "sign_in_failures"

    user_id: Mapped[CarriedUserId]
    origin: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[OwnId]
    failed_at: Mapped[Instant]


class UserSession(Base):
    """A sign-in. The cookie carries claims; this row says whether they still hold (ALIVE).

    `kind` says what presents it, `label` which device and `network` which network it was begun from
    (rules/places.py). `last_used_at` is the last write through it, to the hour; None while that is
    the hour in which it began. At `proved_at` it was proved last whose it is.
    """

    __tablename__ = "sessions"

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    kind: Mapped[str] = mapped_column(server_default="browser")
    label: Mapped[str] = mapped_column(server_default="")
    last_used_at: Mapped[Instant | None]
    proved_at: Mapped[Instant | None]
    network: Mapped[str] = mapped_column(server_default="")
