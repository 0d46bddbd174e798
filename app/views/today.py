"""Today, and for visitors the landing page."""

from typing import Any

from flask import Blueprint, current_app

from app.infra import clock, db
from app.queries import today
from app.rules import days
from app.views import access, htmx
from app.views.forms import HabitForm

bp = Blueprint("today", __name__)

# Nobody types into it, so all requests may share it.
_BLANK_HABIT = HabitForm()


@bp.get("/")
@access.public
def show() -> Any:
    """Show the day, or to visitors what this is."""
    if access.current():
        return page()
    # A page of a sign-in that has ended asks for its <main>: the landing is no part of it.
    return access.ask_to_sign_in() if htmx.is_htmx() else htmx.page("landing.html")


def page(
    status: int = 200,
    habit_form: HabitForm | None = None,
    habit_form_pillar: int | None = None,
) -> Any:
    """Render Today; a refused form comes along filled in, `habit_form` under its pillar."""
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        shown = today.show(reading, who, now, current_app.extensions["settings"].free_pillars)
    return htmx.page(
        "today/show.html",
        status,
        today=shown,
        day_ends_at=days.day_ends_at(shown.day, who.timezone, who.day_start),
        habit_form=habit_form or _BLANK_HABIT,
        habit_form_pillar=habit_form_pillar,
    )
