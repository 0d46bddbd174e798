"""A habit takes root and leaves Today, or returns."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import clock, db
from app.operations import rooted as operations
from app.queries import habits as queries
from app.queries.day import read_day
from app.rules.errors import Invalid
from app.rules.language import _
from app.views import habit_page
from app.web import access, htmx, moments
from app.web.once import once

bp = Blueprint("rooted", __name__)


@bp.post("/habits/<key:habit_id>/root")
def root(habit_id: int) -> Any:
    """Let a habit take root."""
    is_moment = False
    try:
        with once() as writing:
            if writing:
                is_moment = operations.root(writing, access.actor(), habit_id)
    except Invalid as error:
        flash(error.sentence)
        return habit_page.page(habit_id, 422)
    said = _("Rooted. It stays in its pillar with all its days, and can return at any time.")
    if is_moment:
        moments.flash(_scene(habit_id, said))
    else:
        flash(said)
    return _back(habit_id)


@bp.post("/habits/<key:habit_id>/unroot")
def unroot(habit_id: int) -> Any:
    """Let a rooted habit return to Today."""
    with once() as writing:
        if writing:
            operations.unroot(writing, access.actor(), habit_id)
    flash(_("It is back on Today. Its run has waited."))
    return _back(habit_id)


@bp.post("/habits/<key:habit_id>/not-yet")
def not_yet(habit_id: int) -> Any:
    """Leave the habit where it is for now."""
    with once() as writing:
        if writing:
            operations.not_yet(writing, access.actor(), habit_id)
    flash(_("It stays on Today. We ask again in two months."))
    return _back(habit_id)


@bp.get("/habits/<key:habit_id>/root")
@bp.get("/habits/<key:habit_id>/unroot")
@bp.get("/habits/<key:habit_id>/not-yet")
def form_of(habit_id: int) -> Any:
    """Lead whoever reloads the answer of a form to the habit."""
    with db.reading() as reading:
        queries.pillar_of(reading, access.claims(), habit_id)
    return redirect(url_for("habits.show", habit_id=habit_id), code=303)


def _back(habit_id: int) -> Any:
    match request.form.get("from"):
        case "today":
            return htmx.redirect("today.show")
        case "pillar":
            with db.reading() as reading:
                pillar_id = queries.pillar_of(reading, access.claims(), habit_id)
            return htmx.redirect("pillars.show", pillar_id=pillar_id)
        case _:
            return htmx.redirect("habits.show", habit_id=habit_id)


def _scene(habit_id: int, said: str) -> moments.Telling:
    with db.reading() as reading:
        day = read_day(reading, access.claims(), clock.now(), habit_id=habit_id)
    habit = day.board.habit(habit_id)
    return moments.took_root(habit.name if habit else "", day.pet, said)
