"""Tries of this request at a door that strangers knock at."""

from hashlib import blake2b

from flask import current_app

from app.config import Settings
from app.infra import db
from app.operations import tries
from app.rules.audit import Event
from app.rules.errors import TooManyTries
from app.rules.tries import Door
from app.web import access, audit


def begin(door: Door, user_id: int = 0, whose: str = "") -> tries.Try:
    """Count a try at `door` before anything is looked at. Raises TooManyTries.

    `user_id` is 0 where no account is known; `whose` is what was typed for an account.
    """
    settings: Settings = current_app.extensions["settings"]
    said = f"{door.name}\n{user_id}\n{whose}"
    network = access.address() if door.by_network else ""
    origin = tries.Origin(_digest(said), _digest(f"{said}\n{network}"))
    try:
        with db.transaction() as writing:
            return tries.begin(writing, door, user_id, origin, limited=settings.rate_limits)
    except TooManyTries:
        audit.note(user_id, Event.SLOWED)
        raise


def _digest(said: str) -> str:
    # Keyed: somebody may type a password where the address belongs.
    settings: Settings = current_app.extensions["settings"]
    key = blake2b(settings.secret_key.encode()).digest()
    return blake2b(said.encode(), key=key, digest_size=16).hexdigest()
