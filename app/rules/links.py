"""Links by mail: what one is for, and for how long it can be used."""

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What the one who follows a link may do, and so shows: that the mail of an address is theirs.

    Make an account for the address; confirm that of the account; set a new password; move the
    account to the address; move it back there.
    """

    JOIN = "join"
    CONFIRM = "confirm"
    RESET = "reset"
    MOVE = "move"
    RETURN = "return"


# Long enough to find a mail that is slow, short for a mailbox that others see later.
HOUR = timedelta(hours=1)
# The owner of an account that somebody else has moved away may be on a journey.
LASTS = dict.fromkeys(Purpose, HOUR) | {Purpose.RETURN: timedelta(days=3)}
