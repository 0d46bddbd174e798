"""Texts that a browser or the database holds for us, and that only this server can open."""

from datetime import timedelta

from flask import Flask, current_app

from app.config import Settings
from app.infra import clock
from app.infra.sealed import Box

_BOX = "box"


def init_app(app: Flask) -> None:
    """Make the box of the app: SECRET_KEY seals, and opens like the one of before."""
    settings: Settings = app.extensions["settings"]
    app.extensions[_BOX] = Box(settings.secret_keys)


def seal(purpose: str, text: str) -> str:
    """Return `text` sealed for a purpose."""
    return _box().seal(purpose, text, clock.now())


def unseal(purpose: str, sealed: str, holds: timedelta | None = None) -> str:
    """Return what was sealed for the purpose, not longer ago than it `holds`. Raises ValueError."""
    return _box().open(purpose, sealed, clock.now(), holds)


def _box() -> Box:
    box: Box = current_app.extensions[_BOX]
    return box
