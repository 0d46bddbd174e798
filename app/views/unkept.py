"""The question about a habit that was not kept in a long while. It stands on Today."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import db
from app.operations import unkept as operations
from app.operations.unkept import Answer
from app.queries import habits as queries
from app.rules.language import _
from app.web import access, htmx
from app.web.once import once

bp = Blueprint("unkept", __name__)


@bp.post("/habits/<key:habit_id>/answer")
def answer(habit_id: int) -> Any:
    """Take what should become of the habit; what is no answer of ours leaves it as it is."""
    sent = request.form.get("answer", "")
    said = Answer(sent) if sent in set(Answer) else Answer.KEEP
    with once() as writing:
        if writing:
            operations.answer(writing, access.actor(), habit_id, said)
    if said is Answer.SMALLER:
        return htmx.go(url_for("habits.show", habit_id=habit_id, _anchor="edit-habit"))
    flash(_told(said))
    return htmx.redirect("today.show")


@bp.get("/habits/<key:habit_id>/answer")
def question(habit_id: int) -> Any:
    """Lead whoever reloads the answer to the habit."""
    with db.reading() as reading:
        queries.pillar_of(reading, access.claims(), habit_id)
    return redirect(url_for("habits.show", habit_id=habit_id), code=303)


def _told(said: Answer) -> str:
    match said:
        case Answer.REST:
            return _("It rests from today on. You find the rest under You, and end it there.")
        case Answer.LET_GO:
            return _("Archived, and its days stay. You can restore it at any time.")
        case _:
            return _("Good. It stays as it is.")
