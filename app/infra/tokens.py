"""Tokens of links: whoever has one may do what its link says. Only a hash of it is stored."""

import secrets
from hashlib import sha256

# 256 bits: nobody guesses one, so that a fast hash without a salt is enough.
_BYTES = 32


def make() -> str:
    """Return a token that nobody has had, of letters that stand in a URL as they are."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """Return the hash by which `token`, whatever somebody made of it, is known."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
