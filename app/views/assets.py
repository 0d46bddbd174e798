"""Static files: one stylesheet and one script joined from small sources, HTMX, the icon.

Each is served under a name that holds its hash, so a browser may keep it for ever. HTMX comes
from npm; without it every form still works as a plain form.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from app.views.access import public

bp = Blueprint("assets", __name__)

_STATIC = Path(__file__).parent.parent / "static"
_HTMX = Path(__file__).parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
# The order of the cascade; every other stylesheet is a component and stands between these.
_FIRST, _LAST = ("tokens", "reset", "base", "layout"), ("utilities",)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    url: str
    body: bytes
    zipped: bytes
    mimetype: str


@dataclass(frozen=True, slots=True)
class Assets:
    """The URLs that a page links; `htmx` is None where npm did not install it."""

    css: str
    js: str
    icon: str
    htmx: str | None
    files: dict[str, Asset]


def init_app(app: Flask) -> None:
    """Join and hash the static files, once, and give the templates their URLs."""
    files: list[Asset] = [
        _asset("app.css", _join_css()),
        _asset("app.js", b"\n".join(p.read_bytes() for p in sorted(_STATIC.glob("js/*.js")))),
        _asset("icon.svg", (_STATIC / "icons/icon.svg").read_bytes()),
    ]
    if _HTMX.exists():
        files.append(_asset("htmx.js", _HTMX.read_bytes()))
    else:
        app.logger.warning("HTMX is not installed (npm ci): the app runs as plain forms.")
    css, js, icon, *htmx = (file.url for file in files)
    assets = Assets(css, js, icon, htmx[0] if htmx else None, {file.url: file for file in files})
    app.extensions["assets"] = assets
    app.jinja_env.globals["assets"] = assets
    app.register_blueprint(bp)


@bp.get("/static/<name>")
@public
def file(name: str) -> Response:
    """Serve one hashed file, compressed where the browser takes it."""
    asset = current_app.extensions["assets"].files.get(f"/static/{name}")
    if asset is None:
        abort(404)
    wants_gzip = request.accept_encodings.quality("gzip") > 0
    response = Response(asset.zipped if wants_gzip else asset.body, mimetype=asset.mimetype)
    if wants_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _join_css() -> bytes:
    sheets = {path.stem: path for path in _STATIC.glob("css/*.css")}
    between = sorted(set(sheets).difference(_FIRST, _LAST))
    return b"\n".join(sheets[name].read_bytes() for name in (*_FIRST, *between, *_LAST))


def _asset(name: str, body: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(body).hexdigest()[:12]
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    zipped = gzip.compress(body, compresslevel=9, mtime=0)
    return Asset(f"/static/{stem}.{digest}.{suffix}", body, zipped, mimetype)
