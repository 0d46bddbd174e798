"""Rests: all of them, one of them, and a day of a habit that is skipped."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy import Connection

from app.infra import clock, db
from app.operations import away
from app.operations import rests as operations
from app.operations.rests import RestFields
from app.queries import pillars as pillar_queries
from app.queries import rests as queries
from app.queries.day import read_day
from app.rules.errors import Invalid, NotYours
from app.rules.identity import Claims
from app.rules.language import _
from app.views import habit_page, today
from app.views.forms import RestForm, SkipForm
from app.web import access, htmx
from app.web.converters import parse_key
from app.web.once import once

bp = Blueprint("rests", __name__)

_FIELDS = ("starts_on", "ends_on", "reason")


@bp.get("/rests")
def index() -> Any:
    """Show the rests under way, to come and gone by, and the form for a new one."""
    return _list()


@bp.post("/rests")
def create() -> Any:
    """Begin a rest, of a pillar or of everything."""
    form, pillar_id = RestForm(request.form), _pillar_sent()
    if not form.validate():
        return _list(422, form, pillar_id)
    fields = RestFields(pillar_id, form.starts_on.data, form.ends_on.data, form.reason.data or "")
    try:
        with once() as writing:
            if writing:
                operations.create(writing, access.actor(), fields)
    except Invalid as error:
        form.refuse(error)
        return _list(422, form, pillar_id)
    flash(_("Rest well. Nothing is asked of you on these days."))
    return htmx.redirect("rests.index")


@bp.get("/rests/<key:rest_id>")
def show(rest_id: int) -> Any:
    """Show one rest, with the form that changes it."""
    return _page(rest_id)


@bp.post("/rests/<key:rest_id>")
def update(rest_id: int) -> Any:
    """Change a rest. What is not changed stays as it is."""
    form, pillar_id = RestForm(request.form), _pillar_sent()
    if not form.validate():
        return _page(rest_id, 422, form, pillar_id)
    changes = {name: form[name].data for name in _FIELDS if form.is_changed(name)}
    if form.is_changed("pillar_id"):
        changes["pillar_id"] = pillar_id
    try:
        with once() as writing:
            if writing:
                operations.edit(writing, access.actor(), rest_id, **changes)
    except Invalid as error:
        form.refuse(error)
        return _page(rest_id, 422, form, pillar_id)
    flash(_("Saved."))
    return htmx.redirect("rests.index")


@bp.post("/rests/<key:rest_id>/end")
def end(rest_id: int) -> Any:
    """End a rest: from today on things are asked again."""
    with once() as writing:
        if writing:
            operations.end(writing, access.actor(), rest_id)
    flash(_("The rest is over. Good to see you."))
    return today.back() if request.form.get("from") == "today" else htmx.redirect("rests.index")


@bp.get("/rests/<key:rest_id>/delete")
def confirm(rest_id: int) -> Any:
    """Ask before a deletion, and say what it does."""
    with db.reading() as reading:
        rest = queries.one(reading, access.claims(), rest_id)
    return htmx.page("rests/confirm.html", rest=rest)


@bp.post("/rests/<key:rest_id>/delete")
def delete(rest_id: int) -> Any:
    """Delete a rest."""
    with once() as writing:
        if writing:
            operations.delete(writing, access.actor(), rest_id)
    flash(_("Deleted."))
    return htmx.go(url_for("rests.index"))


@bp.post("/rests/away")
def count_away() -> Any:
    """Count days that went by, on which nothing was kept, as a rest of everything."""
    form = RestForm(request.form)
    if not form.validate():
        return _list(422, form)
    try:
        with once() as writing:
            if writing:
                away.rest(writing, access.actor(), form.starts_on.data, form.ends_on.data)
    except Invalid as error:
        form.refuse(error)
        return _list(422, form)
    flash(_("Counted as rest. Your runs have waited."))
    return today.back()


@bp.post("/rests/not-away")
def leave_away() -> Any:
    """Leave the days that went by as they are."""
    with once() as writing:
        if writing:
            away.leave(writing, access.actor())
    flash(_("Good. These days stay as they are."))
    return today.back()


@bp.get("/rests/away")
@bp.get("/rests/not-away")
def offer() -> Any:
    """Lead to Today, where the question stands."""
    return redirect(url_for("today.show"), code=303)


@bp.get("/rests/<key:rest_id>/end")
def form_of(rest_id: int) -> Any:
    """Lead whoever reloads the answer of a form to the page where the form stands."""
    with db.reading() as reading:
        queries.one(reading, access.claims(), rest_id)
    return redirect(url_for("rests.show", rest_id=rest_id), code=303)


@bp.post("/habits/<key:habit_id>/skip")
def skip(habit_id: int) -> Any:
    """Let a habit rest for one day."""
    form = SkipForm(request.form)
    if not form.validate():
        return habit_page.page(habit_id, 422, skip_form=form)
    try:
        with once() as writing:
            if writing:
                reason = form.reason.data or ""
                operations.skip(writing, access.actor(), habit_id, form.day.data, reason)
    except Invalid as error:
        form.refuse(error)
        return habit_page.page(habit_id, 422, skip_form=form)
    flash(_("Skipped. The run waits."))
    return _to_habit(habit_id, form)


@bp.post("/habits/<key:habit_id>/unskip")
def unskip(habit_id: int) -> Any:
    """Take back that a habit was skipped on a day."""
    form = SkipForm(request.form)
    if not form.validate():
        return habit_page.page(habit_id, 422, skip_form=form)
    with once() as writing:
        if writing:
            operations.unskip(writing, access.actor(), habit_id, form.day.data)
    flash(_("Not skipped any more."))
    return _to_habit(habit_id, form)


def _to_habit(habit_id: int, form: SkipForm) -> Any:
    return habit_page.lead_to(
        habit_id, form.day.data if request.form.get("from") == "day" else None
    )


def _list(status: int = 200, form: RestForm | None = None, pillar_id: int | None = None) -> Any:
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        _check_pillar(reading, who, pillar_id)
        shown = read_day(reading, who, now)
        day = shown.board.today
        rests = queries.all_rests(reading, who, day)
    rest_form = form or RestForm(data={"starts_on": day})
    _offer(rest_form, ((pillar.id, pillar.name) for pillar in shown.person.pillars))
    return htmx.page(
        "rests/index.html",
        status,
        rests=rests,
        resting=shown.person.rest,
        day=day,
        pet=shown.pet,
        rest_form=rest_form,
    )


def _page(
    rest_id: int, status: int = 200, form: RestForm | None = None, pillar_id: int | None = None
) -> Any:
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        rest = queries.one(reading, who, rest_id)
        _check_pillar(reading, who, pillar_id)
        shown = read_day(reading, who, now)
    data = {name: getattr(rest, name) for name in _FIELDS}
    rest_form = form or RestForm(data=data | {"pillar_id": str(rest.pillar_id or "")})
    pillars = {pillar.id: pillar.name for pillar in shown.person.pillars}
    # It may have been archived since.
    if rest.pillar_id is not None:
        pillars.setdefault(rest.pillar_id, rest.name or "")
    _offer(rest_form, pillars.items())
    return htmx.page(
        "rests/show.html",
        status,
        rest=rest,
        phase=rest.phase(shown.board.today),
        version=shown.version,
        rest_form=rest_form,
    )


def _check_pillar(reading: Connection, who: Claims, pillar_id: int | None) -> None:
    """Raise NotYours unless a pillar that was sent is the user's."""
    if pillar_id is not None:
        pillar_queries.loss(reading, who, pillar_id)


def _offer(form: RestForm, pillars: Iterable[tuple[int, str]]) -> None:
    """Let the form offer everything and these pillars, by their ids with their names."""
    named = [(str(pillar_id), name) for pillar_id, name in pillars]
    form.pillar_id.choices = [("", _("Everything")), *named]


def _pillar_sent() -> int | None:
    """Return the pillar that was sent, None for everything. Raises NotYours for what is none."""
    sent = request.form.get("pillar_id", "")
    if not sent:
        return None
    pillar_id = parse_key(sent)
    if pillar_id is None:
        raise NotYours
    return pillar_id
