"""What happened with an account, newest first, paged by key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

LINES_A_PAGE = 50

_LINES = text("""
    SELECT id, happened_at, event, times, network, device FROM audit
    WHERE user_id = :me AND (:before IS NULL OR id < :before)
    ORDER BY id DESC LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A deed that matters to the safety of an account; it came `times` on that day.

    `happened_at` is the first time; `network` and `device` (see rules/places.py) may be empty.
    """

    id: int
    happened_at: datetime
    event: str
    times: int
    network: str
    device: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of lines; `older` is the key at which the next page begins, None on the last."""

    lines: tuple[AuditLine, ...]
    older: int | None


def page(reading: Connection, user_id: int, before: int | None) -> AuditPage:
    """Return the lines of a user older than the line `before`, or the newest for None."""
    values = {"me": user_id, "before": before, "most": LINES_A_PAGE + 1}
    lines = [AuditLine(*row) for row in reading.execute(_LINES, values)]
    shown = tuple(lines[:LINES_A_PAGE])
    return AuditPage(shown, shown[-1].id if len(lines) > LINES_A_PAGE else None)
