"""Amounts: how much of something was done on a day, added with a number of one's own."""

from typing import Any

from flask import Blueprint, request

from app.infra import clock, db
from app.operations import commits
from app.queries import amounts as queries
from app.rules.errors import Invalid
from app.rules.press import Press
from app.views.commits import answer
from app.views.forms import AmountForm
from app.views.today import board_of
from app.web import access, htmx

bp = Blueprint("amounts", __name__)


@bp.get("/habits/<key:habit_id>/amount")
def new(habit_id: int) -> Any:
    """Show the form that adds an amount to a day, today unless `day` names another."""
    return _page(habit_id, AmountForm(request.args))


@bp.post("/habits/<key:habit_id>/amount")
def create(habit_id: int) -> Any:
    """Add an amount to a day, today unless the form says another."""
    given = request.form.get
    press = Press.parse(given("day", ""), given("key", ""), given("amount", ""))
    try:
        return answer(commits.add, habit_id, press)
    except Invalid as error:
        form = AmountForm(request.form)
        form.refuse(error)
        return _page(habit_id, form, 422)


@bp.post("/habits/<key:habit_id>/collect")
def collect(habit_id: int) -> Any:
    """Keep the quiet days of the last week, which stayed within their limit."""
    return answer(commits.collect, habit_id, Press.parse("", request.form.get("key", "")))


def _page(habit_id: int, form: AmountForm, status: int = 200) -> Any:
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        counted = queries.of_day(reading, who, habit_id, form.day.data or who.day_of(now))
    source = request.values.get("from", "habit")
    return htmx.page(
        "amounts/new.html",
        status,
        counted=counted,
        amount_form=form,
        source=source,
        board=board_of(request.values.get("board", "")),
    )
