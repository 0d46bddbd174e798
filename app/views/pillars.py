"""Pillars: the list, one of them, and everything that can be done to one."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for

from app.infra import clock, db
from app.operations import pillars as operations
from app.operations.pillars import PillarFields
from app.queries import pillars as queries
from app.queries.day import read_day
from app.rules import days
from app.rules.errors import Invalid, PlanFull
from app.rules.language import _, isolated
from app.views import order, today
from app.views.forms import HabitForm, PillarForm
from app.web import access, htmx
from app.web.errors import status_of
from app.web.once import once

bp = Blueprint("pillars", __name__)


@bp.get("/pillars")
def index() -> Any:
    """Show all pillars in the user's order, the archived ones last."""
    return _list()


@bp.post("/pillars")
def create() -> Any:
    """Make a pillar. At the plan's limit the form stays, with what was typed in it."""
    form = PillarForm(request.form)
    if not form.validate():
        return _list(422, form)
    try:
        with db.transaction() as writing:
            made = operations.create(
                writing, access.actor(), _fields(form), _free_pillars(), form.key.data
            )
    except Invalid as error:
        form.refuse(error)
        return _list(422, form)
    except PlanFull as error:
        form.form_errors += [error.sentence, _("What you typed is still here.")]
        return _list(status_of(error), form)
    said = _("Added: %(name)s. What is one small thing for it?")
    flash(said % {"name": isolated(form.name.data or "")})
    return htmx.go(url_for("pillars.show", pillar_id=made))


@bp.get("/pillars/<key:pillar_id>")
def show(pillar_id: int) -> Any:
    """Show a pillar with its habits of today."""
    return page(pillar_id)


@bp.post("/pillars/<key:pillar_id>")
def update(pillar_id: int) -> Any:
    """Give the pillar another name, colour and icon. What is not changed stays as it is."""
    form = PillarForm(request.form)
    if not form.validate():
        return page(pillar_id, status=422, pillar_form=form)
    fields = PillarFields(form.changed("name"), form.changed("color"), form.changed("icon"))
    with once() as writing:
        if writing:
            operations.edit(writing, access.actor(), pillar_id, fields)
    flash(_("Saved."))
    return htmx.redirect("pillars.show", pillar_id=pillar_id)


@bp.post("/pillars/<key:pillar_id>/move")
def move(pillar_id: int) -> Any:
    """Move the pillar up or down in the user's order."""
    # One form may hold the arrows of many.
    with once("move") as writing:
        if writing:
            direction = request.form.get("direction", "")
            operations.move(writing, access.actor(), pillar_id, direction)
    if request.form.get("from") == "order":
        return order.moved(pillar_id)
    return htmx.redirect("pillars.index")


@bp.post("/pillars/<key:pillar_id>/fold")
def fold(pillar_id: int) -> Any:
    """Fold the pillar up on Today."""
    return _fold(pillar_id, True)


@bp.post("/pillars/<key:pillar_id>/unfold")
def unfold(pillar_id: int) -> Any:
    """Unfold the pillar on Today."""
    return _fold(pillar_id, False)


@bp.post("/pillars/<key:pillar_id>/archive")
def archive(pillar_id: int) -> Any:
    """Put the pillar away."""
    with once() as writing:
        if writing:
            operations.archive(writing, access.actor(), pillar_id)
    flash(_("Archived, and its days stay. You can restore it at any time."))
    return _back(pillar_id)


@bp.post("/pillars/<key:pillar_id>/restore")
def restore(pillar_id: int) -> Any:
    """Take the pillar back out of the archive, if the plan has room."""
    with once() as writing:
        if writing:
            operations.restore(writing, access.actor(), pillar_id, _free_pillars())
    flash(_("Restored."))
    return _back(pillar_id)


