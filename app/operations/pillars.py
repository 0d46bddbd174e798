"""What can be done to a pillar: create, edit, move, archive, restore, delete."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Pillar
from app.operations import history, presses, rests
from app.operations.order import move_among, put_among
from app.operations.owner import Owner, begin_change, change, own
from app.operations.rests import Subject
from app.rules.errors import PlanFull
from app.rules.identity import Actor
from app.rules.names import COLORS, ICONS, next_free

# The plan's limit in one conditional statement: of twenty fourth pillars at once none passes.
_TAKE_PLACE = text("""
    UPDATE users SET pillar_count = pillar_count + 1
    WHERE id = :me AND (is_premium OR :limit = 0 OR pillar_count < :limit)
    RETURNING pillar_count
""")
_FREE_PLACE = text("UPDATE users SET pillar_count = pillar_count - 1 WHERE id = :me")
_LOOKS = text("SELECT color, icon FROM pillars WHERE user_id = :me AND archived_at IS NULL")
_LAST_POSITION = text("SELECT coalesce(max(position), 0) FROM pillars WHERE user_id = :me")


@dataclass(frozen=True, slots=True)
class PillarFields:
    """What a pillar's form holds, checked.

    Without a colour or an icon a new pillar takes the next that is not in use. In an edit, None
    leaves what it stands for as it is.
    """

    name: str | None
    color: str | None
    icon: str | None


def create(
    session: Session,
    actor: Actor,
    fields: PillarFields,
    free_pillars: int,
    key: str | None = None,
) -> int:
    """Make a pillar at the end of the user's order and return its id.

    The form's `key` makes one pillar, however often it comes. Raises PlanFull, and Invalid for
    the key of another form.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    route = presses.route_of("pillars", fields)
    made = presses.made_before(session, owner.id, key, route)
    if made is not None:
        return made
    _take_place(session, owner, free_pillars)
    looks = session.execute(_LOOKS, {"me": owner.id}).all()
    pillar = Pillar(
        user_id=owner.id,
        name=fields.name,
        color=fields.color or next_free(COLORS, (look.color for look in looks)),
        icon=fields.icon or next_free(ICONS, (look.icon for look in looks)),
        position=session.scalar(_LAST_POSITION, {"me": owner.id}) + 1,
        created_at=now,
    )
    session.add(pillar)
    session.flush()
    presses.remember(session, owner.id, key, route, now, pillar.id)
    return pillar.id


def edit(session: Session, actor: Actor, pillar_id: int, fields: PillarFields) -> None:
    """Give the pillar another name, colour and icon. Raises NotYours."""
    pillar = change(session, Pillar, actor, pillar_id)
    pillar.name = fields.name or pillar.name
    pillar.color = fields.color or pillar.color
    pillar.icon = fields.icon or pillar.icon


def move(session: Session, actor: Actor, pillar_id: int, direction: str) -> None:
    """Move the pillar one place "up" or "down" in the user's order. Raises NotYours."""
    pillar = change(session, Pillar, actor, pillar_id)
    move_among(_siblings(session, actor), pillar, direction)


def place(session: Session, actor: Actor, pillar_id: int, before_id: int | None) -> None:
    """Put the pillar in front of another one of the user's order, or at its end.

    Raises NotYours for either, and OrderChanged when one of them is archived.
    """
    pillar = change(session, Pillar, actor, pillar_id)
    before = own(session, Pillar, actor, before_id) if before_id else None
    put_among(_siblings(session, actor), pillar, before)


def fold(session: Session, actor: Actor, pillar_id: int, is_folded: bool) -> None:
    """Fold the pillar up on Today, or unfold it; it stays so. Raises NotYours."""
    change(session, Pillar, actor, pillar_id).is_folded = is_folded


def archive(session: Session, actor: Actor, pillar_id: int) -> None:
    """Put the pillar and its habits away: they rest, and its place in the plan is free again.

    Raises NotYours.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    pillar = own(session, Pillar, actor, pillar_id)
    if pillar.archived_at is None:
        pillar.archived_at = now
        rests.put_away(session, owner, Subject(pillar_id), now)
        session.execute(_FREE_PLACE, {"me": actor.user_id})


def restore(session: Session, actor: Actor, pillar_id: int, free_pillars: int) -> None:
    """Take the pillar back out of the archive. Raises NotYours and PlanFull."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    pillar = own(session, Pillar, actor, pillar_id)
    if pillar.archived_at is not None:
        _take_place(session, owner, free_pillars)
        rests.bring_back(session, owner, Subject(pillar_id), pillar.archived_at, now)
        pillar.archived_at = None


def delete(session: Session, actor: Actor, pillar_id: int) -> None:
    """Delete the pillar with its habits and their commits; XP of the pet and ledger entries stay.

    Raises NotYours.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    pillar = own(session, Pillar, actor, pillar_id)
    if pillar.archived_at is None:
        session.execute(_FREE_PLACE, {"me": owner.id})
    moved_out = rests.hand_down(session, owner.id, pillar_id)
    session.delete(pillar)
    history.fold_again(session, owner.id, moved_out, owner.day_of(now))


def _siblings(session: Session, actor: Actor) -> list[Pillar]:
    siblings = session.query(Pillar).filter_by(user_id=actor.user_id, archived_at=None)
    return siblings.order_by(Pillar.position, Pillar.id).all()


def _take_place(session: Session, owner: Owner, free_pillars: int) -> None:
    if session.scalar(_TAKE_PLACE, {"me": owner.id, "limit": free_pillars}) is None:
        raise PlanFull(free_pillars)
