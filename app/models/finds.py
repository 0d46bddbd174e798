"""Finds: the small things that the pet brings on good days."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, Reference


class Find(Base):
    """What a pet brought on a day: `number` in the set of the day's month. It outlives an undo."""

    __tablename__ = "finds"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "pet_id"], ["pets.user_id", "pets.id"], ondelete="CASCADE"
        ),
        CheckConstraint("number BETWEEN 0 AND 7", name="number"),
    )

    user_id: Mapped[CarriedUserId]
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    pet_id: Mapped[Reference]
    created_at: Mapped[Instant]
