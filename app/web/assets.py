"""Static files: one stylesheet, one script with HTMX before it, and single files.

Both are joined from small sources. Each file is served under a name that holds its hash, so a
browser may keep it for ever. HTMX comes from npm; without it every form works as a plain form.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from rcssmin import cssmin
from rjsmin import jsmin

from app.web import compression
from app.web.access import public

bp = Blueprint("assets", __name__)

_STATIC = Path(__file__).parent.parent / "static"
_HTMX = Path(__file__).parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
# The order of the cascade; every other stylesheet is a component and stands between these.
_FIRST, _LAST = ("tokens", "reset", "base", "layout"), ("utilities", "forced", "print")
# Served each on its own: what one room alone needs, icons, the sprites of the finds.
_SINGLE = ("css/rooms/*.css", "js/rooms/*.js", "icons/*", "finds/*.svg", "robots.txt")
# What is asked for by name, by whoever reads no page first: a browser's tab, a crawler.
_BY_NAME = {"/favicon.ico": "icons/icon-192.png", "/robots.txt": "robots.txt"}
# A step of the scales is a name for who reads the stylesheets, and its value for who loads them.
_STEP = r"(--(?:space|type|line)-\d+)"
_STEPS = dict(re.findall(_STEP + r":\s*([\d.]+rem);", (_STATIC / "css/tokens.css").read_text()))
# "Below what is around" is said by where a nested rule stands; browsers need no sign for it.
_NESTING = re.compile(r"(?<=[{};,])& ")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    url: str
    body: bytes
    mimetype: str

    @property
    def packed(self) -> Mapping[str, bytes]:
        """The file in every encoding, by its name."""
        return compression.smallest(self.body)


@dataclass(frozen=True, slots=True)
class Assets:
    """The URLs that pages link, and the files behind them.

    `has_htmx` tells whether npm installed it: the script holds it then. `single` leads from the
    path below static/ to the URL of what is served on its own.
    """

    css: str
    js: str
    has_htmx: bool
    single: dict[str, str]
    files: dict[str, Asset]

    def room(self, name: str) -> str:
        """Return the URL of the stylesheet of one room."""
        return self.single[f"css/rooms/{name}.css"]

    def script(self, name: str) -> str:
        """Return the URL of the script of one room."""
        return self.single[f"js/rooms/{name}.js"]


def init_app(app: Flask) -> None:
    """Give the app's templates the URLs of the static files, and serve them."""
    assets = build()
    if not assets.has_htmx:
        app.logger.warning("HTMX is not installed (npm ci): the app runs as plain forms.")
    app.extensions["assets"] = assets
    app.jinja_env.globals["assets"] = assets
    app.register_blueprint(bp)


@bp.get("/favicon.ico")
@bp.get("/robots.txt")
@public
def by_name() -> Response:
    """Serve what is known under a fixed name; no hash in it, so it is kept for a day."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.files[assets.single[_BY_NAME[request.path]]]
    response = Response(asset.body, mimetype=asset.mimetype)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def build() -> Assets:
    """Join, shrink and hash the static files."""
    css = _asset("app.css", _stylesheet(*_cascade()))
    has_htmx = _HTMX.exists()
    # In one file they know each other's words: together they are packed some hundred bytes smaller.
    htmx = [_script(_STATIC / "js/htmx/config.js"), _HTMX.read_text("utf-8")] if has_htmx else []
    js = _asset("app.js", "\n".join([*htmx, _script(*sorted(_STATIC.glob("js/*.js")))]))
    single = {
        path.relative_to(_STATIC).as_posix(): _single(path)
        for pattern in _SINGLE
        for path in sorted(_STATIC.glob(pattern))
    }
    files = [css, js, *single.values()]
    return Assets(
        css=css.url,
        js=js.url,
        has_htmx=has_htmx,
        single={name: asset.url for name, asset in single.items()},
        files={asset.url: asset for asset in files},
    )


@bp.get("/static/<name>")
@public
def file(name: str) -> Response:
    """Serve one hashed file, packed as the browser takes it."""
    asset = current_app.extensions["assets"].files.get(f"/static/{name}")
    if asset is None:
        abort(404)
    encoding = compression.taken()
    body = asset.packed[encoding] if encoding else asset.body
    response = Response(body, mimetype=asset.mimetype)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _cascade() -> list[Path]:
    sheets = {path.stem: path for path in _STATIC.glob("css/*.css")}
    between = sorted(set(sheets).difference(_FIRST, _LAST))
    return [sheets[name] for name in (*_FIRST, *between, *_LAST)]


def _join(paths: Sequence[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _stylesheet(*paths: Path) -> str:
    unnamed = re.sub(_STEP + r":[^;]+;", "", _join(paths))
    shrunk: str = cssmin(re.sub(rf"var\({_STEP}\)", lambda use: _STEPS[use[1]], unnamed))
    return _NESTING.sub("", shrunk)


def _script(*paths: Path) -> str:
    shrunk: str = jsmin(_join(paths))
    return shrunk


def _single(path: Path) -> Asset:
    shrink = {".css": _stylesheet, ".js": _script}.get(path.suffix, Path.read_bytes)
    return _asset("-".join(path.relative_to(_STATIC).parts), shrink(path))


def _asset(name: str, content: str | bytes) -> Asset:
    body = content.encode() if isinstance(content, str) else content
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(body).hexdigest()[:12]
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(f"/static/{stem}.{digest}.{suffix}", body, mimetype)
