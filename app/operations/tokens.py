"""Tokens of programs: made and ended. Each is a sign-in of its own, which every write looks for."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infra import clock, tokens
from app.models import ApiToken, UserSession
from app.operations import audit
from app.operations.owner import begin_change, own
from app.rules.audit import Event
from app.rules.errors import Invalid
from app.rules.identity import LONGEST_SESSION, Actor
from app.rules.language import _
from app.rules.places import Place
from app.rules.scopes import Scope

# Tokens that one account may have at a time.
MOST = 20
KIND = "token"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as it is made: itself, how its user calls it, and what it may do."""

    token: str
    name: str
    scope: Scope


def make(session: Session, actor: Actor, new: NewToken, place: Place) -> int:
    """Let a token count, for as long as a sign-in, and return its id.

    Raises SessionEnded, and Invalid for too many.

    The one who acts must have proved just now who they are.
    """
    now = clock.now()
    me = begin_change(session, actor, now).id
    alive = select(func.count()).where(
        UserSession.user_id == me, UserSession.kind == KIND, UserSession.ended_at.is_(None)
    )
    if (session.scalar(alive) or 0) >= MOST:
        raise Invalid(name=_("There are many tokens already. End one that is not used."))
    signed_in = UserSession(user_id=me, created_at=now, expires_at=now + LONGEST_SESSION, kind=KIND)
    session.add(signed_in)
    session.flush()
    session.add(
        ApiToken(
            user_id=me,
            session_id=signed_in.id,
            token_hash=tokens.hash_of(new.token),
            name=new.name,
            scope=new.scope,
        )
    )
    audit.note(session, me, Event.TOKEN_MADE, place)
    return signed_in.id


def end(session: Session, actor: Actor, token_id: int, place: Place) -> None:
    """End a token; ending an ended one changes nothing. Raises SessionEnded and NotYours."""
    now = clock.now()
    me = begin_change(session, actor, now).id
    own(session, ApiToken, actor, token_id)
    signed_in = own(session, UserSession, actor, token_id)
    if signed_in.ended_at is None:
        signed_in.ended_at = now
        audit.note(session, me, Event.TOKEN_ENDED, place)
