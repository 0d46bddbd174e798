"""Tokens: what programs show in place of a cookie."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import UserId, length_between
from app.rules.names import LONGEST_NAME
from app.rules.scopes import Scope


class ApiToken(Base):
    """What a program shows for the sign-in `session_id`; only a hash of it is stored.

    `scope` says what it may do (rules/scopes.py), `name` what its user calls it.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (
        length_between("token_hash", 64, 64),
        length_between("name", 1, LONGEST_NAME),
        CheckConstraint(f"scope IN ({', '.join(repr(str(one)) for one in Scope)})", name="scope"),
        ForeignKeyConstraint(
            ["user_id", "session_id"],
            ["sessions.user_id", "sessions.id"],
            name="fk_api_tokens_sessions",
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[UserId]
    session_id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    name: Mapped[str]
    scope: Mapped[str]
