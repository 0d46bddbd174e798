"""Who acts and who looks: the user and the sign-in behind a request."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.rules import days

# A sign-in ends by itself after LONGEST_SESSION, used or not, and after IDLE without a visit.
LONGEST_SESSION = timedelta(days=180)
IDLE = timedelta(days=30)
# So many wrong passwords for one account from one network, and it has to wait.
TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
# How long what the cookie claims is believed on reads before it is read again.
BELIEVED = timedelta(minutes=5)


def oldest_session(now: datetime) -> datetime:
    """Return the instant after which a sign-in that still holds was made."""
    return now - LONGEST_SESSION


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, through whatever door. `credential` is the row of `sessions` behind it.

    Every write finds that row alive.
    """

    user_id: int
    credential: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What the signed cookie says of the one who looks, as it was at `issued_at`."""

    user_id: int
    session_id: int
    name: str
    is_premium: bool
    timezone: str
    day_start: int
    theme: str
    shortcuts: bool
    issued_at: datetime

    @property
    def actor(self) -> Actor:
        """The one who acts."""
        return Actor(self.user_id, self.session_id)

    def day_of(self, instant: datetime) -> date:
        """Return the user's day at `instant`."""
        return days.day_of(instant, self.timezone, self.day_start)
