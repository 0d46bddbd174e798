"""A press on Commit, one on Undo, and a form that adds an amount: lock, read, write."""

from app.infra.statement import At
from app.operations.commits import writes
from app.operations.commits.reading import answered, stand, unchanged
from app.operations.commits.standing import Standing
from app.operations.commits.writing import count, keep, take_back
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.outcome import Outcome
from app.rules.press import Press, check_window
from app.rules.totals import Change


def record(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Keep the habit on the day of `press`: at most once, with one reward.

    Where an amount is counted on that day, it adds a step to it. Returns the Outcome, UNCHANGED
    when the day was kept already or the key is known. Raises SessionEnded, NotYours, Archived, and
    Invalid for a day outside starts_on … today or the key of another form.
    """
    standing = stand(at, actor, habit_id, press, f"commit/{habit_id}")
    if known := answered(at, standing):
        return known
    if standing.counts:
        return _add(at, standing, standing.term.step)
    if standing.is_kept:
        return unchanged(at, standing)
    _check_window(standing)
    return keep(at, standing, writes.PLAIN)


def add(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Add the amount of `press` to its day; with it the habit may be kept.

    Returns the Outcome, UNCHANGED when the key is known. Raises SessionEnded, NotYours, Archived,
    and Invalid: for a habit that counts nothing on that day, a day outside starts_on … today, an
    amount that cannot be, or the key of another form.
    """
    standing = stand(at, actor, habit_id, press, f"amount/{habit_id}")
    if known := answered(at, standing):
        return known
    if not standing.counts or press.amount is None:
        raise Invalid(amount=_("This habit is kept by doing it, and counts no amounts."))
    return _add(at, standing, press.amount)


def undo(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Take the habit's commit on the day of `press` back, and exactly what it gave.

    Where an amount is counted on that day, it takes the newest one back, and the commit of the
    day, or of its week or month, if that leaves less than the target. Returns the Outcome,
    UNCHANGED when there is nothing to take back or the key is known. Raises SessionEnded, NotYours,
    Archived, and Invalid.
    """
    standing = stand(at, actor, habit_id, press, f"undo/{habit_id}")
    if known := answered(at, standing):
        return known
    less = standing.row.newest_amount if standing.counts else None
    if less is not None:
        return _take(at, standing, less)
    # The commit of a week or month stands while its amounts do, on whichever days they are.
    holds = standing.counts and standing.term.is_total and standing.total.is_met
    if holds or not standing.is_kept:
        return unchanged(at, standing)
    return take_back(at, standing, standing.day, writes.PLAIN)


def _add(at: At, standing: Standing, more: int) -> Outcome:
    _check_window(standing)
    total = standing.total
    change = total.change(more)
    if change is Change.KEPT:
        return keep(at, standing, writes.ADDING, more)
    if change is Change.OPENED and total.kept_on:
        return take_back(at, standing, total.kept_on, writes.ADDING, more)
    return count(at, standing, writes.ADDING, more)


def _take(at: At, standing: Standing, less: int) -> Outcome:
    total = standing.total
    if total.change(-less) is Change.OPENED and total.kept_on:
        return take_back(at, standing, total.kept_on, writes.TAKING, -less)
    return count(at, standing, writes.TAKING, -less)


def _check_window(standing: Standing) -> None:
    check_window(standing.day, standing.habit.timetable.starts_on, standing.today)
