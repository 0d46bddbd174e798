"""Webhooks: what other programs are told of, when it is tried again, and when no more."""

from datetime import datetime, timedelta
from enum import StrEnum

# So many a user: what is told to a program can be passed on by it.
MOST = 5
LONGEST_ADDRESS = 1000
# A delivery belongs to whoever took it for so long: finding a name and telling it take less.
LEASE = timedelta(minutes=2)
# How long after each try the next one comes; behind the last one a delivery is given up.
_WAITS = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20),
    timedelta(hours=24),
)  # fmt: skip
# A receiver that took nothing for so long is left alone until its user says otherwise.
PATIENCE = timedelta(days=3)
# How long it is known what became of a delivery.
REMEMBERED = timedelta(days=14)


class Event(StrEnum):
    """What a program can be told of; the value is what it reads."""

    KEPT = "habit.kept"
    UNDONE = "habit.undone"
    ALL_KEPT = "day.all_kept"
    STAGE = "pet.stage"


# What is told when somebody tries whether a program listens.
TRIAL = "trial"


class Failure(StrEnum):
    """Why a program was not told, as it is stored."""

    STATUS = "status"
    MOVED = "moved"
    NAME = "name"
    FORBIDDEN = "forbidden"
    UNREACHED = "unreached"
    CERTIFICATE = "certificate"
    SLOW = "slow"
    BROKEN = "broken"
    SECRET = "secret"


class OffBecause(StrEnum):
    """Who switched a webhook off."""

    USER = "user"
    FAILING = "failing"


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when is tried again what failed at `now` for the time number `tries` (from 1).

    None means that it is given up.
    """
    return now + _WAITS[tries - 1] if tries <= len(_WAITS) else None


def is_given_up(failing_since: datetime, now: datetime) -> bool:
    """Tell whether a receiver has taken nothing for so long that it is left alone."""
    return now - failing_since >= PATIENCE
