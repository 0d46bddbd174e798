"""Every XP with its reason, newest first, paged by key: page 1,000 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from app.rules import reward
from app.rules.identity import Claims
from app.rules.reward import Reason

LINES_A_PAGE = 50

_LINES = text("""
    SELECT e.id, e.amount, e.label, p.name AS pillar, t.name AS pet, e.day, e.created_at,
           e.reverses_id IS NOT NULL AS undo,
           e.amount > 0 AND CAST(e.created_at AT TIME ZONE 'UTC' AS date) - e.day > :long_ago
           AS is_again
    FROM ledger_entries e
    LEFT JOIN pillars p ON p.user_id = e.user_id AND p.id = e.pillar_id
    LEFT JOIN pets t ON t.user_id = e.user_id AND t.id = e.pet_id
    WHERE e.user_id = :me AND (:before IS NULL OR e.id < :before)
    ORDER BY e.id DESC LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry as its user reads it; `pillar` is None when the pillar was deleted.

    `is_again` tells that it gives back what a day of long ago had earned before.
    """

    id: int
    amount: int
    label: str
    pillar: str | None
    pet: str
    day: date
    created_at: datetime
    undo: bool
    is_again: bool

    @property
    def reason(self) -> Reason | None:
        """Why it earned what it did; None where nothing was earned or something taken back."""
        return None if self.undo else reward.reason(self.amount)

    @property
    def too_late(self) -> bool:
        """Was the day too far past to earn anything when it was entered?"""
        return not self.undo and self.amount == 0


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of entries; `older` is the key at which the next page begins, None on the last."""

    entries: tuple[LedgerLine, ...]
    older: int | None


def page(reading: Connection, who: Claims, before: int | None) -> LedgerPage:
    """Return the entries older than the entry `before`, or the newest for None."""
    values = {"me": who.user_id, "before": before, "most": LINES_A_PAGE + 1}
    values["long_ago"] = reward.REWARD_DAYS + 1
    lines = [LedgerLine(*row) for row in reading.execute(_LINES, values)]
    shown = tuple(lines[:LINES_A_PAGE])
    return LedgerPage(shown, shown[-1].id if len(lines) > LINES_A_PAGE else None)
