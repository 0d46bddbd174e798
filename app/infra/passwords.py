"""Passwords: argon2 hashes, and which passwords are guessed first.

A password is taken in one Unicode form (NFC): where one device types é as one character, another
types an e and an accent. Hashes of passwords as they were typed, from before that, still hold.
"""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

SHORTEST = 10
LONGEST = 1024

# Of five scores, 0 to 4: at 2 a guesser who knows how people choose needs a million tries.
_LEAST_SCORE = 2
# Scoring takes a time that grows with the square of the length, and so much of a password tells.
_SCORED = 40
# zxcvbn puts what a guesser knows among its lists, which other threads are reading just then.
RANKED_DICTIONARIES.setdefault("user_inputs", {})
# OWASP's second profile: 19 MiB, two passes; about 20 ms where the library's default takes 110.
_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# Verified when the address is unknown, so that the answer takes as long as for a known one.
_dummy = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`: no trimming, no case change, one Unicode form."""
    return _hasher.hash(normal(password))


def normal(password: str) -> str:
    """Return `password` in the Unicode form in which it is measured and hashed."""
    return unicodedata.normalize("NFC", password)


def verify(password: str, password_hash: str | None) -> bool:
    """Tell whether `password` belongs to `password_hash`; None costs the same time and is False."""
    known_hash = password_hash or _dummy
    # As it is typed too, where that is another text: it was hashed so once.
    typed = dict.fromkeys((normal(password), password))
    return any(_matches(known_hash, each) for each in typed) and password_hash is not None


def renewed(password: str, password_hash: str) -> str | None:
    """Return a hash to store in the place of `password_hash`, to which `password` belongs.

    None means that it is of today's kind.
    """
    if _hasher.check_needs_rehash(password_hash):
        return hash_password(password)
    is_of_old = normal(password) != password and not _matches(password_hash, normal(password))
    return hash_password(password) if is_of_old else None


def is_guessed_first(password: str, *known: str) -> bool:
    """Tell whether `password` is among the first that somebody would try.

    `known` are texts that a guesser has, such as the address of the account.
    """
    password = normal(password)
    if password.lower() in RANKED_DICTIONARIES["passwords"]:
        return True
    score: int = zxcvbn(password[:_SCORED], [text for text in known if text])["score"]
    return score < _LEAST_SCORE


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
