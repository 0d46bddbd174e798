"""Pages travel compressed. A proxy in front does it better; without one the app does it itself."""

import gzip

from flask import Flask, Response, request

# What a kilobyte saves is not worth the time. A level above 7 takes a third more of it.
_WORTH = 1024
LEVEL = 7


def init_app(app: Flask) -> None:
    """Compress pages and fragments, unless a proxy is in front."""
    if not app.extensions["settings"].proxy_hops:
        app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _WORTH and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
