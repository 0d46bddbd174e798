"""The style room: what the app is drawn with, to look at. It shows nobody's data."""

from datetime import date
from typing import Any

from flask import Blueprint

from app.rules.levels import Stage
from app.rules.moments import Moment, Occasion
from app.rules.mood import Mood
from app.rules.names import COATS, COLORS, ICONS, SPECIES
from app.rules.outcome import DayState, HabitRow, PetCard, PillarHeader
from app.views.forms import HabitForm, PillarForm
from app.web import htmx
from app.web.access import public

bp = Blueprint("style", __name__)

_DAY = date(2026, 3, 10)
_LONG = "Practise the second movement slowly, hands apart, with the metronome on"


@bp.get("/style")
@public
def show() -> Any:
    """Show every component in every state."""
    refused = HabitForm(data={"name": "Read", "effort": "hard"})
    refused.name.errors = ["At most 80 characters; these are 92."]
    return htmx.page(
        "style/show.html",
        day=_DAY,
        colors=COLORS,
        icons=ICONS,
        rows={
            "Open": _row(1, "Read 10 pages", streak=12),
            "Kept": _row(2, "Read 10 pages", state=DayState.KEPT, streak=13),
            "A run that began anew": _row(3, "Read 10 pages", best=23),
            "Not due": _row(4, "Read 10 pages", state=DayState.IDLE),
            "A long name": _row(5, _LONG, streak=3),
            "Right to left": _row(6, "اقرأ عشر صفحات", state=DayState.KEPT, streak=3),
        },
        waiting=_row(7, "On its way"),
        unsure=_row(8, "Not confirmed"),
        header=PillarHeader(1, "Mind", "iris", "book", 340, False, 4, 2, 0),
        pets=[
            _pet("fox", 12, Mood.CONTENT, kept=0),
            _pet("owl", 700, Mood.EAGER, kept=0),
            _pet("cat", 5000, Mood.HAPPY, kept=3),
            _pet("dragon", 9600, Mood.PROUD, kept=12),
        ],
        celebrated=_pet("sprout", 1500, Mood.HAPPY, kept=4),
        moments=(Moment(Occasion.LEVEL, 8),),
        habit_form=refused,
        pillar_form=PillarForm(data={"name": "Mind", "color": "iris", "icon": "book"}),
    )


@bp.get("/style/pets")
@public
def pets() -> Any:
    """Show every pet in every stage and mood, on light and on dark."""
    return htmx.page(
        "style/pets.html", species=SPECIES, stages=list(Stage), moods=list(Mood), coats=COATS
    )


def _row(
    number: int,
    name: str,
    state: DayState = DayState.OPEN,
    streak: int = 0,
    best: int = 0,
) -> HabitRow:
    return HabitRow(
        id=number,
        pillar_id=1,
        name=name,
        due=state is not DayState.IDLE,
        state=state,
        streak=streak,
        best=max(best, streak),
        gain=12,
    )


def _pet(species: str, xp: int, mood: Mood, kept: int) -> PetCard:
    return PetCard(
        id=1,
        name="Miso",
        species=species,
        coat=COATS[0],
        xp=xp,
        days_kept=0,
        mood=mood,
        due=12,
        kept=kept,
        version=0,
    )
