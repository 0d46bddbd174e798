"""The audit log: what happened with an account."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, OwnId, Reference, length_between

LONGEST_EVENT = 40


class AuditLine(Base):
    """A deed that matters to the safety of an account. Lines are added, and swept when old.

    `user_id` is 0 where no account is known, and stays when the account is deleted; hence no
    foreign key. What anybody can bring about has one line a `day` (of UTC), whose `times` grow;
    all else has no day. `done_by` is the admin who did it to the account of somebody else, else
    None. `network` and `device` are empty where they are not known, or are several.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "user_id", "happened_at"),
        UniqueConstraint("user_id", "event", "day"),
        length_between("event", 1, LONGEST_EVENT),
    )

    user_id: Mapped[CarriedUserId]
    id: Mapped[OwnId]
    happened_at: Mapped[Instant]
    event: Mapped[str]
    day: Mapped[date | None]
    times: Mapped[int] = mapped_column(server_default="1")
    network: Mapped[str] = mapped_column(server_default="")
    device: Mapped[str] = mapped_column(server_default="")
    done_by: Mapped[Reference | None]
