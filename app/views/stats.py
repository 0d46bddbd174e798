"""Looking back: a year in one picture, the week, and the longest runs."""

from datetime import date
from typing import Any

from flask import Blueprint, request

from app.infra import clock, db
from app.queries.stats import lookback
from app.queries.stats import month as months
from app.queries.stats.kept import Scope
from app.rules import days
from app.rules.errors import NotYours
from app.web import access, htmx, position
from app.web.converters import parse_key

bp = Blueprint("stats", __name__)


@bp.get("/stats")
def show() -> Any:
    """Show a year of everything, of the pillar `pillar` or of the habit `habit`.

    `of` says the same in one word ("pillar-3"), for a form with a single choice; `until` is the
    day on which the year ends.
    """
    who = access.claims()
    scope, until = _scope_asked(), _day_asked()
    with db.reading(since=position.seen()) as reading:
        shown = lookback.look_back(reading, who, who.day_of(clock.now()), scope, until)
    return htmx.page(
        "stats/show.html",
        shown=shown,
        year=shown.year,
        day_ends_at=days.day_ends_at(shown.today, who.timezone, who.day_start),
    )


@bp.get("/stats/month")
def month() -> Any:
    """Show a month of all habits, the one that `month` names as 2026-03; this month without."""
    who = access.claims()
    with db.reading(since=position.seen()) as reading:
        shown = months.month(reading, who, who.day_of(clock.now()), _month_asked())
    return htmx.page("stats/month.html", month=shown)


def _scope_asked() -> Scope:
    asked = [(kind, request.args[kind]) for kind in ("pillar", "habit") if kind in request.args]
    if chosen := request.args.get("of"):
        kind, _dash, text = chosen.partition("-")
        asked.append((kind, text))
    if not asked:
        return Scope()
    kind, text = asked[0]
    key = parse_key(text)
    if len(asked) > 1 or kind not in {"pillar", "habit"} or key is None:
        raise NotYours
    return Scope(kind, key)


def _day_asked() -> date | None:
    text = request.args.get("until")
    return _day(text) if text else None


def _month_asked() -> date | None:
    text = request.args.get("month")
    return _day(f"{text}-01") if text else None


def _day(text: str) -> date:
    try:
        return days.parse_day(text)
    except ValueError as error:
        raise NotYours from error
