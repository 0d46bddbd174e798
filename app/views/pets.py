"""The companion: look, rename, choose; the den, a new egg, the album of finds, the shelf."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import clock, db
from app.operations import pets as operations
from app.queries import den, finds
from app.queries import moments as moment_queries
from app.queries.day import read_day
from app.rules import levels
from app.rules.errors import NotYours
from app.rules.language import _, isolated
from app.views import today
from app.views.forms import PetForm
from app.web import access, htmx, moments, position
from app.web.converters import parse_key
from app.web.once import once

bp = Blueprint("pets", __name__)

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_YEAR = re.compile(r"[1-9][0-9]{3}")


@bp.get("/pet")
def show() -> Any:
    """Show the companion, what it brought this month, and the den."""
    return _page()


@bp.post("/pet")
def update() -> Any:
    """Take the pet `pet` along, or welcome the egg `egg`, or care for the companion.

    Of the companion's name, kind and coat, what is not sent, or not changed, stays as it is.
    """
    if "pet" in request.form:
        return _take_along()
    if "egg" in request.form:
        return _welcome()
    form = PetForm(request.form)
    if not form.validate():
        return _page(422, form=form)
    sent = {name: form.changed(name) for name in ("name", "species", "coat")}
    with once() as writing:
        if writing:
            operations.care(writing, access.actor(), **sent)
    flash(_("Saved."))
    return htmx.redirect("pets.show")


@bp.get("/pet/finds")
def album() -> Any:
    """Show the album of finds, newest month first; `until` is the month at which it begins."""
    who, now = access.claims(), clock.now()
    asked = request.args.get("until")
    until = _month(asked) if asked else who.day_of(now)
    with db.reading(since=position.seen()) as reading:
        shown = finds.album(reading, who, until)
        pet = None if shown.trays else read_day(reading, who, now).pet
    return htmx.page("pets/finds.html", album=shown, pet=pet, is_newest=not asked)


def _take_along() -> Any:
    pet_id, name = _key("pet"), ""
    with once() as writing:
        if writing:
            name = operations.take_along(writing, access.actor(), pet_id)
    said = _("%(name)s comes along.") if name else _("Your pet comes along.")
    flash(said % {"name": isolated(name)})
    return htmx.redirect("pets.show")


def _welcome() -> Any:
    number = _key("egg")
    form = PetForm(request.form)
    if not form.validate():
        return _page(422, egg_form=form)
    name, species, coat = form.name.data or "", form.species.data, form.coat.data
    welcomed = None
    with once() as writing:
        if writing:
            welcomed = operations.welcome(writing, access.actor(), number, name, species, coat)
    is_new = welcomed is not None and welcomed.is_new
    said = _("The new egg is with you.") if is_new else _("That egg is with you already.")
    if welcomed and welcomed.moment:
        moments.flash(moments.new_kind(welcomed.moment, coat, said))
    else:
        flash(said)
    return htmx.redirect("pets.show")


@bp.post("/pet/not-now")
def not_now() -> Any:
    """Leave the new egg where it is, and speak of it again in a week."""
    with once() as writing:
        if writing:
            operations.not_now(writing, access.actor())
    flash(_("The egg waits on the page of your pet. We ask again in a week."))
    return today.back()


@bp.get("/pet/not-now")
def not_now_form() -> Any:
    """Lead to Today, where the question stands."""
    return redirect(url_for("today.show"), code=303)


@bp.get("/pet/moments")
def shelf() -> Any:
    """Show what happened once, a year at a time; `year` is another one than the newest."""
    who, now = access.claims(), clock.now()
    asked = request.args.get("year")
    with db.reading(since=position.seen()) as reading:
        day = read_day(reading, who, now, put_away=True)
        shown = moment_queries.shelf(reading, who, day, _year(asked) if asked else None)
    return htmx.page("pets/moments.html", shelf=shown, pet=day.pet)


def _key(field: str) -> int:
    key = parse_key(request.form[field])
    if key is None:
        raise NotYours
    return key


def _year(text: str) -> int:
    if not _YEAR.fullmatch(text):
        raise NotYours
    return int(text)


def _month(text: str) -> date:
    try:
        if not _MONTH.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NotYours from error


def _page(
    status: int = 200, *, form: PetForm | None = None, egg_form: PetForm | None = None
) -> Any:
    who, now = access.claims(), clock.now()
    today = who.day_of(now)
    with db.reading() as reading:
        shown = read_day(reading, who, now)
        resting = den.resting(reading, who)
        month = finds.tray(reading, who, today)
    pet = shown.pet
    return htmx.page(
        "pets/show.html",
        status,
        pet=pet,
        ahead=levels.ahead(pet.progress.level, pet.days_kept),
        form=form or PetForm(data={"name": pet.name, "species": pet.species, "coat": pet.coat}),
        # Each egg has a number, so that a second press takes no second egg.
        egg=len(resting) + 1 if shown.eggs > 0 else None,
        egg_form=egg_form or PetForm(),
        den=resting,
        month=month,
    )
