"""Invitations: made and withdrawn by who runs this server, used up by a sign-up."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock, tokens
from app.models import Invitation
from app.operations import audit, operators, outbox
from app.rules.audit import Event
from app.rules.errors import InvitationSpent, NotYours
from app.rules.identity import Actor
from app.rules.invitations import REMEMBERED, USUAL_DAYS

# The row is locked by who comes first; who waited for it looks again and finds it used.
_USE = text("""
    UPDATE invitations SET used_at = :now, used_by = :user
    WHERE token_hash = :hash AND NOT makes_admin AND used_at IS NULL AND withdrawn_at IS NULL
      AND expires_at > :now AND coalesce(email, :email) = :email
    RETURNING id
""")
_WITHDRAW = text("""
    UPDATE invitations SET withdrawn_at = coalesce(withdrawn_at, :now)
    WHERE id = :invitation AND used_at IS NULL AND NOT makes_admin
    RETURNING id
""")
_FORGET_OLD = text("""
    DELETE FROM invitations WHERE coalesce(used_at, withdrawn_at, expires_at) <= :until
""")
_FORGET_USER = text("DELETE FROM invitations WHERE used_by = :user")
_WITHOUT_MAKER = text("UPDATE invitations SET made_by = NULL WHERE made_by = :user")


def invite(
    session: Session,
    by: Actor | None,
    email: str | None = None,
    days: int = USUAL_DAYS,
    *,
    by_mail: bool = False,
) -> str:
    """Make an invitation that holds for so many days, and return the token of its link.

    With an `email` (lower case) it is for that address alone, and sent to it if `by_mail`; `by`
    None is a command. Raises NotYours for who is no admin.
    """
    operators.prove(session, by)
    now, token = clock.now(), tokens.make()
    expires_at = now + timedelta(days=days)
    session.execute(_FORGET_OLD, {"until": now - REMEMBERED})
    _note(session, by, Event.INVITED)
    session.add(
        Invitation(
            token_hash=tokens.hash_of(token),
            email=email,
            made_by=by.user_id if by else None,
            created_at=now,
            expires_at=expires_at,
        )
    )
    if by_mail and email:
        outbox.post(session, "invitation", email, {"token": token}, expires_at=expires_at)
    return token


def withdraw(session: Session, by: Actor | None, invitation_id: int) -> None:
    """Make the link of an invitation useless; a second time changes nothing.

    Raises NotYours for who is no admin, and where there is no such invitation that is not used.
    """
    operators.prove(session, by)
    values = {"invitation": invitation_id, "now": clock.now()}
    if session.scalar(_WITHDRAW, values) is None:
        raise NotYours
    _note(session, by, Event.INVITATION_WITHDRAWN)


def use(session: Session, token: str, user_id: int, email: str) -> None:
    """Use an invitation up for the account that is just being made. Raises InvitationSpent."""
    values = {"hash": tokens.hash_of(token), "user": user_id, "email": email, "now": clock.now()}
    if session.scalar(_USE, values) is None:
        raise InvitationSpent


def forget(session: Session, user_id: int) -> None:
    """Forget the invitation by which a user came, and who made those that this user made."""
    session.execute(_FORGET_USER, {"user": user_id})
    session.execute(_WITHOUT_MAKER, {"user": user_id})


def _note(session: Session, by: Actor | None, event: Event) -> None:
    audit.note(session, by.user_id if by else audit.NOBODY, event)
