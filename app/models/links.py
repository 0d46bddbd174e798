"""Links by mail."""

from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, Instant, length_between, one_of
from app.rules.links import Purpose
from app.rules.names import LONGEST_EMAIL, LONGEST_KEY


class LinkRow(Base):
    """A link that was sent to `email`; `hash` is all that is known of its token.

    `user_id` is 0 where the account is yet to be made, hence no foreign key. One that was used
    says when, and by the key of which form, so that the form may come twice.
    """

    __tablename__ = "links"
    __table_args__ = (
        one_of("purpose", Purpose),
        length_between("hash", 64, 64),
        length_between("email", 3, LONGEST_EMAIL),
        length_between("used_key", 1, LONGEST_KEY),
    )

    user_id: Mapped[CarriedUserId]
    hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    email: Mapped[str]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    used_key: Mapped[str | None]
