"""Invitations: how long one holds, and how one stands."""

from datetime import datetime, timedelta
from enum import StrEnum

# Days that a link can be used, by what may be chosen; the default is the second.
LIFETIMES = (1, 7, 30)
USUAL_DAYS = LIFETIMES[1]
# How long it is remembered what became of one, so that its link can say so.
REMEMBERED = timedelta(days=90)


class Standing(StrEnum):
    """What an invitation is good for."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def standing(
    now: datetime, expires_at: datetime, used_at: datetime | None, withdrawn_at: datetime | None
) -> Standing:
    """Return how an invitation stands at `now`: what somebody did comes before what time did."""
    if used_at:
        return Standing.USED
    if withdrawn_at:
        return Standing.WITHDRAWN
    return Standing.EXPIRED if expires_at <= now else Standing.OPEN
