"""Programs show a token in the header `Authorization`; a cookie says nothing to them."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar

from flask import g, request
from werkzeug.exceptions import Forbidden

from app.infra import clock, db, task
from app.infra.limits import limiter
from app.queries import tokens
from app.rules.errors import SessionEnded
from app.rules.identity import Claims
from app.rules.language import _
from app.rules.scopes import Scope
from app.web import access, security

View = TypeVar("View", bound=Callable[..., Any])

_RATE = "120 per minute"


def needs(scope: Scope) -> Callable[[View], View]:
    """Open a view to programs whose token covers `scope`, 120 times a minute each.

    Where a request comes from is not looked at: no browser sends this header by itself.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def asked(*args: Any, **values: Any) -> Any:
            _recognise(scope)
            return view(*args, **values)

        limited = limiter.limit(_RATE, key_func=_shown)(asked)
        return access.public(security.proves_itself(limited))  # type: ignore[return-value]

    return wrap


def who() -> Claims:
    """Return for whom the program acts."""
    claims: Claims = g.bearer
    return claims


def _recognise(scope: Scope) -> None:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise SessionEnded
    with db.reading() as reading:
        found = tokens.bearer(reading, token.strip(), clock.now())
    if found is None:
        raise SessionEnded
    g.bearer, has = found
    if not has.covers(scope):
        raise Forbidden(_("This token may look, and change nothing."))
    task.current().user_id = g.bearer.user_id


def _shown() -> str:
    said = request.headers.get("Authorization")
    if not said:
        return access.address()
    return sha256(said.encode(errors="surrogatepass")).hexdigest()
