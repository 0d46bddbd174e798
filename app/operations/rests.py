"""Rests: begin, change, end and delete one; skip a day of a habit; the rest in the archive."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Habit, Pillar, RestRow
from app.operations import history
from app.operations.owner import Owner, begin_change, own
from app.rules import resting
from app.rules.errors import NotYours
from app.rules.identity import Actor
from app.rules.names import REST_KINDS
from app.rules.resting import Span

_REST, _SKIP, _ARCHIVE = REST_KINDS
_ONE_DAY = timedelta(days=1)

# Who comes back may keep something first and rest the days away then.
_LAST_KEPT = text("SELECT max(day) FROM commits WHERE user_id = :me AND day < :today")
_FIRST_DAY = text("SELECT min(starts_on) FROM schedules WHERE user_id = :me AND habit_id = :habit")
_KEPT = text("""
    SELECT EXISTS (
        SELECT 1 FROM commits c JOIN habits h ON h.user_id = :me AND h.id = c.habit_id
        WHERE c.user_id = :me AND c.day = :day AND (h.id = :habit OR h.pillar_id = :pillar))
""")
# Whoever lives in the pillar or did so once: it rested with the pillar then.
_CONCERNED = text("""
    SELECT h.id FROM habits h
    WHERE h.user_id = :me AND (
        h.id = :habit OR h.pillar_id = :pillar
        OR CAST(:habit AS bigint) IS NULL AND CAST(:pillar AS bigint) IS NULL
        OR EXISTS (SELECT 1 FROM homes o
                   WHERE o.user_id = :me AND o.habit_id = h.id AND o.pillar_id = :pillar))
    ORDER BY h.id
""")
# A habit that has moved out of a pillar keeps the rests that it had there.
_HAND_DOWN = text("""
    INSERT INTO rests (user_id, kind, habit_id, starts_on, ends_on, reason, created_at)
    SELECT r.user_id, r.kind, o.habit_id, greatest(r.starts_on, o.since), least(r.ends_on, o.until),
           r.reason, r.created_at
    FROM (SELECT habit_id, pillar_id, until,
                 coalesce(lag(until) OVER (PARTITION BY habit_id ORDER BY until) + 1,
                          '-infinity') AS since
          FROM homes WHERE user_id = :me) AS o
    JOIN rests r ON r.user_id = :me AND r.pillar_id = :pillar
    WHERE o.pillar_id = :pillar AND o.habit_id = ANY(:habits)
      AND r.starts_on <= o.until AND coalesce(r.ends_on, 'infinity') >= o.since
""")
_MOVED_OUT = text("""
    SELECT DISTINCT o.habit_id FROM homes o
    JOIN habits h ON h.user_id = :me AND h.id = o.habit_id AND h.pillar_id <> :pillar
    WHERE o.user_id = :me AND o.pillar_id = :pillar ORDER BY 1
""")


class Subject(NamedTuple):
    """What rests: a pillar, a habit, or with neither everything."""

    pillar_id: int | None = None
    habit_id: int | None = None

    def values(self, user_id: int) -> dict[str, int | None]:
        """Return what the statements call it, of the user `user_id`."""
        return {"me": user_id, "pillar": self.pillar_id, "habit": self.habit_id}


@dataclass(frozen=True, slots=True)
class RestFields:
    """What the form of a rest holds, checked. Without a pillar everything rests.

    `starts_on` None means today, `ends_on` None no end.
    """

    pillar_id: int | None
    starts_on: date | None
    ends_on: date | None
    reason: str


def create(session: Session, actor: Actor, fields: RestFields) -> int:
    """Begin a rest and return its id. Raises NotYours (the pillar) and Invalid."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    today = owner.day_of(now)
    if fields.pillar_id is not None:
        own(session, Pillar, actor, fields.pillar_id)
    span = Span(fields.starts_on or today, fields.ends_on)
    return begin(session, owner, Subject(fields.pillar_id), span, now, fields.reason)


def begin(
    session: Session, owner: Owner, subject: Subject, span: Span, now: datetime, reason: str = ""
) -> int:
    """Let what is the locked `owner`'s rest in `span`; return the rest's id. Raises Invalid."""
    today = owner.day_of(now)
    resting.check(span, _earliest(session, owner.id, today))
    rest = _add(session, owner.id, _REST, subject, span, now, reason)
    _fold_again(session, owner.id, {subject}, span.starts_on, today)
    return rest.id


def edit(session: Session, actor: Actor, rest_id: int, **changes: Any) -> None:
    """Change what `changes` names of RestFields. Raises NotYours (the pillar too) and Invalid."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    today = owner.day_of(now)
    rest = _own_rest(session, actor, rest_id)
    subject, before = _subject(rest), _span(rest)
    fields = replace(RestFields(rest.pillar_id, *before, rest.reason), **changes)
    if fields.pillar_id is not None:
        own(session, Pillar, actor, fields.pillar_id)
    span = Span(fields.starts_on or today, fields.ends_on)
    resting.check(span, _earliest(session, owner.id, today), before)
    rest.starts_on, rest.ends_on = span
    rest.reason = fields.reason
    touched = resting.first_change(before, span)
    if fields.pillar_id != subject.pillar_id:
        rest.pillar_id, rest.habit_id = fields.pillar_id, None
        touched = min(before.starts_on, span.starts_on)
    _fold_again(session, owner.id, {subject, _subject(rest)}, touched, today)


def end(session: Session, actor: Actor, rest_id: int) -> None:
    """End a rest: it lasted through yesterday. One that begins today or later is removed.

    One that is over stays as it is. Raises NotYours.
    """
    now = clock.now()
    today = begin_change(session, actor, now).day_of(now)
    _end(session, _own_rest(session, actor, rest_id), today)


def delete(session: Session, actor: Actor, rest_id: int) -> None:
    """Delete a rest: its days are days like any other. Raises NotYours."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    rest = _own_rest(session, actor, rest_id)
    session.delete(rest)
    _fold_again(session, owner.id, {_subject(rest)}, rest.starts_on, owner.day_of(now))


