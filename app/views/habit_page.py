"""The page of a habit, which acts of several rooms answer with."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request, url_for

from app.infra import clock, db
from app.queries import habit_page as queries
from app.queries import notes as note_queries
from app.queries import rooted as rooted_queries
from app.queries.day import read_day
from app.queries.habit_page import Asked
from app.rules import days, months
from app.rules.moments import Moment
from app.rules.terms import TermFields
from app.views.forms import HabitForm, NoteForm, SkipForm
from app.web import access, htmx


def lead_to(habit_id: int, day: date | None, moments: Sequence[Moment] = ()) -> Any:
    """Answer an act that succeeded with the habit's page, open at `day` (None: at today).

    The pet celebrates the `moments` that it brought about.
    """
    if htmx.is_htmx():
        return page(habit_id, day=day, moments=moments)
    anchor = "day" if day else None
    return htmx.go(url_for("habits.show", habit_id=habit_id, day=day, _anchor=anchor))


def page(
    habit_id: int,
    status: int = 200,
    form: HabitForm | None = None,
    note_form: NoteForm | None = None,
    skip_form: SkipForm | None = None,
    day: date | None = None,
    moments: Sequence[Moment] = (),
    refused: tuple[str, str] | None = None,
) -> Any:
    """Render the page of a habit, open at `day`; a form that was refused comes along filled in.

    An amount that is `refused` comes as it was typed, with why it cannot be taken.
    """
    who, now = access.claims(), clock.now()
    opened = day or day_asked("day") or day_asked("note")
    if opened is None and (sent := note_form or skip_form):
        opened = sent.day.data
    with db.reading() as reading:
        shown = read_day(reading, who, now, habit_id=habit_id)
        asked = Asked(opened, _month_asked())
        habit = queries.page(reading, who, habit_id, shown, asked)
        notes = note_queries.of_habit(reading, who, habit_id, day_asked("notes"))
        rooted = rooted_queries.of_habit(reading, who, habit_id, shown)
    today, one_day = shown.board.today, habit.one_day
    data = {"name": habit.row.name, "effort": habit.effort, "starts_on": habit.starts_on}
    data["day_part"] = shown.person.day_parts.get(habit_id, "")
    used = TermFields.of(habit.terms[-1])._asdict()
    data |= {name: value for name, value in used.items() if value is not None}
    noted = {"day": one_day.day, "note": one_day.note} if one_day else {"day": today}
    return htmx.page(
        "habits/show.html",
        status,
        habit=habit,
        pillars=shown.person.pillars,
        day=today,
        opened=opened is not None,
        pet=shown.pet,
        moments=moments,
        refused=refused,
        day_ends_at=days.day_ends_at(today, who.timezone, who.day_start),
        habit_form=form or HabitForm(data=data),
        notes=notes,
        rooted=rooted,
        note_form=note_form or NoteForm(data=noted),
        skip_form=skip_form or SkipForm(data={"day": noted["day"]}),
    )


def day_asked(name: str) -> date | None:
    """Return the day that the address names under `name`, None for none."""
    try:
        return days.parse_day(request.args.get(name, ""))
    except ValueError:
        return None


def _month_asked() -> date | None:
    """Return a day of the month to be shown. Once a list of days began at the day `newest`."""
    try:
        return months.parse(request.args.get("month", ""))
    except ValueError:
        return day_asked("newest")
