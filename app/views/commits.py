"""Commit and undo: the two presses that the app is made for."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request
from sqlalchemy import Connection

from app.infra import clock, db, metrics
from app.operations import commits
from app.queries import habits
from app.queries.day import read_day
from app.rules.errors import Archived, DomainError, Invalid
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.outcome import Act, Outcome
from app.rules.press import Press
from app.web import access, filters, htmx, moments
from app.web.errors import status_of

bp = Blueprint("commits", __name__)

_A_WEEK = 7

Action = Callable[[Connection, Actor, int, Press], Outcome]


@bp.post("/habits/<key:habit_id>/commit")
def record(habit_id: int) -> Any:
    """Keep the habit on a day, today unless the form says another."""
    return _answer(commits.record, habit_id)


@bp.post("/habits/<key:habit_id>/undo")
def undo(habit_id: int) -> Any:
    """Take a commit back."""
    return _answer(commits.undo, habit_id)


@bp.get("/habits/<key:habit_id>/undo")
def ask(habit_id: int) -> Any:
    """Ask before a day is taken back, today unless `day` names another: XP goes with it."""
    who, now = access.claims(), clock.now()
    press = Press.parse(request.args.get("day", ""), "")
    with db.reading() as reading:
        kept = habits.kept_day(reading, who, habit_id, press.day or who.day_of(now))
    return htmx.page("commits/undo.html", kept=kept)


def _answer(act: Action, habit_id: int) -> Any:
    press = Press.parse(request.form.get("day", ""), request.form.get("key", ""))
    try:
        with db.pressing() as writing:
            outcome = act(writing, access.actor(), habit_id, press)
    except (Archived, Invalid) as error:
        if not htmx.is_htmx():
            raise
        return _truth(habit_id, error)
    metrics.pressed(outcome.act)
    source = request.form.get("from", "today")
    told = moments.telling(outcome)
    # A row shows today, so one that acts on another day stands on a page of that day; a cell of
    # the habit's recent days means the day that it names.
    is_over = source != "day" and outcome.day != outcome.today
    if htmx.is_htmx() and not is_over:
        return htmx.fragments("commits/_answer.html", outcome=outcome, source=source, told=told)
    if is_over:
        flash(_late(outcome))
    # What a late press brought about is celebrated now or never.
    if outcome.moments or not is_over:
        moments.flash(told)
    if htmx.is_htmx():
        return htmx.retarget(_back(source, outcome), "#main")
    return _back(source, outcome)


def _truth(habit_id: int, error: DomainError) -> Any:
    """Answer a refused press with the row as it is, and with why."""
    who, now = access.claims(), clock.now()
    with db.reading() as reading:
        day = read_day(reading, who, now, habit_id=habit_id)
        habit = habits.page(reading, who, habit_id, day)
    source = request.form.get("from", "today")
    outcome = Outcome(
        Act.UNCHANGED, day.board.today, day.board.today, habit.row.done, 0,
        habit.row, (habit.pillar,), day.pet,
    )  # fmt: skip
    return htmx.fragments(
        "commits/_answer.html",
        status_of(error),
        outcome=outcome,
        source=source,
        told=moments.plain(error.sentence),
    )


def _late(outcome: Outcome) -> str:
    if outcome.act is Act.UNCHANGED and not outcome.kept:
        return moments.telling(outcome)["said"][0][0]
    names = {
        "day": filters.weekday(outcome.day),
        "date": filters.shortday(outcome.day),
        "today": filters.weekday(outcome.today),
    }
    if (outcome.today - outcome.day).days >= _A_WEEK:
        said = _("Saved for %(date)s.") if outcome.kept else _("Taken back for %(date)s.")
        return said % names
    if outcome.kept:
        return _("Saved for %(day)s. It is %(today)s now.") % names
    return _("Taken back for %(day)s. It is %(today)s now.") % names


def _back(source: str, outcome: Outcome) -> Any:
    if source in {"habit", "day"}:
        return htmx.redirect("habits.show", habit_id=outcome.row.id)
    if source == "pillar":
        return htmx.redirect("pillars.show", pillar_id=outcome.row.pillar_id)
    return htmx.redirect("today.show")
