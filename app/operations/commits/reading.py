"""How a press begins: lock the user, read how things stand, answer what has nothing to do."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from app.infra import clock
from app.infra.statement import At
from app.operations import owner as owners
from app.operations import presses
from app.operations.commits.pressed import Pressed, others, pressed
from app.operations.commits.standing import Standing
from app.operations.commits.statements import READ
from app.rules.errors import Archived, NotYours, Rooted, SessionEnded
from app.rules.identity import Actor
from app.rules.outcome import Act, Outcome
from app.rules.press import Press

NOT_BACK = timedelta(0)

_IS_ROOTED = text("SELECT rooted_at IS NOT NULL FROM habits WHERE user_id = :me AND id = :habit")


def stand(
    at: At, actor: Actor, habit_id: int, press: Press, route: str, back: timedelta = NOT_BACK
) -> Standing:
    """Lock the user and return how things stand for the habit that is pressed on `route`.

    The day acted on is that of `press`, or the user's today, so far `back`. Raises SessionEnded,
    NotYours, and Invalid for fields that could not be taken.
    """
    now = clock.now()
    owner = owners.lock(at, actor)
    today = owner.day_of(now)
    day = (press.day or today) - back
    rows = READ.all(at, _asked(actor, habit_id, press, route, day, today, now))
    row = pressed(rows)
    if row is None:
        owners.check_alive(at, actor, now)
        raise NotYours
    if not row.alive:
        raise SessionEnded
    press.check()
    return Standing.of(row, others(rows), actor, owner, now, day, press, route)


def entry_of(at: At, standing: Standing, day: date) -> Pressed:
    """Return what is read of the same habit for another `day`: that one's entry of the ledger."""
    asked = _asked(
        standing.actor, standing.habit.id, standing.press, standing.route, day, standing.today,
        standing.now,
    )  # fmt: skip
    row = pressed(READ.all(at, asked))
    if row is None:
        raise RuntimeError("a habit was deleted without its user's lock")
    return row


def answered(at: At, standing: Standing) -> Outcome | None:
    """Return the answer to a press that came before, None for a new one.

    Raises Invalid for the key of another form, Archived and Rooted.
    """
    if presses.is_repeated(standing.route, standing.row.pressed_as):
        return standing.outcome(Act.UNCHANGED)
    if standing.habit.is_archived:
        pillar, habit = standing.pillar, standing.habit
        if habit.pillar_put_away:
            raise Archived(pillar.name)
        is_rooted = at.scalar(_IS_ROOTED, {"me": standing.owner.id, "habit": habit.id})
        raise Rooted(habit.name) if is_rooted else Archived(habit.name)
    return None


def unchanged(at: At, standing: Standing) -> Outcome:
    """Answer a press that has nothing to change. Its key is remembered like any other."""
    key, route = standing.press.key, standing.route
    presses.remember(at, standing.owner.id, key, route, standing.now)
    return standing.outcome(Act.UNCHANGED)


def _asked(
    actor: Actor, habit_id: int, press: Press, route: str, day: date, today: date, now: Any
) -> dict[str, Any]:
    return {
        "me": actor.user_id, "session": actor.credential, "now": now, "habit": habit_id,
        "day": day, "today": today, "key": press.key, "route": route,
    }  # fmt: skip
