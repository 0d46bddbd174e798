"""Days away: count them as a rest of everything, or leave them as they are."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.facts.rests import RESTS
from app.infra import clock
from app.operations import rests
from app.operations.owner import Owner, begin_change
from app.operations.rests import Subject
from app.rules.identity import Actor
from app.rules.resting import Span
from app.rules.rests import Rests

_ONE_DAY = timedelta(days=1)

_RESTS = text("SELECT " + RESTS.format(user=":me"))
_ANSWERED = text("""
    UPDATE users SET away_answered = greatest(away_answered, CAST(:through AS date)) WHERE id = :me
""")


def rest(session: Session, actor: Actor, starts_on: date | None, ends_on: date | None) -> None:
    """Count the days from `starts_on` through `ends_on` as a rest of everything.

    Without an end they go through yesterday. Days that all rest already get no second rest.
    Raises Invalid for days that cannot be a rest.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    today = owner.day_of(now)
    span = Span(starts_on or today, ends_on or today - _ONE_DAY)
    if not _rest_already(session, owner, span):
        rests.begin(session, owner, Subject(), span, now)
    _answer(session, owner, min(span.ends_on or today, today - _ONE_DAY))


def leave(session: Session, actor: Actor) -> None:
    """Leave the days before today as they are: nobody is asked about them again."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    _answer(session, owner, owner.day_of(now) - _ONE_DAY)


def _rest_already(session: Session, owner: Owner, span: Span) -> bool:
    known = Rests.of(session.scalar(_RESTS, {"me": owner.id})).of_all()
    starts_on, ends_on = span
    days = (ends_on - starts_on).days + 1 if ends_on else 0
    return 0 < days == known.days_between(starts_on, ends_on or starts_on)


def _answer(session: Session, owner: Owner, through: date) -> None:
    session.execute(_ANSWERED, {"me": owner.id, "through": through})
