"""Notes: what somebody wrote about a habit on a day."""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, Reference, length_between
from app.rules.names import LONGEST_NOTE, most_points


class Note(Base):
    """A note about a day of a habit, kept or not."""

    __tablename__ = "notes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        Index(None, "user_id", "day"),
        length_between("body", 1, most_points(LONGEST_NOTE)),
    )

    user_id: Mapped[CarriedUserId]
    habit_id: Mapped[Reference] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    body: Mapped[str]
    written_at: Mapped[Instant]
