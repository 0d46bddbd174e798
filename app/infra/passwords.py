"""Passwords: argon2 hashes, and the list of those that everybody tries first."""

import runpy
from importlib.metadata import distribution

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 1024

# OWASP's second profile: 19 MiB, two passes; about 20 ms where the library's default takes 110.
_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# The file alone: the package makes tables of names and films besides, 10 MB that nobody asks for.
_LISTS = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
_common = frozenset(runpy.run_path(str(_LISTS))["FREQUENCY_LISTS"]["passwords"])
# Verified when the address is unknown, so that the answer takes as long as for a known one.
_dummy = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`, taken as it is: no trimming, no case change."""
    return _hasher.hash(password)


def verify(password: str, password_hash: str | None) -> bool:
    """Tell whether `password` belongs to `password_hash`; None costs the same time and is False."""
    try:
        matches = _hasher.verify(password_hash or _dummy, password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_common(password: str) -> bool:
    """Tell whether `password` is on the list of common passwords, whatever its case."""
    return password.lower() in _common
