"""What all links by mail share: their token, their pages, and what is said when one is spent."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.infra import db
from app.operations import links
from app.operations.links import Link
from app.rules.errors import LinkSpent, TooManyTries
from app.rules.links import Purpose
from app.rules.press import parse_key
from app.rules.tries import LETTERS
from app.web import access, htmx, security, tries

bp = Blueprint("links", __name__)


@bp.get("/sent")
@access.public
def sent() -> Any:
    """Say that a letter is on its way, if there is anything to say to that address."""
    return htmx.page("links/sent.html")


def may_write_to(address: str) -> bool:
    """Count one more letter to `address`, and tell whether it is not too many in a short time."""
    try:
        tries.begin(LETTERS, whose=address)
    except TooManyTries:
        return False
    return True


def token() -> str:
    """Return the token that was opened or sent.

    It stands in the query, which no log has: neither ours nor that of nginx.
    """
    return (request.form if request.method == "POST" else request.args).get("link", "")


def key() -> str | None:
    """Return the key of the form that was sent. Raises Invalid."""
    return parse_key(request.form.get("key", ""))


def look(*purposes: Purpose) -> Link | None:
    """Return the link that was opened or sent if it can be used for one of `purposes`, or None.

    Nothing is changed: programs that look for what is bad in a mail open its links.
    """
    with db.reading() as reading:
        return links.look(reading, token(), key(), *purposes)


def page(template: str, link: Link, status: int = 200, **context: Any) -> Response:
    """Render the page of a link, whose address nobody may learn."""
    answer = htmx.page(template, status, link=link, token=token(), **context)
    answer.headers.update(security.SECRET_ADDRESS)
    return answer


def spent(endpoint: str) -> Any:
    """Say that the link cannot be used any more, on the page where there is another one."""
    flash(LinkSpent().sentence)
    where = url_for(endpoint)
    return htmx.go(where) if request.method == "POST" else redirect(where, code=303)
