"""Cached pages: stored as they were drawn, each under a key of all that it depends on."""

import re
from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path

from flask import Flask, current_app, session

from app.config import Settings
from app.infra import cache
from app.rules.identity import Claims
from app.rules.language import spoken
from app.web import access, filters, htmx, whose

_APP = Path(__file__).parent.parent
_SOURCES = {".py", ".html"}
# When the page was drawn, by which it learns how far the device's clock is off.
_TIME = re.compile(rb'data-now="\d+"')
# A page is drawn by every claim but these: which sign-in it is, and when it was read.
_drawn_by = attrgetter(
    *(f.name for f in fields(Claims) if f.name not in {"session_id", "issued_at"})
)


def init_app(app: Flask) -> None:
    """Give the app its cache. The assets are there already."""
    settings: Settings = app.extensions["settings"]
    app.extensions["cache"] = cache.at(settings.redis_url, settings.secret_key)
    app.extensions["release"] = _release(app, settings)


def may_store() -> bool:
    """Tell whether the page to be drawn may be stored: what is flashed belongs to one answer."""
    return "_flashes" not in session


def key(*parts: object) -> str:
    """Return the key of a page that depends on `parts`.

    The release, the language, the claims and whether HTMX asks are added. The key is signed: in a
    Redis that two installations share, none finds the pages of the other.
    """
    shape = (htmx.is_htmx(), spoken().tag)
    said = repr((parts, shape, _drawn_by(access.claims())))
    return blake2b(said.encode(), key=current_app.extensions["release"]).hexdigest()


def get(key: str) -> bytes | None:
    """Return what was drawn under `key`, with fresh keys for its forms and the time as it is now.

    Two devices that sent the same key would be one: the second press would repeat the first.
    None where nothing is stored.
    """
    store: cache.Cache = current_app.extensions["cache"]
    stored = store.get(key)
    if stored is None:
        return None
    nonce, _, body = stored.partition(b"\n")
    fresh = body.replace(nonce, whose.fresh_mark().encode())
    return _TIME.sub(b'data-now="%d"' % filters.now_ms(), fresh, count=1)


def put(key: str, body: bytes, nonce: str) -> None:
    """Store what was drawn under `key`; `nonce` is what the keys of its forms begin with."""
    store: cache.Cache = current_app.extensions["cache"]
    store.put(key, b"%b\n%b" % (nonce.encode(), body))


def _release(app: Flask, settings: Settings) -> bytes:
    """Return a digest of the installation and all that it draws with: it signs the keys."""
    digest = blake2b()
    for part in _drawn_with(app, settings):
        digest.update(blake2b(part).digest())
    return digest.digest()


def _drawn_with(app: Flask, settings: Settings) -> Iterator[bytes]:
    yield settings.secret_key.encode()
    yield (settings.database_url or "").encode()
    yield repr(sorted(app.extensions["assets"].files)).encode()
    for path in sorted(_APP.rglob("*")):
        if path.suffix in _SOURCES:
            yield path.read_bytes()
