"""Pillars: the areas of a life."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, UserId, length_between, one_of
from app.rules.names import COLORS, LONGEST_ICON, LONGEST_NAME, most_points


class Pillar(Base):
    """A pillar; `xp` is the sum of its ledger entries, `position` its place in the user's order.

    `best_level` is the highest that was celebrated. On Today it can be folded up.
    """

    __tablename__ = "pillars"
    __table_args__ = (
        Index(None, "user_id", "created_at"),
        length_between("name", 1, most_points(LONGEST_NAME)),
        length_between("icon", 1, LONGEST_ICON),
        one_of("color", COLORS),
        CheckConstraint("xp >= 0", name="xp"),
    )

    user_id: Mapped[UserId]
    id: Mapped[OwnId]
    name: Mapped[str]
    color: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int]
    xp: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[Instant]
    archived_at: Mapped[Instant | None]
    best_level: Mapped[int] = mapped_column(server_default=text("1"))
    is_folded: Mapped[bool] = mapped_column(server_default=text("false"))
