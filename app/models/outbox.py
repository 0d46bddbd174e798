"""The outbox: mail that is to be sent, and for a while what became of it."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, Reference, length_between
from app.rules.mail import LONGEST_KIND, LONGEST_ONCE
from app.rules.names import LONGEST_EMAIL


class OutboxRow(Base):
    """A message. It waits until `due_at`, or was accepted at `sent_at`, or is parked.

    What it says stands in `facts` only until it is sent: a link in it may open an account. There is
    no foreign key, since what is said at the end of an account is sent after it. `once` makes it
    the only one of its sort, `mark` is the local part of its Message-ID, and `subscription` is what
    the reader can turn off, None where that must be told.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "once", unique=True),
        Index(None, "user_id"),
        # In the order of sending: what people wait for comes before what they subscribed to.
        Index(
            "ix_outbox_due_at",
            text("(subscription IS NOT NULL)"),
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        length_between("address", 3, LONGEST_EMAIL),
        length_between("kind", 1, LONGEST_KIND),
        length_between("once", 1, LONGEST_ONCE),
        CheckConstraint("num_nonnulls(due_at, sent_at, parked_at) = 1", name="state"),
        CheckConstraint("(facts IS NULL) = (sent_at IS NOT NULL)", name="facts"),
    )

    id: Mapped[OwnId]
    user_id: Mapped[Reference | None]
    address: Mapped[str]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    subscription: Mapped[str | None]
    once: Mapped[str | None]
    mark: Mapped[str]
    tries: Mapped[int]
    failure: Mapped[str | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    due_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    parked_at: Mapped[Instant | None]
