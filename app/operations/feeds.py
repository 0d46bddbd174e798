"""Feeds: the address under which a calendar reads somebody's days is made, renewed and ended."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.infra import clock, tokens
from app.models import Feed
from app.operations import audit
from app.operations.owner import begin_change
from app.rules.audit import Event
from app.rules.identity import Actor
from app.rules.places import Place


def renew(session: Session, actor: Actor, token: str, place: Place) -> None:
    """Let the token of an address count, and none of before. Raises SessionEnded."""
    now = clock.now()
    me = begin_change(session, actor, now).id
    session.execute(delete(Feed).filter_by(user_id=me))
    session.add(Feed(user_id=me, token_hash=tokens.hash_of(token), created_at=now))
    audit.note(session, me, Event.FEED_MADE, place)


def end(session: Session, actor: Actor, place: Place) -> None:
    """Let no address count any more. Raises SessionEnded."""
    me = begin_change(session, actor, clock.now()).id
    session.execute(delete(Feed).filter_by(user_id=me))
    audit.note(session, me, Event.FEED_ENDED, place)
