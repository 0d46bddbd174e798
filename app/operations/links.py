"""Links by mail: made, looked at, and used once.

The token of a link begins with the number of its user, since nothing is looked for across users.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock, tokens
from app.infra.statement import At, Statement
from app.models import LinkRow
from app.operations import outbox
from app.rules.errors import LinkSpent
from app.rules.identity import HIGHEST_ID
from app.rules.links import LASTS, Purpose

_TOKEN = re.compile(r"(0|[1-9][0-9]{0,18})\.[\w-]{43}", re.ASCII)


class Link(NamedTuple):
    """A link: whose account it is about (0: of none yet), what for, where it was sent, how long
    it holds."""

    user_id: int
    purpose: str
    email: str
    expires_at: datetime

    @property
    def does(self) -> Purpose:
        """What the link is for."""
        return Purpose(self.purpose)

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.expires_at - LASTS[self.does]


# A deed that a link allows begins with the lock that every write takes, and so does what ends the
# link, a new password say: of two at once the second finds what the first has done.
_LOCK = text("SELECT FROM users WHERE id = :user FOR NO KEY UPDATE")
_WHERE = "WHERE user_id = :user AND hash = :hash AND purpose = ANY(CAST(:purposes AS text[]))"
_LOOK = Statement(
    f"""
    SELECT user_id, purpose, email, expires_at FROM links
    {_WHERE} AND (used_at IS NULL AND expires_at > :now OR used_key = :key)
""",
    Link,
)
_USE = Statement(
    f"""
    UPDATE links SET used_at = :now, used_key = :key
    {_WHERE} AND used_at IS NULL AND expires_at > :now
    RETURNING user_id, purpose, email, expires_at
""",
    Link,
)
_END = text("""
    DELETE FROM links
    WHERE user_id = :user AND used_at IS NULL AND purpose <> ALL(CAST(:but AS text[]))
""")


def send(session: Session, purpose: Purpose, user_id: int, email: str, **facts: object) -> None:
    """Make a link for `purpose` and send it to `email`, by the letter that is called like that.

    `facts` are what the letter says beside the link. `user_id` is 0 where there is no account yet.
    """
    token = make(session, purpose, user_id, email)
    outbox.post(
        session,
        purpose,
        email,
        {"token": token} | facts,
        user_id=user_id or None,
        expires_at=clock.now() + LASTS[purpose],
    )


def make(session: Session, purpose: Purpose, user_id: int, email: str) -> str:
    """Make a link for `purpose` that is going to be sent to `email`, and return its token."""
    token = f"{user_id}.{tokens.make()}"
    session.add(
        LinkRow(
            user_id=user_id,
            hash=tokens.hash_of(token),
            purpose=purpose,
            email=email,
            expires_at=clock.now() + LASTS[purpose],
        )
    )
    return token


def look(at: At, token: str, key: str | None, *purposes: Purpose) -> Link | None:
    """Return the link with this token if it can be used for one of `purposes`, or None.

    The form with the `key` that has used it up finds it again.
    """
    values = _values(token, key, purposes)
    return _LOOK.first(at, values) if values else None


def use(session: Session, token: str, key: str | None, *purposes: Purpose) -> tuple[Link, bool]:
    """Use a link up, under its user's lock: return it, and whether that is done just now.

    The form with this `key` may come twice. Raises LinkSpent.
    """
    values = _values(token, key, purposes)
    if values:
        session.execute(_LOCK, values)
        if link := _USE.first(session, values):
            return link, True
        if link := _LOOK.first(session, values):
            return link, False
    raise LinkSpent


def end(session: Session, user_id: int, *, but: Collection[Purpose] = ()) -> None:
    """End the links of a user that were not used yet, `but` those for some purposes.

    Under the user's lock.
    """
    session.execute(_END, {"user": user_id, "but": list(but)})


def _values(token: str, key: str | None, purposes: Collection[Purpose]) -> dict[str, object] | None:
    known = _TOKEN.fullmatch(token)
    if known is None or (user_id := int(known[1])) > HIGHEST_ID:
        return None
    return {
        "user": user_id,
        "hash": tokens.hash_of(token),
        "purposes": list(purposes),
        "key": key,
        "now": clock.now(),
    }
