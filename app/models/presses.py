"""Presses: the forms that were sent and answered as done."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, Reference, UserId, length_between
from app.rules.names import LONGEST_KEY

LONGEST_ROUTE = 80


class PressRow(Base):
    """A press that was answered as done and left no line in the ledger that would hold its key.

    `route` says what was pressed, `made_id` which row it made, if it made one.
    """

    __tablename__ = "presses"
    __table_args__ = (
        Index(None, "user_id", "created_at"),
        length_between("key", 1, LONGEST_KEY),
        length_between("route", 1, LONGEST_ROUTE),
    )

    user_id: Mapped[UserId]
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    made_id: Mapped[Reference | None]
    created_at: Mapped[Instant]