@bp.get("/pillars/<key:pillar_id>/delete")
def confirm(pillar_id: int) -> Any:
    """Ask before a deletion, and say what goes and what stays."""
    with db.reading() as reading:
        loss = queries.loss(reading, access.claims(), pillar_id)
    return htmx.page(
        "pillars/confirm.html",
        id=loss.id, name=loss.name, habits=loss.habits, commits=loss.commits, notes=loss.notes,
        amounts=loss.amounts, xp=loss.xp,
    )  # fmt: skip


@bp.post("/pillars/<key:pillar_id>/delete")
def delete(pillar_id: int) -> Any:
    """Delete the pillar."""
    with once() as writing:
        if writing:
            operations.delete(writing, access.actor(), pillar_id)
    flash(_("Deleted. Your pet keeps its XP."))
    return htmx.go(url_for("pillars.index"))


@bp.get("/pillars/<key:pillar_id>/fold")
@bp.get("/pillars/<key:pillar_id>/unfold")
def form_of_fold(pillar_id: int) -> Any:
    """Lead whoever reloads the answer of a fold to Today."""
    with db.reading() as reading:
        queries.loss(reading, access.claims(), pillar_id)
    return redirect(url_for("today.show"), code=303)


@bp.get("/pillars/<key:pillar_id>/move")
@bp.get("/pillars/<key:pillar_id>/archive")
@bp.get("/pillars/<key:pillar_id>/restore")
def form_of(pillar_id: int) -> Any:
    """Lead whoever reloads the answer of a form to the page where the form stands."""
    with db.reading() as reading:
        queries.loss(reading, access.claims(), pillar_id)
    return redirect(url_for("pillars.show", pillar_id=pillar_id), code=303)


def page(
    pillar_id: int,
    status: int = 200,
    pillar_form: PillarForm | None = None,
    habit_form: HabitForm | None = None,
) -> Any:
    """Render the page of a pillar; a form that was refused comes along filled in."""
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        shown = read_day(reading, who, now, pillar_id=pillar_id)
        pillar = queries.one(reading, who, pillar_id, shown)
        put_away = queries.archived_habits(reading, who, pillar_id)
    header, day = pillar.header, shown.board.today
    data = {"name": header.name, "color": header.color, "icon": header.icon}
    return htmx.page(
        "pillars/show.html",
        status,
        pillar=header,
        archived=pillar.archived,
        rows=pillar.rows,
        strength=pillar.strength,
        archived_habits=put_away,
        rooted_habits=pillar.rooted,
        pet=shown.pet,
        day=day,
        day_ends_at=days.day_ends_at(day, who.timezone, who.day_start),
        pillar_form=pillar_form or PillarForm(data=data),
        habit_form=habit_form or HabitForm(),
    )


def _list(status: int = 200, pillar_form: PillarForm | None = None) -> Any:
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        shown = read_day(reading, who, now, put_away=True)
        lines = queries.all_pillars(reading, who, shown)
    active = sum(not line.archived for line in lines)
    color, icon = queries.next_look(lines)
    return htmx.page(
        "pillars/index.html",
        status,
        pillars=lines,
        place=queries.place(active, who, _free_pillars()),
        pillar_form=pillar_form or PillarForm(data={"color": color, "icon": icon}),
    )


def _fold(pillar_id: int, is_folded: bool) -> Any:
    # One form for all pillars of the page: the button says which.
    with once("fold") as writing:
        if writing:
            operations.fold(writing, access.actor(), pillar_id, is_folded)
    return today.back()


def _back(pillar_id: int) -> Any:
    if request.form.get("from") == "pillar":
        return htmx.redirect("pillars.show", pillar_id=pillar_id)
    return htmx.redirect("pillars.index")


def _fields(form: PillarForm) -> PillarFields:
    return PillarFields(
        form.name.data or "",
        form.color.data if "color" in request.form else None,
        form.icon.data if "icon" in request.form else None,
    )


def _free_pillars() -> int:
    free_pillars: int = current_app.extensions["settings"].free_pillars
    return free_pillars
