"""Where this request comes from, for what is written down about an account."""

from flask import request

from app.infra import db
from app.operations import audit
from app.rules.audit import Event
from app.rules.places import Place, device_of


def here() -> Place:
    """Return where this request comes from."""
    return Place(request.remote_addr or "", device_of(request.user_agent.string))


def note(user_id: int, event: Event) -> None:
    """Note what was refused here, in an act of its own; user 0 is an address that nobody has."""
    with db.transaction() as writing:
        audit.note(writing, user_id, event, here())
