"""Deliveries: what webhooks are told is gathered, taken by a worker, and what became of it noted.

A press writes nothing for them. Its entry of the ledger and its moments stand there already, in the
order in which the user's presses came, for these are serial: so a webhook knows by one number how
far it was told, and that number moves with the deliveries that come of it, in one transaction.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.infra.statement import Statement
from app.models import Webhook
from app.operations import outbox, webhooks
from app.rules.levels import Stage
from app.rules.moments import Occasion
from app.rules.webhooks import (
    LEASE,
    REMEMBERED,
    TRIAL,
    Event,
    Failure,
    OffBecause,
    is_given_up,
    next_try,
)

AT_ONCE = 1000
# Entries of one webhook that become deliveries in one transaction.
_ENTRIES_AT_ONCE = 500
_STAGES = tuple(Stage)
_OK, _REDIRECT, _REFUSAL = 200, 300, 400


class _Listener(NamedTuple):
    user_id: int
    id: int


class _Entry(NamedTuple):
    id: int
    habit_id: int
    label: str
    day: date
    amount: int
    is_undone: bool
    created_at: datetime


class _Moment(NamedTuple):
    occasion: str
    subject_id: int
    number: int
    day: date
    created_at: datetime
    pet: str


class Taken(NamedTuple):
    """A delivery that one worker has taken, until `due_at`: nobody else takes it before."""

    user_id: int
    id: int
    webhook_id: int
    event: str
    mark: str
    body: str
    tries: int
    due_at: datetime
    address: str
    secret: str


# Accounts that are switched off or leave tell nothing.
_LIVE = "w.off_at IS NULL AND u.disabled_at IS NULL AND u.leaves_at IS NULL"
# The newest entry is one look into the key; EXISTS would be planned as a scan of the whole ledger.
_BEHIND = Statement(
    f"""
    SELECT w.user_id, w.id FROM webhooks w JOIN users u ON u.id = w.user_id
    WHERE {_LIVE} AND w.seen_entry < (SELECT max(e.id) FROM ledger_entries e
                                      WHERE e.user_id = w.user_id)
    LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
    """,
    _Listener,
)
_ENTRIES = Statement(
    """
    SELECT id, habit_id, label, day, amount, reverses_id IS NOT NULL AS is_undone, created_at
    FROM ledger_entries WHERE user_id = :user AND id > :seen ORDER BY id LIMIT :few
    """,
    _Entry,
)
# The moments of a press are of its instant.
_MOMENTS = Statement(
    f"""
    SELECT m.occasion, m.subject_id, m.number, m.day, m.created_at, coalesce(p.name, '') AS pet
    FROM moments m LEFT JOIN pets p ON p.user_id = m.user_id AND p.id = m.subject_id
    WHERE m.user_id = :user AND m.created_at = ANY(CAST(:instants AS timestamptz[]))
      AND m.occasion IN ('{Occasion.ALL_KEPT}', '{Occasion.HATCH}', '{Occasion.STAGE}')
    ORDER BY m.created_at, m.occasion, m.number
    """,
    _Moment,
)
# One at a time for each webhook: a receiver that hangs keeps one line busy, and never two workers
# tell it at once. Whoever waits for the row looks again and finds it busy.
_TAKE = Statement(
    f"""
    WITH next AS (
        SELECT d.user_id, d.id, d.webhook_id, w.address, w.secret
        FROM webhook_deliveries d
        JOIN webhooks w ON w.user_id = d.user_id AND w.id = d.webhook_id
        JOIN users u ON u.id = d.user_id
        WHERE d.due_at <= :now AND {_LIVE} AND coalesce(w.busy_until <= :now, true)
        ORDER BY d.due_at, d.id LIMIT 1 FOR NO KEY UPDATE OF d, w SKIP LOCKED
    ), busy AS (
        UPDATE webhooks SET busy_until = :lease FROM next
        WHERE webhooks.user_id = next.user_id AND webhooks.id = next.webhook_id
    )
    UPDATE webhook_deliveries d SET due_at = :lease, tries = d.tries + 1 FROM next
    WHERE d.user_id = next.user_id AND d.id = next.id
    RETURNING d.user_id, d.id, d.webhook_id, d.event, d.mark, d.body, d.tries, d.due_at,
        next.address, next.secret
    """,
    Taken,
)
_TAKEN = text("""
    UPDATE webhook_deliveries SET taken_at = :now, tried_at = :now, due_at = NULL,
        status = :status, failure = NULL
    WHERE user_id = :user AND id = :id AND due_at = :lease RETURNING 1
""")
_LATER = text("""
    UPDATE webhook_deliveries SET due_at = :due, given_up_at = :given_up, tried_at = :now,
        status = :status, failure = :failure
    WHERE user_id = :user AND id = :id AND due_at = :lease RETURNING 1
