"""Commit Life: the factory that puts the floors together. Nobody imports it but wsgi and tests."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.config import Settings
from app.infra import db, limits, logs, metrics
from app.rules.identity import IDLE
from app.views import rooms

# More than any form of ours holds.
_LARGEST_BODY = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """Return the app on `settings`, whose `database_url` is set."""
    if settings.json_logs:
        logs.write_json()
    app = Flask(__name__, static_folder=None)
    if not settings.json_logs:
        logs.write_text(app.logger)
    is_https = (settings.public_url or "").startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=settings.secret_keys[1:],
        PUBLIC_URL=settings.public_url,
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=_LARGEST_BODY,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_REFRESH_EACH_REQUEST=False,
        # A Secure cookie on plain http is dropped by the browser, and signing in would loop.
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_NAME="__Host-session" if is_https else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=settings.trusted_hosts,
        **db.config(settings.database_url or "", settings.database_replica_url),
        **limits.config(settings.redis_url, settings.rate_limits),
    )
    app.extensions["settings"] = settings
    metrics.pool_size.set(db.POOL_SIZE)
    db.orm.init_app(app)
    limits.limiter.init_app(app)
    rooms.init_app(app)
    cli.init_app(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    return app
