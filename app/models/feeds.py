"""Feeds: the secret address under which a calendar reads somebody's days."""

from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import Instant, UserId, length_between


class Feed(Base):
    """The address of a user's feed, of which only a hash of the token is stored; one a user."""

    __tablename__ = "feeds"
    __table_args__ = (length_between("token_hash", 64, 64),)

    user_id: Mapped[UserId]
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[Instant]
