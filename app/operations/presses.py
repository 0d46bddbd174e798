"""Every press that was answered as done is known by its key, so that it acts once.

A commit and an undo that changed something are known by their lines of the ledger, every other
press by a row of its own, written in the same transaction: a press that was refused leaves none,
and its form may be sent again corrected. The rows stay for 90 days.
"""

from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import At, Statement
from app.operations.owner import check_alive, lock
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import _


class Known(NamedTuple):
    """What became of a press: the route on which it came, and the id of what it made, if any."""

    route: str
    made_id: int | None


_KNOWN = Statement("SELECT route, made_id FROM presses WHERE user_id = :me AND key = :key", Known)
_REMEMBER = text("""
    INSERT INTO presses (user_id, key, route, made_id, created_at)
    VALUES (:me, :key, :route, :made, :now) ON CONFLICT DO NOTHING
""")
_REMEMBER_ANEW = text("UPDATE presses SET route = :route WHERE user_id = :me AND key = :key")


def route_of(noun: str, *typed: object) -> str:
    """Return the route of a form that is about a `noun`, with what was `typed` into it.

    Whoever goes back in the browser and types something else sends the old key with a new wish:
    that is another press, which must not be taken for the first one.
    """
    return f"{noun}/{blake2b(repr(typed).encode(), digest_size=16).hexdigest()}"


def is_first(session: Session, actor: Actor, key: str, route: str) -> bool:
    """Tell whether the form with this key is sent for the first time, and remember it then.

    Takes the user's lock. The same form with something else typed into it is a new wish. Raises
    SessionEnded, and Invalid for the key of another form.
    """
    now = clock.now()
    lock(session, actor)
    known = _KNOWN.first(session, {"me": actor.user_id, "key": key})
    if known is None:
        remember(session, actor.user_id, key, route, now)
        return True
    check_alive(session, actor, now)
    if known.route == route:
        return False
    is_repeated(_noun(route), _noun(known.route))
    session.execute(_REMEMBER_ANEW, {"me": actor.user_id, "key": key, "route": route})
    return True


def is_repeated(route: str, known_route: str | None) -> bool:
    """Tell whether a press on `route` was answered before, `known_route` being that of its key.

    Raises Invalid for a key that had another route: a form's key is its own.
    """
    if known_route not in (None, route):
        raise Invalid(
            key=_("This form was sent before, for something else. Reload and press again.")
        )
    return known_route is not None


def _noun(route: str) -> str:
    return route.rpartition("/")[0]


def made_before(at: At, user_id: int, key: str | None, route: str) -> int | None:
    """Return the id of what the press with this key made on `route`, None if it is a new one.

    Under the user's lock. Raises Invalid for the key of another form.
    """
    known = _KNOWN.first(at, {"me": user_id, "key": key}) if key else None
    return known.made_id if known and is_repeated(route, known.route) else None


def remember(
    at: At,
    user_id: int,
    key: str | None,
    route: str,
    now: datetime,
    made_id: int | None = None,
) -> None:
    """Remember that the press with this key on `route` is done; without a key nothing is."""
    if key is not None:
        values = {"me": user_id, "key": key, "route": route, "made": made_id, "now": now}
        at.execute(_REMEMBER, values)
