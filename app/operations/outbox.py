"""The outbox: a message is written with what it tells of, and sent by the worker afterwards.

`post` belongs into the transaction of the operation: the message is there exactly when what it
tells of has happened. The worker takes messages one at a time, sends each outside of any
transaction, and notes what became of it.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.mail import Delayed, Unreached
from app.infra.statement import Statement
from app.models import OutboxRow
from app.rules.mail import LEASE, REMEMBERED, UNREACHED_WAIT, next_try

AT_ONCE = 1000


class Taken(NamedTuple):
    """A message that one worker has taken, until `due_at`: nobody else takes it before."""

    id: int
    user_id: int | None
    address: str
    kind: str
    facts: dict[str, Any]
    subscription: str | None
    mark: str
    tries: int
    created_at: datetime
    due_at: datetime


# Two workers that look at once find two messages. Until when one is taken tells afterwards
# whether it still belongs to whoever took it.
_TAKE = Statement(
    """
    UPDATE outbox SET due_at = :lease, tries = tries + 1
    WHERE id = (
        SELECT o.id FROM outbox o
        WHERE o.due_at <= :now AND coalesce(o.expires_at > :now, true)
        ORDER BY (o.subscription IS NOT NULL), o.due_at
        LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, user_id, address, kind, facts, subscription, mark, tries, created_at, due_at
    """,
    Taken,
)
_SENT = text("""
    UPDATE outbox SET sent_at = :now, due_at = NULL, facts = NULL, failure = NULL
    WHERE id = :id AND due_at = :lease
""")
_LATER = text("""
    UPDATE outbox SET due_at = :due, tries = :tries, failure = :failure
    WHERE id = :id AND due_at = :lease
""")
_PARK = text("""
    UPDATE outbox SET parked_at = :now, due_at = NULL, failure = :failure
    WHERE id = :id AND due_at = :lease
""")
_RETRY = text("""
    UPDATE outbox SET due_at = :now, parked_at = NULL, tries = 0
    WHERE sent_at IS NULL AND (id = :id OR :id = 0 AND parked_at IS NOT NULL)
""")
_WITHDRAW = text("""
    DELETE FROM outbox
    WHERE user_id = :user AND subscription = :subscription AND sent_at IS NULL
""")
# What is too late to be of use is not sent any more, and what was long ago is forgotten.
_SWEEP = text("""
    DELETE FROM outbox WHERE id = ANY(ARRAY(
        SELECT o.id FROM outbox o
        WHERE o.created_at <= :until AND o.due_at IS NULL OR o.expires_at <= :now
        LIMIT :few FOR UPDATE SKIP LOCKED))
""")


def post(
    session: Session,
    kind: str,
    address: str,
    facts: Mapping[str, object],
    *,
    user_id: int | None = None,
    expires_at: datetime | None = None,
    subscription: str | None = None,
    once: str | None = None,
) -> bool:
    """Write a message of a `kind`, which is the name of its template in templates/mail/.

    `facts` are what the template says, as JSON knows it. After `expires_at` it is of no use and is
    not sent. What people can turn off names its `subscription`; without one it is about the account
    itself, is sent first, and cannot be turned off. Of several with the same `once` the first is
    written; False tells that it was not this one.
    """
    now = clock.now()
    written = session.execute(
        insert(OutboxRow)
        .values(
            user_id=user_id, address=address, kind=kind, facts=dict(facts),
            subscription=subscription, once=once, mark=secrets.token_hex(16), tries=0,
            created_at=now, due_at=now, expires_at=expires_at,
        )
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(OutboxRow.id)
    )  # fmt: skip
    return written.first() is not None


def forget(session: Session, user_id: int) -> None:
    """Remove all mail to a user, sent or not: the account is gone, and so is what it was told."""
    session.execute(delete(OutboxRow).filter_by(user_id=user_id))


def withdraw(session: Session, user_id: int, subscription: str) -> None:
    """Remove what waits for a user who does not want it any more."""
    session.execute(_WITHDRAW, {"user": user_id, "subscription": subscription})


def take(session: Session) -> Taken | None:
    """Take the message that is to be sent next, None when none is due.

    A worker that is killed with it lets somebody else take it when the lease is over.
    """
    now = clock.now()
    return _TAKE.first(session, {"now": now, "lease": now + LEASE})


def note(session: Session, taken: Taken, failed: Exception | None) -> str:
    """Note what became of a message: None when it was accepted, or how the way out failed.

    Returns `sent`, `waiting` when no server was there, which costs no try, `delayed` when it is
    tried again, or `parked` when somebody has to look. What is noted too late, when somebody else
    has taken the message, changes nothing.
    """
    now, values = clock.now(), {"id": taken.id, "lease": taken.due_at, "failure": str(failed)}
    if failed is None:
        session.execute(_SENT, values | {"now": now})
        return "sent"
    if isinstance(failed, Unreached):
        later = {"due": now + UNREACHED_WAIT, "tries": taken.tries - 1}
        session.execute(_LATER, values | later)
        return "waiting"
    due = next_try(taken.tries, now) if isinstance(failed, Delayed) else None
    if due is None:
        session.execute(_PARK, values | {"now": now})
        return "parked"
    session.execute(_LATER, values | {"due": due, "tries": taken.tries})
    return "delayed"


def retry(session: Session, message_id: int | None) -> int:
    """Send one message at once that was not accepted yet, or with None all that are parked.

    Returns how many.
    """
    done = session.execute(_RETRY, {"id": message_id or 0, "now": clock.now()})
    return int(done.rowcount)  # type: ignore[attr-defined]


def sweep(session: Session) -> int:
    """Remove up to AT_ONCE messages that are too late or were long ago; returns how many."""
    now = clock.now()
    values = {"now": now, "until": now - REMEMBERED, "few": AT_ONCE}
    return int(session.execute(_SWEEP, values).rowcount)  # type: ignore[attr-defined]
