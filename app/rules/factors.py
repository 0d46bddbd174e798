"""Second factors: what is asked beside a password, what proves one, and what must stay.

A factor is an app that makes codes, or a passkey. Recovery codes stand in for a factor that is
lost; by themselves they are none.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeAlias

# How long a right password waits for the second step, and a page of ours for what it asked.
HALF_WAY_HOLDS = timedelta(minutes=10)
CHALLENGE_HOLDS = timedelta(minutes=15)
OFFER_HOLDS = timedelta(hours=1)

MOST_CODE_APPS = 5
MOST_PASSKEYS = 20
RECOVERY_CODES = 10

# Digits and letters that are not mistaken for each other; what is typed for their likes is known.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LIKENESSES = str.maketrans("oil", "011")
# The first digit tells which of the ten it is; eleven signs of 32 are 55 bits.
RECOVERY_LENGTH = 12
_RECOVERY = re.compile(rf"[0-9][{ALPHABET}]{{{RECOVERY_LENGTH - 1}}}", re.ASCII)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody who has proven who they are, and whose account asks for a second step.

    `version` tells which password the account had then: with another one this is worth nothing.
    """

    user_id: int
    version: str
    began_at: datetime

    def holds(self, version: str, now: datetime) -> bool:
        """Tell whether it is still worth anything, of an account that has `version` at `now`."""
        return self.version == version and self.began_at <= now < self.began_at + HALF_WAY_HOLDS


@dataclass(frozen=True, slots=True)
class Code:
    """A right code of the app `app_id`, that of a time step (30 seconds each, since 1970)."""

    app_id: int
    step: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """A right recovery code, the one with the `number`, that was verified against `hash`."""

    number: int
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasskeyUse:
    """A right signature of the passkey `id`, which it says is its `count`th; 0: it does not say."""

    id: int
    count: int


# What was verified of a second factor, before it is used up under the user's lock.
Evidence: TypeAlias = Code | Recovery | PasskeyUse


class Use(Enum):
    """What becomes of evidence when it is used: it counts, it did before, or it does not."""

    FIRST = "first"
    AGAIN = "again"
    WRONG = "wrong"


def clean_code(typed: str) -> str:
    """Return a code as it is compared: small letters, no blanks, digits for what looks like one."""
    return re.sub(r"[\s-]", "", typed).lower().translate(_LIKENESSES)


def is_code(code: str) -> bool:
    """Tell whether a clean `code` may be that of an app."""
    return _CODE.fullmatch(code) is not None


def is_recovery_code(code: str) -> bool:
    """Tell whether a clean `code` may be a recovery code; its first digit is its number."""
    return _RECOVERY.fullmatch(code) is not None


def shown(code: str) -> str:
    """Return a recovery code as it is written down, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