""")
_ADDRESS = text("SELECT email FROM users WHERE id = :user")
_SWEEP = text("""
    DELETE FROM webhook_deliveries WHERE (user_id, id) IN (
        SELECT d.user_id, d.id FROM webhook_deliveries d
        WHERE d.created_at <= :until LIMIT :few FOR UPDATE SKIP LOCKED)
""")


def gather(session: Session) -> bool:
    """Post what one webhook has not been told yet; False when none is behind."""
    behind = _BEHIND.first(session, {})
    if behind is None:
        return False
    webhook = session.get(Webhook, behind, populate_existing=True)
    if webhook is None:
        raise LookupError("a webhook is gone though its row is locked")
    values = {"user": webhook.user_id, "seen": webhook.seen_entry, "few": _ENTRIES_AT_ONCE}
    entries = _ENTRIES.all(session, values)
    for event, source, at, data in _told(session, webhook, entries):
        if event in webhook.events:
            webhooks.post(session, webhook, event, source, at, data)
    webhook.seen_entry = entries[-1].id
    return True


def take(session: Session) -> Taken | None:
    """Take the delivery that is to be told next, None when none is due.

    A worker that is killed with it lets somebody else take it when the lease is over.
    """
    now = clock.now()
    return _TAKE.first(session, {"now": now, "lease": now + LEASE})


def note(session: Session, taken: Taken, status: int | None, failed: Failure | None) -> str:
    """Note what became of a delivery: the status of the answer, or why there was none.

    Returns `taken`, `delayed` when it is tried again, `given up`, or `off` when the webhook was
    switched off for it. What is noted too late, when somebody else has taken the delivery, or when
    the webhook was switched off, changes nothing, and is `late`.
    """
    now = clock.now()
    key = {"user": taken.user_id, "id": taken.id, "lease": taken.due_at, "now": now}
    # In the order in which a delivery is taken, so that two of them never wait for each other.
    webhook = session.get(
        Webhook, (taken.user_id, taken.webhook_id), with_for_update={"key_share": True}
    )
    if webhook is None:
        return "late"
    if webhook.busy_until == taken.due_at:
        webhook.busy_until = None
    failed = failed or _failure(status or 0)
    if failed is None:
        if session.scalar(_TAKEN, key | {"status": status}) is None:
            return "late"
        webhook.failing_since = None
        return "taken"
    due = None if taken.event == TRIAL else next_try(taken.tries, now)
    later = {"due": due, "given_up": None if due else now, "status": status, "failure": failed}
    if session.scalar(_LATER, key | later) is None:
        return "late"
    if taken.event == TRIAL:
        return "given up"
    webhook.failing_since = webhook.failing_since or now
    if is_given_up(webhook.failing_since, now):
        _leave_alone(session, webhook, now)
        return "off"
    return "delayed" if due else "given up"


def sweep(session: Session) -> int:
    """Forget up to AT_ONCE deliveries of long ago; returns how many."""
    values = {"until": clock.now() - REMEMBERED, "few": AT_ONCE}
    return int(session.execute(_SWEEP, values).rowcount)  # type: ignore[attr-defined]


def _failure(status: int) -> Failure | None:
    if _OK <= status < _REDIRECT:
        return None
    return Failure.MOVED if _REDIRECT <= status < _REFUSAL else Failure.STATUS


def _leave_alone(session: Session, webhook: Webhook, now: datetime) -> None:
    webhooks.switch_off(session, webhook, OffBecause.FAILING, now)
    email = session.scalar(_ADDRESS, {"user": webhook.user_id})
    facts = {"host": urlsplit(webhook.address).hostname, "webhook": webhook.id}
    outbox.post(session, "webhook-off", email, facts, user_id=webhook.user_id)


Told = tuple[str, str, datetime, dict[str, object]]


def _told(session: Session, webhook: Webhook, entries: list[_Entry]) -> Iterator[Told]:
    """Yield event, source, instant and data of everything that the entries brought about."""
    # What books or an import have written of the past is no news.
    new = [entry for entry in entries if entry.created_at >= webhook.listens_since]
    for entry in new:
        event = Event.UNDONE if entry.is_undone else Event.KEPT
        habit = {"id": entry.habit_id, "name": entry.label}
        data: dict[str, object] = {"habit": habit, "day": str(entry.day), "xp": entry.amount}
        yield event, f"entry {entry.id}", entry.created_at, data
    instants = sorted({entry.created_at for entry in new})
    if instants:
        values = {"user": webhook.user_id, "instants": instants}
        yield from map(_of_moment, _MOMENTS.all(session, values))


def _of_moment(moment: _Moment) -> Told:
    if moment.occasion == Occasion.ALL_KEPT:
        return Event.ALL_KEPT, f"day {moment.day}", moment.created_at, {"day": str(moment.day)}
    source = f"pet {moment.subject_id} stage {moment.number}"
    data: dict[str, object] = {
        "pet": {"id": moment.subject_id, "name": moment.pet},
        "stage": str(_STAGES[moment.number]),
        "day": str(moment.day),
    }
    return Event.STAGE, source, moment.created_at, data
