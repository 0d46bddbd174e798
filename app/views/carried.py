"""What was pressed or typed and not saved, since its sign-in had ended or a proof was asked for."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from app.infra import clock, db
from app.queries import habits
from app.rules.days import parse_day
from app.rules.errors import NotYours
from app.rules.language import _
from app.web import access, carried, htmx
from app.web.carried import Form

bp = Blueprint("carried", __name__)

# What people type in their own words: the rest of a form is for machines.
_TYPED = ("name", "note", "amount", "unit", "reason")


@bp.get("/not-saved")
def show() -> Any:
    """Show what waits, with a button that sends it; lead to Today where nothing does."""
    form = carried.waiting()
    if form is None:
        return redirect(url_for("today.show"), code=303)
    endpoint, habit_id = _meant(form)
    day = None
    with suppress(ValueError):
        day = parse_day(form.first("day"))
    return htmx.page(
        "carried/show.html",
        form=form,
        press=_word(endpoint),
        habit=_habit(habit_id),
        day=day,
        typed=[text for name in _TYPED if (text := form.first(name)) != form.first(f"was-{name}")],
    )


def _meant(form: Form) -> tuple[str, int | None]:
    """Return the endpoint that the form goes to, and the habit that it is about, if it is."""
    urls = current_app.url_map.bind_to_environ(request.environ)
    with suppress(HTTPException):
        endpoint, values = urls.match(form.path, method="POST")
        return endpoint, values.get("habit_id")
    return "", None


def _habit(habit_id: int | None) -> str:
    """Return the name of the habit, empty where it is gone, or where the form is about none."""
    if habit_id is not None:
        who = access.claims()
        with suppress(NotYours), db.reading() as reading:
            return habits.kept_day(reading, who, habit_id, who.day_of(clock.now())).name
    return ""


def _word(endpoint: str) -> str:
    words = {"commits.record": _("Commit"), "commits.undo": _("Undo")}
    return words.get(endpoint, _("Send it now"))
