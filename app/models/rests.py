"""Rests: the days on which nothing is asked."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, Reference, UserId, length_between, one_of
from app.rules.names import LONGEST_REASON, REST_KINDS, most_points


class RestRow(Base):
    """A rest from `starts_on` through `ends_on` (NULL: without an end).

    It is one of a pillar, of a habit, or where both are NULL of everything. A day that is skipped
    and the time in the archive are rests too; `kind` tells them apart.
    """

    __tablename__ = "rests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "pillar_id"], ["pillars.user_id", "pillars.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_on"),
        CheckConstraint("pillar_id IS NULL OR habit_id IS NULL", name="subject"),
        one_of("kind", REST_KINDS),
        length_between("reason", 0, most_points(LONGEST_REASON)),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    kind: Mapped[str]
    pillar_id: Mapped[Reference | None]
    habit_id: Mapped[Reference | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[Instant]
