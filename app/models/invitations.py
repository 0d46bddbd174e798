"""Invitations: links that let somebody in."""

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, OwnId, Reference, length_between
from app.rules.names import LONGEST_EMAIL


class Invitation(Base):
    """A link by which one account is made, by its holder or, with an `email`, for that address.

    One that `makes_admin` gives an account that is there already the say over this server, while
    nobody has it. `made_by` is None where a command made it. The rows belong to the server and
    not to a user, so that no foreign key leads to one: whoever deletes an account sees to them.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        length_between("token_hash", 64, 64),
        length_between("email", 3, LONGEST_EMAIL),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="fate"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    id: Mapped[OwnId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None]
    makes_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    made_by: Mapped[Reference | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    used_by: Mapped[Reference | None]
    withdrawn_at: Mapped[Instant | None]
