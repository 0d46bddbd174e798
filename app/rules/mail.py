"""When a message is tried again, when it is given up, and how long it is remembered."""

from datetime import datetime, timedelta

LONGEST_KIND = 40
LONGEST_ONCE = 80

# A message belongs to whoever took it for so long. Longer than sending one can take.
LEASE = timedelta(minutes=5)
# After a refusal that the server calls passing: a minute, twice that, and so on up to a day.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(days=1)
# Eleven tries in the first day and a half, then one a day: five days, as mail servers do.
MOST_TRIES = 14
# While no server is there at all, which is no message's fault and costs none a try.
UNREACHED_WAIT = timedelta(minutes=1)
# How long it is known what became of a message.
REMEMBERED = timedelta(days=14)


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when a message is tried again whose try number `tries` (from 1) failed at `now`.

    None means that it is given up.
    """
    if tries >= MOST_TRIES:
        return None
    return now + min(_FIRST_WAIT * (1 << (tries - 1)), _LONGEST_WAIT)
