"""A form that is sent twice acts once: it is known by its key, however late it comes again."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from sqlalchemy.orm import Session

from app.infra import db
from app.operations import presses
from app.rules.errors import Invalid
from app.rules.press import parse_key
from app.web import access


@contextmanager
def once(noun: str = "") -> Iterator[Session | None]:
    """Open the writing door for the form that was sent; give None when it was sent before.

    The answer is the same then. A form that goes to several addresses, by one button or another,
    is known by a `noun` of its own. Raises SessionEnded, and Invalid for a key that is none of
    ours: that is told last, since what is not yours is not there whatever is sent along.
    """
    key, refusal = _key()
    with db.transaction() as writing:
        is_new = key is None or presses.is_first(writing, access.actor(), key, _route(noun))
        yield writing if is_new else None
        if refusal:
            raise refusal


def _key() -> tuple[str | None, Invalid | None]:
    try:
        return parse_key(request.form.get("key", "")), None
    except Invalid as error:
        return None, error


def _route(noun: str) -> str:
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "key"]
    return presses.route_of(noun or request.path, request.path, *typed)
