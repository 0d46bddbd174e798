"""Rate limits: in memory by default, in Redis when `REDIS_URL` is set.

Limits are a courtesy to the machine; a frozen or dead Redis must never break a request, so a
broken store falls back to memory and answers within a fraction of a second.
"""

import re

import redis
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.infra.cache import REDIS_TIMEOUTS

limiter = Limiter(get_remote_address, headers_enabled=False)


def config(redis_url: str | None, enabled: bool) -> dict[str, object]:
    """Return the limiter's settings for the Flask config."""
    settings: dict[str, object] = {"RATELIMIT_ENABLED": enabled}
    if redis_url:
        settings |= {
            # A socket has another name there than everywhere else.
            "RATELIMIT_STORAGE_URI": re.sub(r"\Aunix://", "redis+unix://", redis_url),
            "RATELIMIT_STORAGE_OPTIONS": REDIS_TIMEOUTS,
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "RATELIMIT_SWALLOW_ERRORS": True,
        }
    else:
        settings["RATELIMIT_STORAGE_URI"] = "memory://"
    return settings


def opens_at() -> float | None:
    """Return when the limit that this request met lets it through again, in seconds since 1970.

    None where no limit was met, or where Redis went away since it was counted there.
    """
    met = limiter.current_limit
    try:
        return met.reset_at if met else None
    except redis.RedisError:
        return None
