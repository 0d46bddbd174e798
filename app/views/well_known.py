"""Addresses that programs know: where a password is changed, and whom to tell of a weakness."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, url_for

from app.config import Settings
from app.infra import clock
from app.web import access

bp = Blueprint("well_known", __name__, url_prefix="/.well-known")

# RFC 9116 wants a date less than a year ahead; whoever runs the server is there today.
_HOLDS = timedelta(days=180)


@bp.get("/change-password")
@access.public
def change_password() -> Any:
    """Lead a password manager to the form for another password."""
    return redirect(url_for("settings.show", _anchor="password"), code=303)


@bp.get("/security.txt")
@access.public
def security() -> Any:
    """Say where to report a weakness; without a SECURITY_CONTACT there is no such file."""
    settings: Settings = current_app.extensions["settings"]
    if settings.security_contact is None:
        abort(404)
    expires = (clock.now() + _HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {settings.security_contact}", f"Expires: {expires}"]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}{url_for('.security')}")
    return Response("\n".join([*lines, ""]), mimetype="text/plain")
