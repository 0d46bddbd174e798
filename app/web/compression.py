"""What is sent is packed, with brotli for whoever takes it, else with gzip.

Static files are packed once, as small as they get. Pages are packed as they are sent: a proxy in
front does it better, and without one the app does it itself.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
from flask import Flask, Response, request

# What a kilobyte saves is not worth the time.
_WORTH = 1024
# The level of gzip for pages; nginx has the same. One above 7 takes a third more time.
LEVEL = 7
# This much brotli takes no more time than that, and a page is a seventh smaller. Of those that a
# browser takes, the first is sent.
_PAGE: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: _brotli(body, quality=5),
    "gzip": lambda body: gzip.compress(body, LEVEL, mtime=0),
}


def init_app(app: Flask) -> None:
    """Pack pages and fragments, unless a proxy is in front."""
    if not app.extensions["settings"].proxy_hops:
        app.after_request(_pack)


def taken() -> str | None:
    """Return the name of the best encoding that the browser takes; None where it takes none."""
    accepted = request.accept_encodings
    return next((encoding for encoding in _PAGE if accepted.quality(encoding) > 0), None)


def page(body: bytes, encoding: str) -> bytes:
    """Return a page packed in `encoding`, one of those that `taken` returns."""
    return _PAGE[encoding](body)


# All files together take a quarter of a second: once in a process, and not where none is served.
@lru_cache(maxsize=128)
def smallest(body: bytes) -> Mapping[str, bytes]:
    """Return a file in every encoding that `taken` may return, each as small as it gets."""
    return {
        "br": _brotli(body, quality=11),
        "gzip": gzip.compress(body, compresslevel=9, mtime=0),
    }


def _pack(response: Response) -> Response:
    if response.mimetype != "text/html" or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _WORTH and (encoding := taken()):
        response.set_data(page(body, encoding))
        response.headers["Content-Encoding"] = encoding
    return response


def _brotli(body: bytes, quality: int) -> bytes:
    packed: bytes = brotli.compress(body, quality=quality)
    return packed
