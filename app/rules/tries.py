"""How often somebody may try at a door that a stranger can knock at."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries `within` a time."""

    tries: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Door:
    """A door by its name, and how often it may be tried for one account from one network.

    `slowed` holds once the account had ATTACKED failures within REMEMBERED, from wherever they
    came: each network may still try, so that nobody locks the owner out, but less often. None
    where a door is never slowed. A door that is not `by_network` is tried for the account alone.
    """

    name: str
    limit: Limit
    slowed: Limit | None = None
    by_network: bool = True


_A_WHILE = timedelta(minutes=15)
SIGN_IN = Door("sign-in", Limit(10, _A_WHILE), Limit(3, _A_WHILE))
_AN_HOUR = timedelta(hours=1)
SIGN_UP = Door("sign-up", Limit(60, _AN_HOUR))
RESET = Door("reset", Limit(10, _AN_HOUR))
# So many letters go to one address, whoever asks for them: more are not sent, and nobody is told.
LETTERS = Door("letters", Limit(5, _AN_HOUR), by_network=False)
# Behind a sign-in: nobody else can use up its tries.
PASSWORD = Door("password", Limit(10, _A_WHILE), by_network=False)
# Behind a right password. Six digits are few, and there are many networks: all of them together
# have these tries.
SECOND_STEP = Door("second step", Limit(10, _A_WHILE), Limit(3, _A_WHILE), by_network=False)

ATTACKED = 100
REMEMBERED = timedelta(days=1)
