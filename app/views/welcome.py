"""The first steps: an egg, some pillars, one small habit in each; three presses, or a skip.

All three steps are one form on one page, and the browser alone goes from step to step. So nothing
is written before the last press, going back loses nothing, and no step waits for the server.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from app.config import Settings
from app.infra import clock, db
from app.operations import welcome as operations
from app.operations.pillars import PillarFields
from app.operations.welcome import EggFields, Start
from app.queries import pillars
from app.queries.day import read_day
from app.rules.errors import Invalid, PlanFull
from app.rules.language import ngettext, number
from app.rules.outcome import PetCard
from app.rules.plan import pillar_limit
from app.rules.starters import CHOSEN, STARTERS, Starter
from app.views.forms import EggForm, StarterForm
from app.web import access, htmx
from app.web.errors import status_of
from app.web.once import once

bp = Blueprint("welcome", __name__)

_EGG, _PILLARS, _HABITS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Choices:
    """The form: the egg, and every pillar that may be begun with."""

    egg: EggForm
    starters: tuple[tuple[Starter, StarterForm], ...]

    def picked(self) -> list[tuple[Starter, StarterForm]]:
        """Return the pillars that are chosen."""
        return [(starter, form) for starter, form in self.starters if form.picked.data]


@bp.get("/welcome")
def show() -> Any:
    """Show the first steps, or to someone who has taken them that there is nothing to do."""
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        day = read_day(reading, who, now)
        if pillars.all_pillars(reading, who, day):
            return htmx.page("welcome/done.html", pet=day.pet)
    return _page(_choices(None, day.pet))


@bp.post("/welcome")
def finish() -> Any:
    """Make everything that was chosen, once however often it is sent, and lead to Today."""
    choices = _sent()
    picked = choices.picked()
    if not choices.egg.validate():
        return _page(choices, 422)
    # Each is looked at, so that everything that is wrong is told at once.
    if [form for _starter, form in picked if not form.validate()]:
        return _page(choices, 422, _HABITS)
    starts = tuple(
        Start(
            PillarFields(form.pillar.data or "", starter.color, starter.icon),
            form.habit.data or "",
        )
        for starter, form in picked
    )
    try:
        _begin(choices.egg, starts)
    except PlanFull as error:
        return _page(choices, status_of(error), _PILLARS, _too_many())
    except Invalid as error:
        return _page(choices, status_of(error), _HABITS, error.sentence)
    return htmx.go(url_for("today.show"))


@bp.get("/welcome/skip")
def skip() -> Any:
    """Leave everything as it is and lead to Today."""
    return redirect(url_for("today.show"), code=303)


@bp.post("/welcome/skip")
def skip_rest() -> Any:
    """Keep the egg that was chosen, make nothing else, and lead to Today."""
    choices = _sent()
    if not choices.egg.validate():
        return _page(choices, 422)
    _begin(choices.egg, ())
    return htmx.go(url_for("today.show"))


def _too_many() -> str:
    most = _settings().free_pillars
    sentence = ngettext(
        "An account here can have %(num)s pillar. Untick what can wait.",
        "An account here can have %(num)s pillars. Untick what can wait.",
        most,
    )
    return sentence % {"num": number(most)}


def _begin(egg: EggForm, starts: tuple[Start, ...]) -> None:
    settings = _settings()
    with once("welcome") as writing:
        if writing:
            operations.begin(
                writing,
                access.actor(),
                EggFields(egg.name.data or "", egg.species.data, egg.coat.data),
                starts,
                free_pillars=settings.free_pillars,
                max_habits=settings.max_habits,
            )


def _sent() -> _Choices:
    """Return the form as it was sent. What is not in it of the pet stays as it is."""
    with db.reading() as reading:
        pet = read_day(reading, access.claims(), clock.now()).pet
    return _choices(request.form, pet)


def _choices(sent: "MultiDict[str, str] | None", pet: PetCard) -> _Choices:
    """Return the form as it was sent, or with what is proposed to someone who has just come."""
    egg = {"species": pet.species, "coat": pet.coat} | ({"name": pet.name} if pet.name else {})
    most = _most()
    chosen = CHOSEN if most is None else min(CHOSEN, most)
    starters = tuple(
        (
            starter,
            StarterForm(
                sent,
                prefix=starter.key,
                data={
                    "picked": place < chosen,
                    "pillar": str(starter.name),
                    "habit": str(starter.habit),
                },
            ),
        )
        for place, starter in enumerate(STARTERS)
    )
    return _Choices(EggForm(sent, data=egg), starters)


def _page(choices: _Choices, status: int = 200, step: int = _EGG, refused: str = "") -> Any:
    return htmx.page(
        "welcome/show.html",
        status,
        egg=choices.egg,
        starters=choices.starters,
        most=_most(),
        step=step,
        refused=refused,
    )


def _most() -> int | None:
    return pillar_limit(access.claims().is_premium, _settings().free_pillars)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
