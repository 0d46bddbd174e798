"""Pets: the companions."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, UserId, length_between, one_of
from app.rules.names import LONGEST_NAME, SPECIES


class Pet(Base):
    """A companion; one is active, the others rest. `days_kept` counts days that earned it XP."""

    __tablename__ = "pets"
    __table_args__ = (
        Index("uq_pets_active", "user_id", unique=True, postgresql_where=text("is_active")),
        length_between("name", 0, LONGEST_NAME),
        one_of("species", SPECIES),
        CheckConstraint("xp >= 0", name="xp"),
        CheckConstraint("days_kept >= 0", name="days_kept"),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    species: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    xp: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    days_kept: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool]
    created_at: Mapped[Instant]
