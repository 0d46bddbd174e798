"""The order of pillars and habits: where everything is dragged, and several are chosen at once."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session

from app.infra import db
from app.operations import habits, pillars, several
from app.queries import order as queries
from app.rules.errors import Archived, Invalid, NotYours, OrderChanged
from app.rules.language import _, isolated, ngettext, number
from app.views.forms import SeveralForm
from app.web import access, htmx
from app.web.converters import parse_key
from app.web.errors import status_of
from app.web.once import once

bp = Blueprint("order", __name__)


@bp.get("/order")
def index() -> Any:
    """Show everything in the user's order."""
    return page()


@bp.post("/order")
def place() -> Any:
    """Put a habit, or without one the pillar, in front of another, or at the end."""
    habit_id, pillar_id, before_id = (_sent(name) for name in ("habit", "pillar", "before"))
    if pillar_id is None:
        raise NotYours
    try:
        with once() as writing:
            if writing and habit_id:
                habits.place(writing, access.actor(), habit_id, pillar_id, before_id)
            elif writing:
                pillars.place(writing, access.actor(), pillar_id, before_id)
    except (Archived, OrderChanged) as error:
        flash(error.sentence)
        return page(status_of(error))
    return moved(pillar_id, habit_id)


@bp.post("/order/several")
def act_on_several() -> Any:
    """Move, rest or archive the habits that were chosen."""
    form, chosen, pillar_id = SeveralForm(request.form), _chosen(), _sent("pillar_id")
    with db.reading() as reading:
        queries.check_own(reading, access.claims(), chosen, pillar_id)
    if not form.validate():
        return page(422, form, chosen)
    try:
        with once() as writing:
            if writing:
                _act(writing, form, chosen, pillar_id)
    except Invalid as error:
        form.refuse(error)
        return page(422, form, chosen)
    except Archived as error:
        flash(error.sentence)
        return page(status_of(error), form, chosen)
    flash(_done(form.act.data, len(set(chosen))))
    return htmx.redirect("order.index")


@bp.get("/order/several")
def form_of() -> Any:
    """Lead whoever reloads the answer of the form to the page where it stands."""
    return redirect(url_for("order.index"), code=303)


def moved(pillar_id: int | None, habit_id: int | None = None) -> Any:
    """Lead back to the page after a move, and say where the habit, or the pillar, is now."""
    with db.reading() as reading:
        spot = queries.read(reading, access.claims()).spot(pillar_id, habit_id)
    if spot:
        _say(spot)
    return htmx.redirect("order.index")


def page(status: int = 200, form: SeveralForm | None = None, chosen: Sequence[int] = ()) -> Any:
    """Render the page; a form that was refused comes along with what was `chosen`."""
    with db.reading() as reading:
        order = queries.read(reading, access.claims())
    form = form or SeveralForm()
    form.pillar_id.choices = [("", ""), *((str(one.id), one.name) for one in order.pillars)]
    return htmx.page("order/index.html", status, order=order, form=form, chosen=set(chosen))


def _act(writing: Session, form: SeveralForm, chosen: Sequence[int], pillar_id: int | None) -> None:
    actor = access.actor()
    if form.act.data == "archive":
        several.archive(writing, actor, chosen)
    elif form.act.data == "rest":
        several.rest(writing, actor, chosen, form.ends_on.data)
    elif pillar_id is None:
        raise Invalid(pillar_id=_("Choose a pillar."))
    else:
        several.move(writing, actor, chosen, pillar_id)


def _done(act: str, many: int) -> str:
    sentences = {
        "move": ngettext("Moved: %(num)s habit.", "Moved: %(num)s habits.", many),
        "rest": ngettext(
            "%(num)s habit rests now. You can end that at Rest, under You.",
            "%(num)s habits rest now. You can end that at Rest, under You.",
            many,
        ),
        "archive": ngettext(
            "Archived: %(num)s habit, and its days stay. You can restore it on its pillar’s page.",
            "Archived: %(num)s habits, and their days stay."
            " You can restore them on their pillars’ pages.",
            many,
        ),
    }
    return sentences[act] % {"num": number(many)}


def _say(spot: queries.Spot) -> None:
    names = {
        "name": isolated(spot.name),
        "pillar": isolated(spot.pillar or ""),
        "place": number(spot.place),
        "all": number(spot.among),
    }
    if spot.pillar is None:
        flash(_("%(name)s is %(place)s of %(all)s now.") % names)
    else:
        flash(_("%(name)s is %(place)s of %(all)s in %(pillar)s now.") % names)


def _chosen() -> list[int]:
    """Return the habits that were chosen. Raises NotYours for what cannot be one."""
    chosen = [parse_key(sent) for sent in request.form.getlist("habit")]
    if None in chosen:
        raise NotYours
    return [habit_id for habit_id in chosen if habit_id]


def _sent(name: str) -> int | None:
    """Return the id that was sent as `name`, None for none. Raises NotYours for what is none."""
    sent = request.form.get(name, "")
    key = parse_key(sent)
    if sent and key is None:
        raise NotYours
    return key
