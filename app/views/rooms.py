"""Registers all rooms, after the parts of `web/` that serve every room."""

from flask import Flask

from app.views import (
    accounts,
    addresses,
    admin,
    amounts,
    api,
    audit,
    carried,
    codes,
    commits,
    export,
    factors,
    feeds,
    first_admin,
    habits,
    health,
    how,
    invitations,
    joins,
    leaving,
    ledger,
    links,
    metrics,
    notes,
    order,
    passkeys,
    pets,
    pillars,
    proofs,
    resets,
    rests,
    rooted,
    second_step,
    sessions,
    settings,
    sign_ins,
    stats,
    style,
    subscriptions,
    today,
    tokens,
    unkept,
    webhooks,
    welcome,
    well_known,
)  # fmt: skip
from app.web import (
    access,
    assets,
    cached_pages,
    compression,
    converters,
    errors,
    filters,
    formats,
    fresh,
    letters,
    manifest,
    pictures,
    position,
    sealed,
    security,
    traffic,
    whose,
)  # fmt: skip
from app.web import carried as carried_forms

_SIGN_IN, _SIGN_UP, _PROVE = "sessions.new", "accounts.new", "proofs.new"
_NOT_SAVED = "carried.show"
_PROBES = {"health.healthz", "health.readyz", "metrics.show"}
# In this order: pictures and cached pages ask for the assets.
_PARTS = (
    position, compression, converters, filters, assets, pictures, cached_pages, errors,
    letters, manifest, sealed,
)  # fmt: skip
_ROOMS = (
    accounts, addresses, admin, amounts, api, audit, carried, codes, commits, export, factors,
    feeds, first_admin, habits, health, how, invitations, joins, leaving, ledger, links, metrics,
    notes, order, passkeys, pets, pillars, proofs, resets, rests, rooted, second_step, sessions,
    settings, sign_ins, stats, subscriptions, today, tokens, unkept, webhooks, welcome,
    well_known,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Open every room of the app."""
    # Traffic sees what all others have made of an answer; security's checks run before anybody
    # asks who is there.
    traffic.init_app(app, _PROBES)
    # Every refusal says something, so what is spoken comes before all that may refuse.
    formats.init_app(app)
    security.init_app(app)
    access.init_app(app, _SIGN_IN, _SIGN_UP)
    whose.init_app(app)
    fresh.init_app(app, _PROVE)
    carried_forms.init_app(app, _NOT_SAVED)
    for part in _PARTS:
        part.init_app(app)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    # What the app is drawn with is of no use to a place that is open to the world.
    if app.extensions["settings"].public_url is None:
        app.register_blueprint(style.bp)
