"""Subscriptions: those of a user, and those of all users that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.rules.identity import Claims
from app.rules.subscriptions import Subscription, next_due
from app.rules.weeks import weeks_of


class _Minute(NamedTuple):
    kind: str
    minute: int


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that is due, and what is needed to know whether it is worth one.

    `may_write` is False for an account that is switched off, and for an address that nobody has
    confirmed: else anybody could have letters sent to others.
    """

    user_id: int
    kind: str
    minute: int
    due_at: datetime
    email: str
    timezone: str
    day_start: int
    week_anchors: Sequence[date]
    may_write: bool

    def claims(self, now: datetime) -> Claims:
        """Return who looks at the day that the letter is about: the user, by no sign-in."""
        return Claims(
            user_id=self.user_id, session_id=0, issued_at=now,
            timezone=self.timezone, day_start=self.day_start,
        )  # fmt: skip

    def next_after(self, now: datetime) -> datetime:
        """Return when the next one is due."""
        weeks = weeks_of(self.week_anchors)
        return next_due(Subscription(self.kind), self.minute, self.timezone, weeks, now)


_OF_USER = Statement("SELECT kind, minute FROM subscriptions WHERE user_id = :me", _Minute)
_DUE = Statement(
    """
    SELECT s.user_id, s.kind, s.minute, s.due_at, u.email, u.timezone, u.day_start,
           u.week_anchors,
           u.disabled_at IS NULL AND u.verified_at IS NOT NULL AS may_write
    FROM subscriptions s JOIN users u ON u.id = s.user_id
    WHERE s.due_at <= :now ORDER BY s.due_at LIMIT :most
    """,
    Due,
)


def minutes_of(reading: Connection, user_id: int) -> dict[Subscription, int]:
    """Return at which minute of the day a user gets the letters that are subscribed to."""
    rows = _OF_USER.all(reading, {"me": user_id})
    return {Subscription(row.kind): row.minute for row in rows}


def due(reading: Connection, now: datetime, most: int) -> list[Due]:
    """Return the letters that are due, at most so many, the longest due first."""
    return _DUE.all(reading, {"now": now, "most": most})
