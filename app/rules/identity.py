"""Who acts and who looks: the user and the sign-in behind a request."""

from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from app.rules import days
from app.rules.names import THEMES
from app.rules.weeks import FIRST_DAYS

# A sign-in ends by itself after LONGEST_SESSION, used or not, and after IDLE without a visit.
LONGEST_SESSION = timedelta(days=400)
IDLE = timedelta(days=90)
# How fine it is known when a sign-in was used last, and how long one that ended is remembered.
USE_NOTED_EVERY = timedelta(hours=1)
REMEMBERED = timedelta(days=30)
# No row has a higher number.
HIGHEST_ID = 2**63 - 1
# In seconds since 1970: the end of the year 9998, which no zone moves out of what can be.
_LATEST = 253_370_764_800
# How long a proof is fresh: what cannot be undone asks for a newer one.
FRESH = timedelta(minutes=10)
# How long what the cookie claims is believed on reads before it is read again.
BELIEVED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, through whatever door. `credential` is the row of `sessions` behind it.

    Every write finds that row alive.
    """

    user_id: int
    credential: int


@dataclass(frozen=True, slots=True)
class Password:
    """A proof of who somebody is: a password that was verified against `hash`.

    `renewed` is a hash of it to store in its place, where that one is of an older kind.
    """

    hash: str = field(repr=False)
    renewed: str | None = field(default=None, repr=False)

    def holds(self, password_hash: str | None) -> bool:
        """Tell whether it still proves that, of a user who has `password_hash` now (None: none)."""
        return self.hash == password_hash


# By what a user can be recognised. Another kind (a passkey, a token) joins here.
Proof: TypeAlias = Password


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the signed cookie says of the one who looks, as it was at `issued_at`.

    Whoever adds a claim gives it a default: cookies that were signed before do without it.
    `leaves_at` is when the account is deleted, in seconds since 1970; 0 where it stays.
    """

    user_id: int
    session_id: int
    issued_at: datetime
    name: str = ""
    is_premium: bool = False
    timezone: str = "UTC"
    day_start: int = 0
    theme: str = THEMES[0]
    shortcuts: bool = True
    week_start: int = 0
    leaves_at: int = 0

    @property
    def leaves_on(self) -> date | None:
        """The user's day on which the account is deleted, None where it stays."""
        if not self.leaves_at:
            return None
        return self.day_of(datetime.fromtimestamp(self.leaves_at, UTC))

    @property
    def actor(self) -> Actor:
        """The one who acts."""
        return Actor(self.user_id, self.session_id)

    def day_of(self, instant: datetime) -> date:
        """Return the user's day at `instant`."""
        return days.day_of(instant, self.timezone, self.day_start)

    def to_cookie(self) -> dict[str, object]:
        """Return the claims by name, of values that JSON knows.

        `name` is left out: it may be as large as a cookie, and who shows it reads it anew.
        """
        said = asdict(self) | {"issued_at": self.issued_at.timestamp()}
        del said["name"]
        return said

    @classmethod
    def from_cookie(cls, said: object) -> "Claims | None":
        """Return the claims that the value `said` of a cookie makes, None when it makes none.

        A name that is not known is passed over, a claim that is missing has its default.
        """
        if isinstance(said, list) and len(said) == len(_ONCE_LISTED):
            said = dict(zip(_ONCE_LISTED, said, strict=True))
        if not isinstance(said, dict):
            return None
        known = {name: said[name] for name in _TYPES if name in said}
        try:
            issued_at = datetime.fromtimestamp(known.pop("issued_at"), UTC)
            claims = cls(**known, issued_at=issued_at)
            are_typed = all(type(value) is _TYPES[name] for name, value in known.items())
            return claims if are_typed and claims._can_be() else None
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return None

    def _can_be(self) -> bool:
        # Raises ValueError for halves of a character, which no page could show.
        self.name.encode()
        ids = (self.user_id, self.session_id)
        have_a_day = self.timezone in days.ZONES and self.day_start in range(24)
        have_weeks = self.week_start in FIRST_DAYS
        return (
            have_a_day
            and have_weeks
            and 0 <= self.leaves_at < _LATEST
            and self.theme in THEMES
            and all(0 < id_ <= HIGHEST_ID for id_ in ids)
        )


_TYPES = {claim.name: claim.type for claim in fields(Claims)}
# Before the claims had names the cookie listed them in this order; such cookies are still about.
_ONCE_LISTED = (
    "user_id", "session_id", "name", "is_premium", "timezone", "day_start", "theme", "shortcuts",
    "issued_at",
)  # fmt: skip
