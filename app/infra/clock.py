"""The one door for time: nothing else in the application asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, aware, in UTC. An act asks once and passes the answer on."""
    return datetime.now(UTC)
