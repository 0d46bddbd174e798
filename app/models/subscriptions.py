"""Subscriptions: the letters that a user has asked for."""

from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, UserId, one_of
from app.rules.subscriptions import LAST_MINUTE, Subscription


class SubscriptionRow(Base):
    """A letter that a user gets at the `minute` of their clock, for the next time at `due_at`.

    The worker looks for those that are due whoever they belong to: this one index is for that.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(None, "due_at"),
        one_of("kind", Subscription),
        CheckConstraint(f"minute BETWEEN 0 AND {LAST_MINUTE}", name="minute"),
    )

    user_id: Mapped[UserId]
    kind: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[Instant]
