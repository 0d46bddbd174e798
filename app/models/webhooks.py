"""Webhooks: the programs that are told what a user does, and what became of each telling."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    text,
)
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
from app.rules.webhooks import LONGEST_ADDRESS, OffBecause


class Webhook(Base):
    """An address that is told of `events`, by messages signed with the sealed `secret`.

    `seen_entry` is the newest entry of the user's ledger that was looked at; what was written
    before `listens_since` is not told. `busy_until` is the lease of the one delivery under way,
    `failing_since` when the first of those failed after which none was taken.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        length_between("address", 1, LONGEST_ADDRESS),
        one_of("off_because", OffBecause),
        CheckConstraint("(off_at IS NULL) = (off_because IS NULL)", name="off"),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    address: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(String))
    seen_entry: Mapped[Reference]
    listens_since: Mapped[Instant]
    created_at: Mapped[Instant]
    busy_until: Mapped[Instant | None]
    failing_since: Mapped[Instant | None]
    off_at: Mapped[Instant | None]
    off_because: Mapped[str | None]


class WebhookDelivery(Base):
    """A message to one webhook. It waits until `due_at`, was taken at `taken_at`, or is given up.

    `mark` is the id that the receiver reads, the same on each try. `source` is what it tells of:
    there is one a webhook and source.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "webhook_id"], ["webhooks.user_id", "webhooks.id"], ondelete="CASCADE"
        ),
        Index(None, "user_id", "webhook_id", "source", unique=True),
        # The worker looks for those that are due whoever they belong to.
        Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
        CheckConstraint("num_nonnulls(due_at, taken_at, given_up_at) = 1", name="state"),
    )

    user_id: Mapped[CarriedUserId]
    id: Mapped[OwnId]
    webhook_id: Mapped[Reference]
    event: Mapped[str]
    source: Mapped[str]
    mark: Mapped[str]
    body: Mapped[str]
    tries: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[Instant]
    due_at: Mapped[Instant | None]
    tried_at: Mapped[Instant | None]
    taken_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    failure: Mapped[str | None]
