"""The API: what programs read and press, by a token. The same acts as those of the forms."""

from typing import Any

from flask import Blueprint, request

from app.infra import clock, db, metrics
from app.operations import commits
from app.queries import habits
from app.queries.day import read_day
from app.rules.errors import Invalid
from app.rules.language import _
from app.rules.outcome import HabitRow, Outcome
from app.rules.press import Press
from app.rules.schedule import Kind
from app.rules.scopes import Scope
from app.views.commits import Action
from app.web import bearer

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/me")
@bearer.needs(Scope.READ)
def me() -> Any:
    """Tell for whom the token acts, and which day it is there."""
    who = bearer.who()
    return {
        "id": who.user_id,
        "name": who.name,
        "timezone": who.timezone,
        "day_start": who.day_start,
        "is_premium": who.is_premium,
        "today": who.day_of(clock.now()).isoformat(),
    }


@bp.get("/today")
@bearer.needs(Scope.READ)
def today() -> Any:
    """Tell what stands on Today: pillars with their habits, and the pet."""
    with db.reading() as reading:
        day = read_day(reading, bearer.who(), clock.now())
    board, pet = day.board, day.pet
    return {
        "day": board.today.isoformat(),
        "due": pet.due,
        "kept": pet.kept,
        "pet": {"name": pet.name, "species": pet.species, "xp": pet.xp, "mood": pet.mood.value},
        "pillars": [
            {
                "id": pillar.id,
                "name": pillar.name,
                "habits": [_row(row) for row in board.rows(pillar.id)],
            }
            for pillar in day.person.pillars
        ],
    }


@bp.put("/habits/<key:habit_id>/days/<day>")
@bearer.needs(Scope.COMMIT)
def keep(habit_id: int, day: str) -> Any:
    """Keep a habit on a day; one that is kept already stays so, with one reward."""
    return _press(commits.record, habit_id, day)


@bp.delete("/habits/<key:habit_id>/days/<day>")
@bearer.needs(Scope.COMMIT)
def take_back(habit_id: int, day: str) -> Any:
    """Take a day back; one that is not kept stays so."""
    return _press(commits.undo, habit_id, day)


def _press(act: Action, habit_id: int, day: str) -> Any:
    press = Press.parse(day, request.headers.get("Idempotency-Key", ""))
    _refuse_amounts(habit_id, press)
    with db.pressing() as writing:
        outcome = act(writing, bearer.who().actor, habit_id, press)
    metrics.pressed(outcome.act)
    return _told(outcome)


def _refuse_amounts(habit_id: int, press: Press) -> None:
    # Each press on such a habit adds something, which the same PUT twice must not.
    with db.reading() as reading:
        found = read_day(reading, bearer.who(), clock.now(), habit_id=habit_id)
        habit = habits.find(habit_id, found)
    press.check()
    if any(term.kind is not Kind.CHECK for term in habit.timetable.terms):
        raise Invalid(day=_("This habit counts an amount. Add that on its page."))


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "habit": outcome.row.id,
        "day": outcome.day.isoformat(),
        "kept": outcome.kept,
        "xp": outcome.amount,
        "streak": outcome.row.streak,
    }


def _row(row: HabitRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "due": row.due,
        "asked": row.asked,
        "kept": row.done,
        "state": row.state.value,
        "streak": row.streak,
        "best": row.best,
        "gain": row.gain,
        "counts_amounts": row.counted is not None,
    }
