"""Signatures by Standard Webhooks (version 1): a receiver can tell who has sent what, and when.

https://www.standardwebhooks.com describes them; HMAC-SHA256 over id, second and body.
"""

import hmac
import secrets
from base64 import b64decode, b64encode

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a secret of 256 bits, in the form that the libraries of receivers take."""
    return _PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(secret: str, mark: str, second: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message with the id `mark`, sent at a `second` since 1970.

    Raises ValueError for what is no secret.
    """
    key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    signed = b".".join((mark.encode(), str(second).encode(), body))
    signature = b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "webhook-id": mark,
        "webhook-timestamp": str(second),
        "webhook-signature": f"v1,{signature}",
    }
