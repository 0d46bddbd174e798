"""The style room: what the app is drawn with, to look at. It shows nobody's data."""

from datetime import date
from typing import Any

from flask import Blueprint

from app.rules.amounts import ONE
from app.rules.levels import Stage
from app.rules.moments import Moment, Occasion
from app.rules.mood import Mood
from app.rules.names import COATS, COLORS, ICONS, SPECIES
from app.rules.outcome import Counted, DayState, HabitRow, PetCard, PillarHeader
from app.rules.schedule import Kind, Schedule
from app.views.forms import HabitForm, PillarForm
from app.web import htmx
from app.web.access import public

bp = Blueprint("style", __name__)

_DAY = date(2026, 3, 10)
_YESTERDAY = date(2026, 3, 9)
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
            "A shield held yesterday": _row(4, "Read 10 pages", streak=12, held=_YESTERDAY),
            "Not due": _row(5, "Read 10 pages", state=DayState.IDLE),
            "Resting": _row(6, "Read 10 pages", state=DayState.RESTING, streak=12),
            "So many times a week": _row(
                7, "Swim", streak=5, needed=3, tally=1, schedule=Schedule.WEEKLY
            ),
            "A long name": _row(8, _LONG, streak=3),
            "Right to left": _row(9, "اقرأ عشر صفحات", state=DayState.KEPT, streak=3),
            "An amount, nothing yet": _row(10, "Read", counted=_pages(0)),
            "A part of it": _row(11, "Read", state=DayState.PARTIAL, counted=_pages(35)),
            "All of it": _row(12, "Read", state=DayState.KEPT, counted=_pages(50)),
            "More than all of it": _row(13, "Read", state=DayState.KEPT, counted=_pages(65)),
            "Within a limit": _row(14, "Coffee", counted=_cups(1)),
            "At the limit": _row(15, "Coffee", counted=_cups(2)),
            "Past the limit": _row(16, "Coffee", counted=_cups(3)),
        },
        waiting=_row(17, "On its way"),
        unsure=_row(18, "Not confirmed"),
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
    **more: Any,
) -> HabitRow:
    return HabitRow(
        id=number,
        pillar_id=1,
        name=name,
        due=state not in {DayState.IDLE, DayState.RESTING},
        state=state,
        streak=streak,
        best=max(best, streak),
        gain=12,
        asked=state in {DayState.OPEN, DayState.PARTIAL},
        **more,
    )


def _pages(many: int) -> Counted:
    return Counted(
        Kind.AT_LEAST, many * ONE, 50 * ONE, 5 * ONE, "pages", many * ONE, is_met=many >= 50
    )


def _cups(many: int) -> Counted:
    return Counted(Kind.AT_MOST, many * ONE, 2 * ONE, ONE, "coffees", many * ONE)


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
