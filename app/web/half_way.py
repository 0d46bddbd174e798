"""Who has proven who they are, and has the second step before them.

It stands in the signed cookie, beside no claims: nothing can be read or written with it. What it
is bound to is said by rules/factors.py.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import session, url_for

from app.infra import clock
from app.rules.factors import HALF_WAY_HOLDS, HalfWay

_KEY = "half way"
# A cookie takes 4096 characters, and some browsers no more.
_LONGEST_WAY = 1000


class Waiting(NamedTuple):
    """Somebody half way, and the address that the sign-in leads to."""

    half: HalfWay
    onward: str


def begin(half: HalfWay, onward: str) -> None:
    """Let the browser wait for the second step; whoever was signed in here is no longer."""
    session.clear()
    session.permanent = True
    session[_KEY] = {
        "user_id": half.user_id,
        "version": half.version,
        "began_at": half.began_at.timestamp(),
        "onward": onward if len(onward) <= _LONGEST_WAY else url_for("today.show"),
    }


def current() -> Waiting | None:
    """Return who is half way in this browser, None if nobody is, or was so too long ago."""
    said: Any = session.get(_KEY)
    if said is None:
        return None
    began_at = datetime.fromtimestamp(said["began_at"], UTC)
    if not began_at <= clock.now() < began_at + HALF_WAY_HOLDS:
        return None
    return Waiting(HalfWay(said["user_id"], said["version"], began_at), said["onward"])
