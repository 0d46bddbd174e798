"""The ledger: every XP given or taken back, with its reason, for ever."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.infra.db import Base
from app.models.columns import Instant, OwnId, Reference, UserId, length_between
from app.rules.names import LONGEST_KEY, LONGEST_NAME, most_points


class LedgerEntry(Base):
    """A line of the ledger, which is never changed: XP that was given, or taken back.

    It refers to its user by a foreign key and to nothing else, since deleting a habit must not
    rewrite history. `label` is the habit's name as it was. `key` is
    that of the form that was sent; `reverses_id` names the entry that this one takes back.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        UniqueConstraint("user_id", "reverses_id"),
        Index(None, "user_id", "day"),
        length_between("label", 1, most_points(LONGEST_NAME)),
        length_between("key", 1, LONGEST_KEY),
        CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount >= 0 ELSE amount <= 0 END", name="amount"
        ),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    habit_id: Mapped[Reference]
    pillar_id: Mapped[Reference]
    pet_id: Mapped[Reference]
    day: Mapped[date]
    label: Mapped[str]
    amount: Mapped[int]
    key: Mapped[str | None]
    reverses_id: Mapped[Reference | None]
    created_at: Mapped[Instant]
