"""The ledger: every XP explained."""

from typing import Any

from flask import Blueprint, request

from app.infra import db
from app.queries.ledger import lines
from app.rules import reward
from app.web import access, htmx, position
from app.web.converters import parse_key

bp = Blueprint("ledger", __name__)


@bp.get("/ledger")
def index() -> Any:
    """Show a page of entries; `before` is the key at which it begins."""
    before = parse_key(request.args.get("before", ""))
    with db.reading(since=position.seen()) as reading:
        page = lines.page(reading, access.claims(), before)
    return htmx.page(
        "ledger/index.html",
        entries=page.entries,
        older=page.older,
        newest=before is None,
        reward_days=reward.REWARD_DAYS,
    )
