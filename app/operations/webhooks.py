"""Webhooks: added, changed, tried and removed by the one whose days they tell of."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import LedgerEntry, Webhook, WebhookDelivery
from app.operations import audit
from app.operations.owner import begin_change, change
from app.rules.audit import Event as Deed
from app.rules.errors import Invalid
from app.rules.identity import Actor
from app.rules.language import ngettext, number
from app.rules.places import Place
from app.rules.webhooks import MOST, TRIAL, Event, OffBecause

_COUNT = text("SELECT count(*) FROM webhooks WHERE user_id = :me")
_DROP = text("""
    UPDATE webhook_deliveries SET due_at = NULL, given_up_at = :now
    WHERE user_id = :me AND webhook_id = :webhook AND due_at IS NOT NULL
""")


def add(
    session: Session,
    actor: Actor,
    address: str,
    events: Sequence[Event],
    secret: str,
    place: Place,
) -> int:
    """Add a webhook that is told from now on, and return its id; `secret` is sealed.

    Raises SessionEnded, and Invalid where there are as many as there may be.
    """
    now = clock.now()
    me = begin_change(session, actor, now).id
    if session.scalar(_COUNT, {"me": me}) >= MOST:
        sentence = ngettext(
            "You can have %(num)s webhook. Remove it to make room.",
            "You can have %(num)s webhooks. Remove one to make room.",
            MOST,
        )
        raise Invalid(address=sentence % {"num": number(MOST)})
    webhook = Webhook(
        user_id=me,
        address=address,
        secret=secret,
        events=[str(event) for event in events],
        seen_entry=_newest_entry(session, me),
        listens_since=now,
        created_at=now,
    )
    session.add(webhook)
    session.flush()
    audit.note(session, me, Deed.WEBHOOK_ADDED, place)
    return webhook.id


def edit(
    session: Session,
    actor: Actor,
    webhook_id: int,
    *,
    address: str | None = None,
    events: Sequence[Event] | None = None,
    is_on: bool | None = None,
    place: Place,
) -> None:
    """Change a webhook; None leaves as it is. Switched off, what waits for it is not told any more.

    Switched on it is told what happens from now on. Raises SessionEnded and NotYours.
    """
    webhook, now = change(session, Webhook, actor, webhook_id), clock.now()
    if address is not None and address != webhook.address:
        webhook.address = address
        audit.note(session, actor.user_id, Deed.WEBHOOK_CHANGED, place)
    if events is not None:
        webhook.events = [str(event) for event in events]
    if is_on is None or is_on == (webhook.off_at is None):
        return
    if is_on:
        webhook.off_at = webhook.off_because = webhook.failing_since = None
        webhook.listens_since, webhook.seen_entry = now, _newest_entry(session, actor.user_id)
    else:
        switch_off(session, webhook, OffBecause.USER, now)


def renew(session: Session, actor: Actor, webhook_id: int, secret: str, place: Place) -> None:
    """Sign with another secret from now on, which is sealed. Raises SessionEnded and NotYours."""
    change(session, Webhook, actor, webhook_id).secret = secret
    audit.note(session, actor.user_id, Deed.WEBHOOK_CHANGED, place)


def try_out(session: Session, actor: Actor, webhook_id: int) -> None:
    """Tell a webhook that is on something once, as a trial. Raises SessionEnded and NotYours."""
    webhook = change(session, Webhook, actor, webhook_id)
    if webhook.off_at is None:
        source = f"{TRIAL} {secrets.token_hex(8)}"
        post(session, webhook, TRIAL, source, clock.now(), {})


def remove(session: Session, actor: Actor, webhook_id: int, place: Place) -> None:
    """Remove a webhook with all that waits for it. Raises SessionEnded and NotYours."""
    session.delete(change(session, Webhook, actor, webhook_id))
    audit.note(session, actor.user_id, Deed.WEBHOOK_REMOVED, place)


def switch_off(session: Session, webhook: Webhook, because: OffBecause, now: datetime) -> None:
    """Switch a webhook off: what waits for it is given up."""
    webhook.off_at, webhook.off_because, webhook.busy_until = now, because, None
    session.flush()
    session.execute(_DROP, {"me": webhook.user_id, "webhook": webhook.id, "now": now})


def post(
    session: Session,
    webhook: Webhook,
    event: str,
    source: str,
    at: datetime,
    data: dict[str, object],
) -> None:
    """Let a webhook be told of an event that happened `at` an instant.

    Of several with the same `source` the first is written.
    """
    told = {"type": event, "timestamp": at.isoformat(), "data": data}
    now = clock.now()
    session.execute(
        insert(WebhookDelivery)
        .values(
            user_id=webhook.user_id,
            webhook_id=webhook.id,
            event=event,
            source=source,
            mark=f"msg_{secrets.token_hex(16)}",
            body=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            tries=0,
            created_at=now,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=["user_id", "webhook_id", "source"])
    )


def _newest_entry(session: Session, user_id: int) -> int:
    newest = select(func.max(LedgerEntry.id)).filter_by(user_id=user_id)
    return session.scalar(newest) or 0
