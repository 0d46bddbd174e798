"""Posts the letters that users are subscribed to, each when it is due by the user's own clock."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask
from sqlalchemy import Connection

from app.infra import clock, db
from app.infra.worker import Shift
from app.operations import subscriptions
from app.operations.subscriptions import Letter
from app.queries import subscriptions as queries
from app.queries.subscriptions import Due
from app.rules.identity import Claims
from app.rules.subscriptions import Subscription, is_late
from app.web import formats

_log = logging.getLogger(__name__)
# A second or two of work.
AT_ONCE = 100

Write = Callable[[Connection, Claims, datetime], Mapping[str, object] | None]
_WRITE: Mapping[str, Write] = {
    Subscription.REMINDER: queries.reminder,
    Subscription.WEEKLY: queries.weekly,
}


def post_due(app: Flask, shift: Shift) -> None:
    """Post letters that are due and worth writing, up to AT_ONCE. Two workers post none twice.

    The rest is for the next time: meanwhile what was posted is sent, and what people wait for.
    """
    formats.speak(app)
    with db.reading() as reading:
        due = queries.due(reading, clock.now(), AT_ONCE)
    for each in due:
        if not shift.goes_on():
            return
        _post(each)


def _post(due: Due) -> None:
    now = clock.now()
    letter = None
    if due.may_write and not is_late(due.due_at, now):
        try:
            letter = _letter(due, now)
        except Exception as error:
            # While the database is away nobody's letter is lost; a fault with one is no other's.
            if db.is_away(error):
                raise
            _log.exception("The %s of user %d cannot be written", due.kind, due.user_id)
    with db.transaction() as writing:
        subscriptions.post(
            writing, due.user_id, Subscription(due.kind), due.due_at, due.next_after(now), letter
        )


def _letter(due: Due, now: datetime) -> Letter | None:
    who = due.claims(now)
    with db.reading() as reading:
        facts = _WRITE[due.kind](reading, who, now)
    # One a user and day, whatever becomes of clocks and settings in the course of it.
    return None if facts is None else Letter(due.email, str(who.day_of(now)), facts)
