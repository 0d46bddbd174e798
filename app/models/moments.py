"""Moments: what was celebrated once, as the shelf keeps it."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, Reference, UserId, length_between, one_of
from app.rules.moments import Occasion
from app.rules.names import LONGEST_NAME, most_points


class MomentRow(Base):
    """A moment that was told on a day; that it comes once ever is the primary key.

    Its columns are those of moments.Keepsake. `subject_id` has no foreign key, for a moment
    outlives its habit. `created_at` is NULL where the moment was worked out afterwards, from the
    days and the ledger of the time before moments were stored.
    """

    __tablename__ = "moments"
    __table_args__ = (
        one_of("occasion", (o for o in Occasion if o not in {Occasion.FIND, Occasion.ROOTED})),
        CheckConstraint("number >= 0", name="number"),
        length_between("label", 0, most_points(LONGEST_NAME)),
    )

    user_id: Mapped[UserId]
    occasion: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[Reference] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    label: Mapped[str]
    created_at: Mapped[Instant | None]
