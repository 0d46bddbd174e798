"""The outbox as who runs the place looks at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

MOST_SHOWN = 50
_COLUMNS = """
    id, user_id, address, kind, facts, subscription, mark, tries, failure, created_at, due_at,
    sent_at, parked_at
"""
_LATEST = text(f"SELECT {_COLUMNS} FROM outbox ORDER BY id DESC LIMIT :many")
_ONE = text(f"SELECT {_COLUMNS} FROM outbox WHERE id = :id")
_PARKED = text(f"""
    SELECT {_COLUMNS} FROM outbox WHERE parked_at IS NOT NULL ORDER BY id DESC LIMIT :many
""")
_COUNTS = text("""
    SELECT count(due_at), count(parked_at), min(created_at) FILTER (WHERE due_at IS NOT NULL)
    FROM outbox WHERE sent_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the outbox. `facts` is None once it is sent."""

    id: int
    user_id: int | None
    address: str
    kind: str
    facts: dict[str, Any] | None
    subscription: str | None
    mark: str
    tries: int
    failure: str | None
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    parked_at: datetime | None

    @property
    def state(self) -> str:
        """What became of it: waiting, sent or parked."""
        return "sent" if self.sent_at else "parked" if self.parked_at else "waiting"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much mail waits and is parked, and since when the oldest that waits has done so."""

    waiting: int
    parked: int
    oldest: datetime | None


def latest(reading: Connection, many: int) -> list[Message]:
    """Return the newest messages, at most `many`, the oldest of them first."""
    rows = reading.execute(_LATEST, {"many": many}).all()
    return [Message(*row) for row in reversed(rows)]


def one(reading: Connection, message_id: int) -> Message | None:
    """Return a message, None when there is none with this id."""
    row = reading.execute(_ONE, {"id": message_id}).one_or_none()
    return None if row is None else Message(*row)


def parked(reading: Connection) -> list[Message]:
    """Return the newest messages that no server would take, at most MOST_SHOWN."""
    return [Message(*row) for row in reading.execute(_PARKED, {"many": MOST_SHOWN})]


def counts(reading: Connection) -> Counts:
    """Return how much is not sent yet."""
    return Counts(*reading.execute(_COUNTS).one())
