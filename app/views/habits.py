"""Habits: make one, and everything that can be done to one."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from app.infra import clock, db
from app.operations import habits as operations
from app.operations.habits import HabitFields
from app.queries import habits as queries
from app.queries import pillars as pillar_queries
from app.queries.day import read_day
from app.rules.errors import Invalid, NotYours
from app.rules.language import _, isolated
from app.views import habit_page, order, pillars, today
from app.views.forms import HabitForm
from app.web import access, htmx
from app.web.converters import parse_key
from app.web.once import once

bp = Blueprint("habits", __name__)


@bp.post("/habits")
def create() -> Any:
    """Make a habit at the end of a pillar. What was typed stays when it is refused."""
    form, pillar_id = HabitForm(request.form), _pillar_of(request.form)
    from_today = request.form.get("from") != "pillar"

    def again() -> Any:
        if form.asks_terms:
            return _whole_form(form, pillar_id, 422)
        if from_today:
            return today.page(422, habit_form=form, habit_form_pillar=pillar_id)
        return pillars.page(pillar_id, 422, habit_form=form)

    if not form.validate():
        with db.reading() as reading:
            pillar_queries.loss(reading, access.claims(), pillar_id)
        return again()
    try:
        with db.transaction() as writing:
            operations.create(
                writing, access.actor(), pillar_id, _fields(form), _max_habits(), form.key.data
            )
    except Invalid as error:
        form.refuse(error)
        return again()
    flash(_("Added: %(name)s.") % {"name": isolated(form.name.data or "")})
    if from_today:
        return today.back()
    return htmx.redirect("pillars.show", pillar_id=pillar_id)


@bp.get("/habits")
def index() -> Any:
    """Lead to Today, where every pillar has the form for a new habit."""
    return redirect(url_for("today.show"), code=303)


@bp.get("/habits/new")
def new() -> Any:
    """Show the whole form for a new habit in the pillar `pillar_id`, with rhythm and amount."""
    return _whole_form(HabitForm(), _pillar_of(request.args))


@bp.get("/habits/<key:habit_id>")
def show(habit_id: int) -> Any:
    """Show a habit with a month of its days, one day, a year, and its notes.

    `day` is the day that is open (today where there is none), `month` the month that is shown
    (else that of the day), `notes` the day before which the notes begin. `note` is the day whose
    note is asked for.
    """
    return habit_page.page(habit_id)


@bp.post("/habits/<key:habit_id>")
def update(habit_id: int) -> Any:
    """Give the habit what was changed: name, effort, first day, and other terms from today on."""
    form = HabitForm(request.form)
    if not form.validate():
        return habit_page.page(habit_id, 422, form)
    fields = HabitFields(
        form.changed("name"), form.changed("effort"), form.changed("starts_on"), form.terms(),
        form.changed("day_part"),
    )  # fmt: skip
    try:
        with once() as writing:
            if writing:
                operations.edit(writing, access.actor(), habit_id, fields)
    except Invalid as error:
        form.refuse(error)
        return habit_page.page(habit_id, 422, form)
    flash(_("Saved."))
    return htmx.redirect("habits.show", habit_id=habit_id)


@bp.post("/habits/<key:habit_id>/move")
def move(habit_id: int) -> Any:
    """Move the habit up or down in its pillar, or to another pillar."""
    direction = request.form.get("direction", "")
    # One form may hold the arrows of many.
    with once("move") as writing:
        if writing and "pillar_id" in request.form:
            operations.move_to(writing, access.actor(), habit_id, _pillar_of(request.form))
        elif writing:
            operations.move(writing, access.actor(), habit_id, direction)
    if request.form.get("from") == "order":
        return order.moved(None, habit_id)
    return _back(habit_id)


@bp.post("/habits/<key:habit_id>/archive")
def archive(habit_id: int) -> Any:
    """Put the habit away."""
    with once() as writing:
        if writing:
            operations.archive(writing, access.actor(), habit_id)
    flash(_("Archived, and its days stay. You can restore it at any time."))
    return _back(habit_id)


@bp.post("/habits/<key:habit_id>/restore")
def restore(habit_id: int) -> Any:
    """Take the habit back out of the archive."""
    with once() as writing:
        if writing:
            operations.restore(writing, access.actor(), habit_id, _max_habits())
    flash(_("Restored."))
    return _back(habit_id)


@bp.get("/habits/<key:habit_id>/delete")
def confirm(habit_id: int) -> Any:
    """Ask before a deletion, and say what goes and what stays."""
    with db.reading() as reading:
        loss = queries.loss(reading, access.claims(), habit_id)
    return htmx.page("habits/confirm.html", loss=loss)


@bp.post("/habits/<key:habit_id>/delete")
def delete(habit_id: int) -> Any:
    """Delete the habit."""
    with once() as writing:
        if writing:
            operations.delete(writing, access.actor(), habit_id)
    flash(_("Deleted. Your pet keeps its XP."))
    return htmx.go(url_for("today.show"))


@bp.get("/habits/<key:habit_id>/move")
@bp.get("/habits/<key:habit_id>/archive")
@bp.get("/habits/<key:habit_id>/restore")
@bp.get("/habits/<key:habit_id>/collect")
@bp.get("/habits/<key:habit_id>/commit")
@bp.get("/habits/<key:habit_id>/skip")
@bp.get("/habits/<key:habit_id>/unskip")
def form_of(habit_id: int) -> Any:
    """Lead whoever reloads the answer of a form to the page where the form stands."""
    with db.reading() as reading:
        queries.pillar_of(reading, access.claims(), habit_id)
    return redirect(url_for("habits.show", habit_id=habit_id), code=303)


@bp.get("/habits/<key:habit_id>/day")
def look_at(habit_id: int) -> Any:
    """Lead to the habit's page, open at the `day` that was chosen."""
    with db.reading() as reading:
        queries.pillar_of(reading, access.claims(), habit_id)
    return habit_page.lead_to(habit_id, habit_page.day_asked("day"))


def _whole_form(form: HabitForm, pillar_id: int, status: int = 200) -> Any:
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        shown = read_day(reading, who, now)
    pillar = next((one for one in shown.person.pillars if one.id == pillar_id), None)
    if pillar is None:
        raise NotYours
    source = "pillar" if request.values.get("from") == "pillar" else "today"
    return htmx.page(
        "habits/new.html",
        status,
        habit_form=form,
        pillar=pillar,
        source=source,
        day=who.day_of(now),
    )


def _back(habit_id: int) -> Any:
    """Lead back to the page that the form stood on."""
    if request.form.get("from") != "pillar":
        return htmx.redirect("habits.show", habit_id=habit_id)
    with db.reading() as reading:
        pillar_id = queries.pillar_of(reading, access.claims(), habit_id)
    return htmx.redirect("pillars.show", pillar_id=pillar_id)


def _pillar_of(given: "MultiDict[str, str]") -> int:
    pillar_id = parse_key(given.get("pillar_id", ""))
    if pillar_id is None:
        raise NotYours
    return pillar_id


def _fields(form: HabitForm) -> HabitFields:
    return HabitFields(
        form.name.data or "", form.effort.data, form.starts_on.data, form.terms(),
        form.day_part.data,
    )  # fmt: skip


def _max_habits() -> int:
    max_habits: int = current_app.extensions["settings"].max_habits
    return max_habits
