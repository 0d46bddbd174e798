"""Codes of a second factor: those that an app makes anew every 30 seconds, and recovery codes."""

import secrets
from datetime import datetime

import pyotp
import segno

_ISSUER = "Commit Life"
# A code holds a step before and after its own: clocks differ, and typing takes its time.
_BESIDE = (0, -1, 1)
# Light squares around a QR code, without which a camera does not find it.
_MARGIN = 4


def new_secret() -> str:
    """Return a secret from which an app makes codes: 160 bits, as text for typing (base 32)."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose `code` it is, of those around `now`; None if it is of none."""
    totp = pyotp.TOTP(secret)
    step = totp.timecode(now)
    # All are compared, whichever it is: the time tells nothing.
    right = [at for at in _BESIDE if secrets.compare_digest(totp.at(now, counter_offset=at), code)]
    return step + right[0] if right else None


def address_of(secret: str, account: str) -> str:
    """Return what an app reads from the picture: the secret, and for which account it is."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=_ISSUER)


def picture(text: str) -> tuple[int, str]:
    """Return a QR code of `text`: its squares each way, and the SVG path of those that are dark."""
    squares = segno.make_qr(text, error="m").matrix_iter(border=_MARGIN)
    rows = [list(row) for row in squares]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return len(rows), "".join(dark)


def random_text(alphabet: str, length: int) -> str:
    """Return so many signs of the alphabet that nobody can guess."""
    return "".join(secrets.choice(alphabet) for _ in range(length))
