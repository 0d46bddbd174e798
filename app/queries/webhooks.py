"""Webhooks as their user looks at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from app.rules.errors import NotYours

MOST_SHOWN = 20
_COLUMNS = "w.id, w.address, w.events, w.created_at, w.failing_since, w.off_at, w.off_because"
_LISTED = text(f"SELECT {_COLUMNS} FROM webhooks w WHERE w.user_id = :me ORDER BY w.id")
_ONE = text(f"SELECT {_COLUMNS} FROM webhooks w WHERE w.user_id = :me AND w.id = :webhook")
_DELIVERIES = text("""
    SELECT id, event, tries, created_at, due_at, tried_at, taken_at, given_up_at, status, failure
    FROM webhook_deliveries WHERE user_id = :me AND webhook_id = :webhook
    ORDER BY id DESC LIMIT :many
""")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook; `failing_since` tells since when nothing was taken, None where the last was."""

    id: int
    address: str
    events: list[str]
    created_at: datetime
    failing_since: datetime | None
    off_at: datetime | None
    off_because: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a webhook was told, or is going to be; `status` is that of the last answer."""

    id: int
    event: str
    tries: int
    created_at: datetime
    due_at: datetime | None
    tried_at: datetime | None
    taken_at: datetime | None
    given_up_at: datetime | None
    status: int | None
    failure: str | None


def listed(reading: Connection, user_id: int) -> list[Webhook]:
    """Return the webhooks of a user, the oldest first."""
    return [Webhook(*row) for row in reading.execute(_LISTED, {"me": user_id})]


def one(reading: Connection, user_id: int, webhook_id: int) -> Webhook:
    """Return one webhook of a user. Raises NotYours."""
    row = reading.execute(_ONE, {"me": user_id, "webhook": webhook_id}).first()
    if row is None:
        raise NotYours
    return Webhook(*row)


def deliveries(reading: Connection, user_id: int, webhook_id: int) -> list[Delivery]:
    """Return the last deliveries to a webhook, the newest first, at most MOST_SHOWN."""
    values = {"me": user_id, "webhook": webhook_id, "many": MOST_SHOWN}
    return [Delivery(*row) for row in reading.execute(_DELIVERIES, values)]
