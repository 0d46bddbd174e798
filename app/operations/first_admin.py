"""The first admin of a server: whoever holds the link that only who runs it can read."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock, tokens
from app.models import Invitation
from app.operations import audit
from app.operations.owner import begin_change
from app.rules.audit import Event
from app.rules.errors import InvitationSpent
from app.rules.identity import Actor
from app.rules.invitations import USUAL_DAYS
from app.rules.places import NOWHERE, Place

# Serialises first admins: of two who come at once one becomes it.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('first admin'))")
_THERE_IS_ONE = text("SELECT EXISTS (SELECT 1 FROM users WHERE is_admin)")
_FORGET = text("DELETE FROM invitations WHERE makes_admin")
_USE = text("""
    DELETE FROM invitations WHERE makes_admin AND token_hash = :hash AND expires_at > :now
    RETURNING id
""")
_BECOME = text("UPDATE users SET is_admin = true WHERE id = :user")


def make_link(session: Session) -> str | None:
    """Return the token of a new link, in place of any before; None where there is an admin."""
    session.execute(_ALONE)
    session.execute(_FORGET)
    if session.scalar(_THERE_IS_ONE):
        return None
    now, token = clock.now(), tokens.make()
    session.add(
        Invitation(
            token_hash=tokens.hash_of(token),
            makes_admin=True,
            created_at=now,
            expires_at=now + timedelta(days=USUAL_DAYS),
        )
    )
    return token


def become(session: Session, actor: Actor, token: str, place: Place = NOWHERE) -> None:
    """Make the one who acts, at `place`, the admin of this server.

    Raises SessionEnded, and InvitationSpent where there is an admin or the link is not the newest.
    """
    now = clock.now()
    begin_change(session, actor, now)
    session.execute(_ALONE)
    used = session.scalar(_USE, {"hash": tokens.hash_of(token), "now": now})
    if used is None or session.scalar(_THERE_IS_ONE):
        raise InvitationSpent
    session.execute(_BECOME, {"user": actor.user_id})
    audit.note(session, actor.user_id, Event.ADMIN_MADE, place)
