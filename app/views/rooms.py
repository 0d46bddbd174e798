"""All rooms of the floor, and the parts that serve them all."""

from flask import Flask

from app.views import (
    access,
    accounts,
    assets,
    commits,
    compression,
    converters,
    drawings,
    errors,
    filters,
    habits,
    health,
    kept,
    ledger,
    manifest,
    metrics,
    pets,
    pictures,
    pillars,
    position,
    security,
    sessions,
    settings,
    stats,
    style,
    today,
    traffic,
    welcome,
)  # fmt: skip

# Traffic sees what all others have made of an answer; security's checks run before anybody asks
# who is there.
_PARTS = (
    traffic, security, access, position, compression, converters, filters, assets, drawings,
    pictures, kept, errors,
)  # fmt: skip
_ROOMS = (
    accounts, commits, habits, health, ledger, manifest, metrics, pets, pillars, sessions,
    settings, stats, today, welcome,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Open every room of the app."""
    for part in _PARTS:
        part.init_app(app)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    # What the app is drawn with is of no use to a place that is open to the world.
    if app.extensions["settings"].public_url is None:
        app.register_blueprint(style.bp)
