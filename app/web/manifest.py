"""The web manifest: what a phone needs to put the app on its home screen."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, json

from app.rules.language import _, spoken
from app.web.access import public

bp = Blueprint("manifest", __name__)

# The page of the light theme (tokens.css): a manifest knows no themes.
_PAGE = "#faf6ef"
# The name of the file, its sizes, and whether a phone may cut it to its own shape.
_ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-maskable.svg", "any", "maskable"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
)


def init_app(app: Flask) -> None:
    """Serve the manifest."""
    app.register_blueprint(bp)


@bp.get("/manifest.webmanifest")
@public
def show() -> Response:
    """Say what the app is called, where it starts and what its icon is."""
    assets = current_app.extensions["assets"]
    said: dict[str, Any] = {
        "id": "/",
        "name": _("Commit Life"),
        "short_name": _("Commit"),
        "description": _("A habit tracker with a small pet that grows with you."),
        "lang": spoken().tag,
        "dir": spoken().direction,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": _PAGE,
        "background_color": _PAGE,
        "icons": [_icon(assets, *icon) for icon in _ICONS],
    }
    response = Response(json.dumps(said), mimetype="application/manifest+json")
    # Its name holds no hash, and the icons in it change with a release.
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _icon(assets: Any, name: str, sizes: str, purpose: str) -> dict[str, str]:
    url = assets.single[f"icons/{name}"]
    kind = assets.files[url].mimetype
    return {"src": url, "sizes": sizes, "type": kind, "purpose": purpose}
