"""Tokens: what programs show in place of a cookie."""

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.models.columns import CarriedUserId, length_between, one_of
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
        one_of("scope", Scope),
        ForeignKeyConstraint(
            ["user_id", "session_id"],
            ["sessions.user_id", "sessions.id"],
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[CarriedUserId]
    session_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    token_hash: Mapped[str]
    name: Mapped[str]
    scope: Mapped[str]
