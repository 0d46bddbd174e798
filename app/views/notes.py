"""Notes: what is written about a day of a habit, and found again."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import db
from app.operations import notes as operations
from app.queries import habits as habit_queries
from app.queries import notes as queries
from app.queries.notes import Place
from app.rules import days
from app.rules.errors import Invalid
from app.rules.language import _
from app.views import habit_page
from app.views.forms import NoteForm, SearchForm
from app.web import access, htmx, position
from app.web.converters import parse_key
from app.web.once import once

bp = Blueprint("notes", __name__)


@bp.get("/notes")
def index() -> Any:
    """Show the notes of all habits; `q` is looked for, `before` says where the page begins."""
    form, found = SearchForm(request.args), queries.NotesPage((), None)
    is_fine = form.validate()
    asked = form.q.data or ""
    if is_fine:
        with db.reading(since=position.seen()) as reading:
            found = queries.find(reading, access.claims(), asked, _place_asked())
    return htmx.page(
        "notes/index.html",
        200 if is_fine else 422,
        form=form,
        asked=asked,
        found=found,
        newest="before" not in request.args,
    )


@bp.get("/habits/<key:habit_id>/note")
def ask(habit_id: int) -> Any:
    """Lead to the habit's page, with the note about `day` in its form."""
    with db.reading() as reading:
        habit_queries.pillar_of(reading, access.claims(), habit_id)
    return redirect(
        url_for("habits.show", habit_id=habit_id, note=request.args.get("day")), code=303
    )


@bp.post("/habits/<key:habit_id>/note")
def write(habit_id: int) -> Any:
    """Set the note about a day of the habit, today unless the form says another."""
    form = NoteForm(request.form)
    if not form.validate():
        return habit_page.page(habit_id, 422, note_form=form)
    try:
        with once() as writing:
            if writing:
                operations.write(
                    writing, access.actor(), habit_id, form.day.data, form.changed("note")
                )
    except Invalid as error:
        form.refuse(error)
        return habit_page.page(habit_id, 422, note_form=form)
    flash(_("Saved.") if form.note.data else _("There is no note about this day now."))
    return habit_page.lead_to(
        habit_id, form.day.data if request.form.get("from") == "day" else None
    )


def _place_asked() -> Place | None:
    day, _dash, habit = request.args.get("before", "").partition("_")
    habit_id = parse_key(habit)
    try:
        return None if habit_id is None else Place(days.parse_day(day), habit_id)
    except ValueError:
        return None
