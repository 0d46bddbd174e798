"""Writes the terms of a habit: its first ones, and others from the user's today on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.facts import terms as facts
from app.models import Amount, Commit, Habit
from app.rules import terms as rules
from app.rules.amounts import ONE
from app.rules.days import EARLIEST_DAY
from app.rules.errors import Invalid
from app.rules.language import _
from app.rules.schedule import Kind, Term
from app.rules.terms import TermFields

_DELETE = text("DELETE FROM schedules WHERE user_id = :me AND habit_id = :habit")
_INSERT = text("""
    INSERT INTO schedules (user_id, habit_id, starts_on, kind, measure, weekdays, times, every,
                           target, step, unit)
    VALUES (:me, :habit, :starts_on, :schedule, :kind, :weekdays, :times, :every,
            :target, :step, :unit)
""")


def begin(
    session: Session, habit: Habit, fields: TermFields, starts_on: date | None, today: date
) -> None:
    """Give a new habit its first term, from `starts_on` on (None: today). Raises Invalid."""
    first_day = _first_day(starts_on or today, today)
    write(session, habit, (fields.term(Term(first_day), first_day),))


def change(
    session: Session, habit: Habit, fields: TermFields, starts_on: date | None, today: date
) -> bool:
    """Change the first day (None: as it is), and from today on what is asked for.

    Tells whether anything is another one now: the days are to be folded anew then. Raises Invalid.
    """
    before = facts.look(session, habit.user_id, habit.id)
    after = _started(session, habit, before, starts_on, today)
    after = rules.followed(after, fields.term(after[-1], max(today, after[0].starts_on)))
    if after == before:
        return False
    write(session, habit, after)
    return True


def _started(
    session: Session, habit: Habit, terms: tuple[Term, ...], starts_on: date | None, today: date
) -> tuple[Term, ...]:
    # A day that is set already is fine, also when the user has flown to where it lies ahead.
    if starts_on is None or starts_on == terms[0].starts_on:
        return terms
    _first_day(starts_on, today)
    own = {"user_id": habit.user_id, "habit_id": habit.id}
    first = (
        session.scalar(select(func.min(table.day)).filter_by(**own)) for table in (Commit, Amount)
    )
    earliest = min(filter(None, first), default=None)
    if earliest is not None and starts_on > earliest:
        raise Invalid(
            starts_on=_("You kept this habit before that day. Choose an earlier first day.")
        )
    return rules.started(terms, starts_on)


def _first_day(starts_on: date, today: date) -> date:
    if not EARLIEST_DAY <= starts_on <= today:
        raise Invalid(
            starts_on=_("Choose a first day from %(first)s to today.")
            % {"first": EARLIEST_DAY.isoformat()}
        )
    return starts_on


def write(session: Session, habit: Habit, terms: Sequence[Term]) -> None:
    """Write all terms of a habit in place of those that it has: they are few."""
    habit.counted = any(term.kind is not Kind.CHECK for term in terms)
    own = {"me": habit.user_id, "habit": habit.id}
    session.execute(_DELETE, own)
    session.execute(_INSERT, [own | _row(term) for term in terms])


def _row(term: Term) -> dict[str, object]:
    amounts = {"target": Decimal(term.target) / ONE, "step": Decimal(term.step) / ONE}
    return term._asdict() | amounts
