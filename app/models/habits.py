"""Habits, the schedules that say when they are due, and the pillars in which they lived before."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import (
    CarriedUserId,
    Instant,
    OwnId,
    Quantity,
    Reference,
    length_between,
    one_of,
)
from app.rules.names import DAY_PARTS, LONGEST_NAME, LONGEST_UNIT, most_points
from app.rules.reward import Effort
from app.rules.schedule import Kind
from app.rules.schedule import Schedule as Rhythm


class Habit(Base):
    """A habit. The columns `folded_…` are its fold through `folded_on`, see rules/states.py.

    They are a cache, written by whoever writes a day of the habit; where `folded_on` is NULL the
    fold begins anew. `milestone` is the longest run that was celebrated. `counted` tells whether
    any term has amounts. `rooted_at` says since when it needs no asking, `asked_on` when its user
    was last asked what should become of it.

    A worker of the version before writes `closed_on` and leaves the fold as it was: where that is
    set, the fold is not to be believed. Nobody here reads `closed_…`, `streak`, `best_streak` and
    `last_day`.
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
        CheckConstraint("folded_run BETWEEN 0 AND folded_best", name="folded_run"),
        CheckConstraint("folded_shields BETWEEN 0 AND 2", name="folded_shields"),
        CheckConstraint("folded_strength BETWEEN 0 AND 1", name="folded_strength"),
        one_of("day_part", DAY_PARTS),
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
    counted: Mapped[bool] = mapped_column(server_default=text("false"))
    folded_on: Mapped[date | None]
    folded_run: Mapped[int] = mapped_column(server_default=text("0"))
    folded_best: Mapped[int] = mapped_column(server_default=text("0"))
    folded_kept: Mapped[int] = mapped_column(server_default=text("0"))
    folded_toward: Mapped[int] = mapped_column(server_default=text("0"))
    folded_shields: Mapped[int] = mapped_column(server_default=text("1"))
    folded_since: Mapped[date | None]
    folded_idle: Mapped[int] = mapped_column(server_default=text("-1"))
    folded_overdue: Mapped[int] = mapped_column(server_default=text("0"))
    folded_strength: Mapped[float] = mapped_column(server_default=text("0"))
    folded_reach: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    day_part: Mapped[str] = mapped_column(server_default="")
    rooted_at: Mapped[Instant | None]
    asked_on: Mapped[date | None]


class Schedule(Base):
    """A term of a habit: its rhythm and what is counted, from `starts_on` until its next.

    The first starts the habit. `kind` is the rhythm (the rules' `schedule`) and `measure` the
    rules' `kind`: workers of the version before write the former and know nothing of the latter.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        one_of("kind", Rhythm),
        one_of("measure", Kind),
        CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
        CheckConstraint("times BETWEEN 1 AND 28", name="times"),
        CheckConstraint("every BETWEEN 1 AND 365", name="every"),
        CheckConstraint("target >= 0", name="target"),
        CheckConstraint("step > 0", name="step"),
        length_between("unit", 0, most_points(LONGEST_UNIT)),
    )

    user_id: Mapped[CarriedUserId]
    habit_id: Mapped[Reference] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    measure: Mapped[str] = mapped_column(server_default=Kind.CHECK)
    weekdays: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    times: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    every: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    target: Mapped[Decimal] = mapped_column(Quantity, server_default=text("0"))
    step: Mapped[Decimal] = mapped_column(Quantity, server_default=text("1"))
    unit: Mapped[str] = mapped_column(server_default="")


class Home(Base):
    """A pillar in which a habit lived through the day `until`, before it was moved."""

    __tablename__ = "homes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "habit_id"], ["habits.user_id", "habits.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["user_id", "pillar_id"], ["pillars.user_id", "pillars.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[CarriedUserId]
    habit_id: Mapped[Reference] = mapped_column(primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    pillar_id: Mapped[Reference]
