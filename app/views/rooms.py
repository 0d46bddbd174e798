"""All rooms of the floor, and the parts that serve them all."""

from flask import Flask

from app.views import (
    access,
    accounts,
    assets,
    commits,
    converters,
    errors,
    filters,
    habits,
    health,
    ledger,
    pets,
    pictures,
    pillars,
    security,
    sessions,
    settings,
    today,
)  # fmt: skip

# Security first: its checks run before anybody asks who is there.
_PARTS = (security, access, converters, filters, assets, pictures, errors)
_ROOMS = (
    accounts, commits, habits, health, ledger, pets, pillars, sessions, settings, today,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Open every room of the app."""
    for part in _PARTS:
        part.init_app(app)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
