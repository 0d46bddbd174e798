"""How far this browser's own writes have come, so that a replica never shows it an older state.

In a cookie of its own: the answer of a commit that comes late would bring the whole session
cookie back as it was, a sign-out or a new name undone.
"""

import re

from flask import Flask, Response, current_app, request

from app.infra import db, replica

# A replica that keeps up has long replayed what is older.
_STORED_SECONDS = 3600
_POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}", re.ASCII)
_SAFE = {"GET", "HEAD"}


def init_app(app: Flask) -> None:
    """Give the browser the position of what it wrote."""
    app.after_request(_send)


def seen() -> str | None:
    """Return what a page that only looks back must hold: `db.reading(since=position.seen())`.

    None when this browser wrote nothing lately. A page that answers a write reads the primary.
    """
    if request.method not in _SAFE:
        return replica.NEVER
    given = request.cookies.get(_name(), "")
    return given if _POSITION.fullmatch(given) else None


def _send(response: Response) -> Response:
    position = db.written_until()
    if position is not None:
        response.set_cookie(
            _name(),
            position,
            max_age=_STORED_SECONDS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _name() -> str:
    return "__Host-position" if current_app.config["SESSION_COOKIE_SECURE"] else "position"
