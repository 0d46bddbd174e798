"""Amounts: how much of something was done on a day."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import (
    CarriedUserId,
    Instant,
    OwnId,
    Quantity,
    Reference,
    length_between,
)
from app.rules.names import LONGEST_KEY


class Amount(Base):
    """An amount that was added to a day of a habit; the day's amount is the sum of its rows.

    `key` is that of the form that was sent, so that the same press adds once.
    """

    __tablename__ = "amounts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("user_id", "key"),
        Index(None, "user_id", "habit_id", "day"),
        length_between("key", 1, LONGEST_KEY),
        CheckConstraint("amount > 0", name="amount"),
    )

    user_id: Mapped[CarriedUserId]
    id: Mapped[OwnId]
    habit_id: Mapped[Reference]
    day: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Quantity)
    key: Mapped[str | None]
    created_at: Mapped[Instant]
