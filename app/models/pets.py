"""Pets: the companions."""

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, UserId, length_between, one_of
from app.rules.names import COATS, LONGEST_NAME, SPECIES, most_points


class Pet(Base):
    """A companion; one is active, the others rest. `days_kept` counts days that earned it XP.

    `best_level` and `best_stage` (its place in levels.Stage) are the furthest it ever was: each is
    celebrated once, and an undo takes nothing of it back.
    """

    __tablename__ = "pets"
    __table_args__ = (
        Index("uq_pets_active", "user_id", unique=True, postgresql_where=text("is_active")),
        length_between("name", 0, most_points(LONGEST_NAME)),
        one_of("species", SPECIES),
        one_of("coat", COATS),
        CheckConstraint("xp >= 0", name="xp"),
        CheckConstraint("days_kept >= 0", name="days_kept"),
        CheckConstraint("best_stage BETWEEN 0 AND 4", name="best_stage"),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    species: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    xp: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    days_kept: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool]
    created_at: Mapped[Instant]
    coat: Mapped[str] = mapped_column(server_default=COATS[0])
    best_level: Mapped[int] = mapped_column(server_default=text("1"))
    best_stage: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
