"""Commits: "I kept this habit on this day"."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, Reference


class Commit(Base):
    """A habit kept on a day. Exactly once is the primary key, not a check.

    One that was imported says by which import; it has no line in the ledger, for it gave no XP.
    """

    __tablename__ = "commits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        Index(None, "user_id", "day"),
    )

    user_id: Mapped[CarriedUserId]
    habit_id: Mapped[Reference] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    created_at: Mapped[Instant]
    import_id: Mapped[Reference | None]
