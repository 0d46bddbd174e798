"""The link by which somebody without a sign-in turns a letter off: the token in it is the proof."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from flask import Flask
from itsdangerous import BadSignature, URLSafeSerializer

from app.config import Settings
from app.rules.subscriptions import Subscription


class Reader(NamedTuple):
    """Who gets a letter, and which."""

    user_id: int
    kind: Subscription


def token_for(app: Flask, reader: Reader) -> str:
    """Return the token of a reader's link. It can turn off that letter, and nothing else, ever."""
    signed: bytes = _signer(app).dumps([reader.user_id, reader.kind]).encode()
    # In one piece, as all tokens are: what logs write of an address knows them by that.
    return urlsafe_b64encode(signed).decode().rstrip("=")


def reader_of(app: Flask, token: str) -> Reader | None:
    """Return whose link it is, None for a token that we have not made."""
    try:
        signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        user_id, kind = _signer(app).loads(signed)
        return Reader(user_id, Subscription(kind))
    except (BadSignature, ValueError, TypeError):
        return None


def _signer(app: Flask) -> URLSafeSerializer:
    settings: Settings = app.extensions["settings"]
    # The last one signs.
    return URLSafeSerializer(settings.secret_keys[::-1], salt="unsubscribe")
