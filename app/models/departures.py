"""Departures: which accounts were deleted, so that an older backup does not bring them back."""

from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant


class Departure(Base):
    """An account that was deleted. It says nobody's name: a number, and two moments.

    A database that went back in time gives the number to somebody else; only with `joined_at`, when
    the account was made, is it that one.
    """

    __tablename__ = "departures"

    user_id: Mapped[CarriedUserId]
    joined_at: Mapped[Instant] = mapped_column(primary_key=True)
    left_at: Mapped[Instant]
