"""Habits, and the schedules that say when they are due."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, OwnId, Reference, length_between, one_of
from app.rules.names import LONGEST_NAME, most_points
from app.rules.reward import Effort
from app.rules.schedule import Kind


class Habit(Base):
    """A habit. `closed_run`, `closed_best` and `closed_kept` are its fold through `closed_on`.

    They are a cache, written by whoever writes a day of the habit; where `closed_on` is NULL the
    fold begins anew. `milestone` is the longest run that was celebrated. `streak`, `best_streak`
    and `last_day` are for workers of the version before: they are written, and nobody here reads
    them.
    """

    __tablename__ = "habits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "pillar_id"], ["pillars.user_id", "pillars.id"], ondelete="CASCADE"
        ),
        Index(None, "user_id", "pillar_id"),
        length_between("name", 1, most_points(LONGEST_NAME)),
        one_of("effort", Effort),
        CheckConstraint("streak BETWEEN 0 AND best_streak", name="streak"),
        CheckConstraint("closed_run BETWEEN 0 AND closed_best", name="closed_run"),
        CheckConstraint("closed_kept >= closed_best", name="closed_kept"),
    )

    user_id: Mapped[CarriedUserId]
    id: Mapped[OwnId]
    pillar_id: Mapped[Reference]
    name: Mapped[str]
    effort: Mapped[str]
    position: Mapped[int]
    streak: Mapped[int] = mapped_column(server_default=text("0"))
    best_streak: Mapped[int] = mapped_column(server_default=text("0"))
    last_day: Mapped[date | None]
    created_at: Mapped[Instant]
    archived_at: Mapped[Instant | None]
    milestone: Mapped[int] = mapped_column(server_default=text("0"))
    closed_on: Mapped[date | None]
    closed_run: Mapped[int] = mapped_column(server_default=text("0"))
    closed_best: Mapped[int] = mapped_column(server_default=text("0"))
    closed_kept: Mapped[int] = mapped_column(server_default=text("0"))


class Schedule(Base):
    """A term of a habit: when it is due, from `starts_on` until its next. The first starts it."""

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        one_of("kind", Kind),
    )

    user_id: Mapped[CarriedUserId]
    habit_id: Mapped[Reference] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
