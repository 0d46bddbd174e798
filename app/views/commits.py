"""Commit and undo: the two presses that the app is made for."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, request
from sqlalchemy import Connection

from app.infra import clock, db, metrics
from app.operations import commits
from app.queries import habits
from app.queries import today as queries
from app.queries.day import read_day
from app.rules.errors import Archived, DomainError, Invalid
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.outcome import Act, Outcome
from app.rules.press import Press
from app.views import habit_page, today
from app.web import access, filters, htmx, moments
from app.web.errors import status_of
from app.web.moments import Telling

bp = Blueprint("commits", __name__)

_A_WEEK = 7
# Where a press comes from the habit's own page, of which it may change every part.
_OWN_PAGE = {"habit", "day"}

Action = Callable[[Connection, Actor, int, Press], Outcome]


@bp.post("/habits/<key:habit_id>/commit")
def record(habit_id: int) -> Any:
    """Keep the habit on a day, today unless the form says another."""
    return answer(commits.record, habit_id, _press())


@bp.post("/habits/<key:habit_id>/undo")
def undo(habit_id: int) -> Any:
    """Take a commit back."""
    return answer(commits.undo, habit_id, _press())


@bp.get("/habits/<key:habit_id>/undo")
def ask(habit_id: int) -> Any:
    """Ask before a day is taken back, today unless `day` names another: XP goes with it."""
    who, now = access.claims(), clock.now()
    press = Press.parse(request.args.get("day", ""), "")
    with db.reading() as reading:
        kept = habits.kept_day(reading, who, habit_id, press.day or who.day_of(now))
    board = today.board_of(request.args.get("board", ""))
    return htmx.page("commits/undo.html", kept=kept, board=board)


def answer(act: Action, habit_id: int, press: Press) -> Any:
    """Press, and answer with what changed: fragments for HTMX, else the way back to the page.

    For HTMX a refused press is answered too, with the row as it is. Raises DomainError else.
    """
    try:
        with db.pressing() as writing:
            outcome = act(writing, access.actor(), habit_id, press)
    except (Archived, Invalid) as error:
        if not htmx.is_htmx():
            raise
        return _truth(habit_id, press, error)
    metrics.pressed(outcome.act)
    source, board = request.form.get("from", "today"), _board()
    told = moments.telling(outcome)
    meant = {outcome.today, board}
    if source == "yesterday":
        meant.add(outcome.today - timedelta(days=1))
    # A row shows its day, so one that acts on another stands on a page of that day; the day that is
    # open on a habit's page means itself.
    is_over = source != "day" and outcome.day not in meant
    is_own_page = source in _OWN_PAGE and board is None
    if htmx.is_htmx() and not is_over and not is_own_page:
        return _fragments(outcome, source, board, told)
    if is_over:
        flash(_late(outcome))
    # What a late press brought about is celebrated now or never.
    if outcome.moments or not is_over:
        moments.flash(told)
    if htmx.is_htmx():
        return htmx.retarget(_back(source, outcome, board), "#main")
    return _back(source, outcome, board)


def _fragments(
    outcome: Outcome,
    source: str,
    board: date | None,
    told: Telling,
    error: DomainError | None = None,
) -> Any:
    """Answer with the row as it stands on its page, and with what else has changed there.

    The row of another day is read once more: it was written just now. With the `error` that
    refused the press, the answer has its status, and what was typed stands in the row.
    """
    late = None
    if board is not None or source == "yesterday":
        who, now = access.claims(), clock.now()
        with db.reading() as reading:
            if board is not None:
                day = read_day(reading, who, now, on=board, habit_id=outcome.row.id)
                outcome = day.seen_from(outcome)
            else:
                late = queries.row_of_yesterday(reading, who, now, outcome.row.id)
    return htmx.fragments(
        "commits/_answer.html",
        status_of(error) if error else 200,
        outcome=outcome,
        source=source,
        told=told,
        board=board,
        late=late,
        refused=_refused(error),
    )


def _board() -> date | None:
    """Return the day gone by on whose board the pressed row stands, None where it is no such."""
    return today.board_of(request.form.get("board", ""))


def _press() -> Press:
    return Press.parse(request.form.get("day", ""), request.form.get("key", ""))


def _truth(habit_id: int, press: Press, error: DomainError) -> Any:
    """Answer a refused press with the row as it is, or with the habit's page, and with why."""
    who, now = access.claims(), clock.now()
    source, board = request.form.get("from", "today"), _board()
    if source in _OWN_PAGE and board is None:
        flash(error.sentence)
        opened = press.day if source == "day" else None
        shown = habit_page.page(habit_id, status_of(error), day=opened, refused=_refused(error))
        return htmx.retarget(shown, "#main")
    with db.reading() as reading:
        day = read_day(reading, who, now, habit_id=habit_id)
        habit = habits.find(habit_id, day)
        row, pillar = day.board.row(habit), habits.home(reading, who, habit, day)
    outcome = Outcome(
        Act.UNCHANGED, day.board.today, day.board.today, row.done, 0, row, (pillar,), day.pet,
        began=day.began,
    )  # fmt: skip
    return _fragments(outcome, source, board, moments.plain(error.sentence), error)


def _refused(error: DomainError | None) -> tuple[str, str] | None:
    """Return the amount as it was typed, and why it cannot be taken; None when it is not that."""
    sentences = error.errors.get("amount") if isinstance(error, Invalid) else None
    return (request.form.get("amount", ""), " ".join(sentences)) if sentences else None


def _late(outcome: Outcome) -> str:
    if outcome.act is Act.UNCHANGED and not outcome.kept:
        return moments.telling(outcome)["said"][0][0]
    names = {
        "day": filters.weekday(outcome.day),
        "date": filters.shortday(outcome.day),
        "today": filters.weekday(outcome.today),
    }
    if outcome.act is Act.ADDED:
        return _("Added for %(day)s. It is %(today)s now.") % names
    if (outcome.today - outcome.day).days >= _A_WEEK:
        said = _("Saved for %(date)s.") if outcome.kept else _("Taken back for %(date)s.")
        return said % names
    if outcome.kept:
        return _("Saved for %(day)s. It is %(today)s now.") % names
    return _("Taken back for %(day)s. It is %(today)s now.") % names


def _back(source: str, outcome: Outcome, board: date | None) -> Any:
    if board is not None:
        return htmx.redirect("today.show", day=board.isoformat())
    if source in _OWN_PAGE:
        day = outcome.day if source == "day" else None
        return habit_page.lead_to(outcome.row.id, day, outcome.moments)
    if source == "pillar":
        return htmx.redirect("pillars.show", pillar_id=outcome.row.pillar_id)
    return today.back()
