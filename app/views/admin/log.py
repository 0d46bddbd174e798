"""The audit log: what happened with the accounts of this server."""

from typing import Any

from flask import request

from app.infra import clock, db
from app.queries import admin as queries
from app.rules.errors import NotYours
from app.views.admin.room import bp
from app.web import htmx
from app.web.converters import parse_key


@bp.get("/log")
def log() -> Any:
    """Show a page of lines, of `account` alone if it is named; `before` is where it begins."""
    account_id = _account_asked()
    before = parse_key(request.args.get("before", ""))
    with db.reading() as reading:
        page = queries.deeds(reading, account_id, before)
        whose = None if account_id is None else queries.one(reading, clock.now(), account_id)
    return htmx.page("admin/log.html", page=page, whose=whose, newest=before is None)


def _account_asked() -> int | None:
    named = request.args.get("account")
    account_id = parse_key(named) if named else None
    if named and account_id is None:
        raise NotYours
    return account_id
