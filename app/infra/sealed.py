"""Texts that only this server can open, and nobody can change: sealed with SECRET_KEY.

Codes of second factors are made from a secret that the server must know too, so it cannot be
hashed like a password; sealed, a copy of the database alone opens no account.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# A key that is derived for one use tells nothing of those for others.
_USE = b"commit life: sealed texts"


class Box:
    """Seals with the first of `keys`, and opens what any of them has sealed.

    Each text has a `purpose`: what was sealed for one cannot be passed off as sealed for another.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._box = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, purpose: str, text: str, now: datetime) -> str:
        """Return `text` sealed: letters, digits, - _ and =."""
        said = f"{purpose}\n{text}".encode()
        return self._box.encrypt_at_time(said, int(now.timestamp())).decode()

    def open(self, purpose: str, sealed: str, now: datetime, holds: timedelta | None = None) -> str:
        """Return the text that was sealed for the purpose, not longer ago than it `holds`.

        Raises ValueError for everything else.
        """
        seconds = None if holds is None else int(holds.total_seconds())
        try:
            if seconds is None:
                said = self._box.decrypt(sealed)
            else:
                said = self._box.decrypt_at_time(sealed, seconds, int(now.timestamp()))
        except InvalidToken as error:
            raise ValueError("not sealed here, or too long ago") from error
        known, _, text = said.decode().partition("\n")
        if known != purpose:
            raise ValueError("sealed for another purpose")
        return text


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_USE).derive(key.encode())
    return urlsafe_b64encode(made)