def skip(
    session: Session, actor: Actor, habit_id: int, day: date | None = None, reason: str = ""
) -> None:
    """Let the habit rest on one `day` (None: today). Raises NotYours and Invalid.

    A day that is skipped already stays so; a `reason` takes the place of the one before.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    own(session, Habit, actor, habit_id)
    today = owner.day_of(now)
    day = day or today
    first_day = session.scalar(_FIRST_DAY, {"me": owner.id, "habit": habit_id})
    resting.check_skip(day, first_day, today)
    skipped = _skip_of(session, owner.id, habit_id, day)
    if skipped is not None:
        skipped.reason = reason or skipped.reason
        return
    subject = Subject(habit_id=habit_id)
    _add(session, owner.id, _SKIP, subject, Span(day, day), now, reason)
    _fold_again(session, owner.id, {subject}, day, today)


def unskip(session: Session, actor: Actor, habit_id: int, day: date | None = None) -> None:
    """Take back that the habit was skipped on `day` (None: today). Raises NotYours."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    own(session, Habit, actor, habit_id)
    today = owner.day_of(now)
    skipped = _skip_of(session, owner.id, habit_id, day or today)
    if skipped is not None:
        session.delete(skipped)
        _fold_again(session, owner.id, {_subject(skipped)}, skipped.starts_on, today)


def put_away(session: Session, owner: Owner, subject: Subject, now: datetime) -> None:
    """Let a habit or pillar of the locked `owner` rest that is archived at `now`."""
    # A worker of the version before restores and leaves the rest without an end.
    if _open_archive(session, owner.id, subject) is None:
        span = Span(_first_day_away(session, owner, subject, now))
        _add(session, owner.id, _ARCHIVE, subject, span, now)


def bring_back(
    session: Session, owner: Owner, subject: Subject, archived_at: datetime, now: datetime
) -> None:
    """End the rest of a habit or pillar of the locked `owner` that is restored at `now`."""
    today = owner.day_of(now)
    rest = _open_archive(session, owner.id, subject)
    if rest is not None:
        _end(session, rest, today)
        return
    # A worker of the version before archived it and made no rest.
    span = Span(_first_day_away(session, owner, subject, archived_at)).ended(today)
    if span is not None:
        _add(session, owner.id, _ARCHIVE, subject, span, now)
        _fold_again(session, owner.id, {subject}, span.starts_on, today)


def hand_down(session: Session, user_id: int, pillar_id: int) -> list[int]:
    """Give the rests of a pillar that goes to the habits that lived there once, each its days.

    Returns the ids of these habits. With the pillar goes where they lived: whoever deletes it
    folds them again.
    """
    moved_out = list(session.scalars(_MOVED_OUT, {"me": user_id, "pillar": pillar_id}))
    if moved_out:
        session.execute(_HAND_DOWN, {"me": user_id, "pillar": pillar_id, "habits": moved_out})
    return moved_out


def _earliest(session: Session, user_id: int, today: date) -> date:
    last_kept = session.scalar(_LAST_KEPT, {"me": user_id, "today": today})
    return resting.earliest(today, last_kept)


def _own_rest(session: Session, actor: Actor, rest_id: int) -> RestRow:
    rest = own(session, RestRow, actor, rest_id)
    if rest.kind != _REST:
        raise NotYours
    return rest


def _skip_of(session: Session, user_id: int, habit_id: int, day: date) -> RestRow | None:
    asked = session.query(RestRow).filter_by(
        user_id=user_id, kind=_SKIP, habit_id=habit_id, starts_on=day
    )
    return asked.one_or_none()


def _open_archive(session: Session, user_id: int, subject: Subject) -> RestRow | None:
    asked = session.query(RestRow).filter_by(
        user_id=user_id, kind=_ARCHIVE, ends_on=None, **subject._asdict()
    )
    return asked.order_by(RestRow.starts_on).first()


def _first_day_away(
    session: Session, owner: Owner, subject: Subject, archived_at: datetime
) -> date:
    """Return the first day on which rests what is archived: a day that is kept rests not."""
    day = owner.day_of(archived_at)
    is_kept = session.scalar(_KEPT, subject.values(owner.id) | {"day": day})
    return day + _ONE_DAY if is_kept else day


def _end(session: Session, rest: RestRow, today: date) -> None:
    left = _span(rest).ended(today)
    if left is None:
        session.delete(rest)
    else:
        rest.ends_on = left.ends_on


def _add(
    session: Session,
    user_id: int,
    kind: str,
    subject: Subject,
    span: Span,
    now: datetime,
    reason: str = "",
) -> RestRow:
    rest = RestRow(
        user_id=user_id, kind=kind, reason=reason, created_at=now,
        **subject._asdict(), **span._asdict(),
    )  # fmt: skip
    session.add(rest)
    session.flush()
    return rest


def _subject(rest: RestRow) -> Subject:
    return Subject(rest.pillar_id, rest.habit_id)


def _span(rest: RestRow) -> Span:
    return Span(rest.starts_on, rest.ends_on)


def _fold_again(
    session: Session, user_id: int, subjects: set[Subject], touched: date | None, today: date
) -> None:
    """Fold again whatever rests with one of `subjects`, if the first day `touched` is closed."""
    if touched is None or touched >= today:
        return
    habits: set[int] = set()
    for subject in subjects:
        habits.update(session.scalars(_CONCERNED, subject.values(user_id)))
    history.fold_again(session, user_id, sorted(habits), today)
