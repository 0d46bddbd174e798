"""What happened with your account."""

from typing import Any

from flask import Blueprint, request

from app.infra import db
from app.queries import audit as queries
from app.web import access, htmx
from app.web.converters import parse_key

bp = Blueprint("audit", __name__)


@bp.get("/settings/audit")
def index() -> Any:
    """Show a page of lines; `before` is the key at which it begins."""
    before = parse_key(request.args.get("before", ""))
    with db.reading() as reading:
        page = queries.page(reading, access.actor().user_id, before)
    return htmx.page("audit/index.html", page=page, newest=before is None)
