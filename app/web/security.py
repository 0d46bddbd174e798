"""What every request must show and every answer carries.

Cross-site requests are refused by what the browser says of them, not by tokens: a token expires
in a page left open, these headers do not.
"""

import logging
import re
import secrets
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, Forbidden, RequestEntityTooLarge, SecurityError

from app.infra import db, task
from app.rules.language import _
from app.web import paths

View = TypeVar("View", bound=Callable[..., Any])

_log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}
# Whoever watches from the next container calls the app by a name that only containers know.
_WATCHED = {"/healthz", "/readyz", "/metrics"}
_NAME = re.compile(r"[0-9a-f]{8,64}")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Never no-referrer: Chromium would send "Origin: null" and every form would be refused.
    "Referrer-Policy": "same-origin",
}
# For a page whose address is a secret: nobody is told more than the place, ourselves included.
SECRET_ADDRESS = {"Referrer-Policy": "strict-origin"}


def init_app(app: Flask) -> None:
    """Check every unsafe request's origin before anything else; give every answer its headers."""
    app.before_request(_name_request)
    app.before_request(_check_host)
    app.before_request(_check_origin)
    app.before_request(_read_chunks)
    app.after_request(_dress)
    _let_watchers_in(app)


def _let_watchers_in(app: Flask) -> None:
    """Answer health checks and metrics under any Host, which Flask would refuse before any view."""
    inner = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] in _WATCHED:
            environ["HTTP_HOST"] = "localhost"
        return inner(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _name_request() -> None:
    task.begin(_given_name() or secrets.token_hex(4))
    db.begin_act()


def _given_name() -> str | None:
    # The proxy has a line about the request too, and both go by one name.
    if not current_app.extensions["settings"].proxy_hops:
        return None
    given = request.headers.get("X-Request-Id", "")
    return given if _NAME.fullmatch(given) else None


def _check_host() -> Any:
    # Under a host that is not ours no URL can be built, and so no page either.
    if isinstance(request.routing_exception, SecurityError):
        sentence = _("This server does not answer at this address.")
        return f"{sentence}\n", 400, {"Content-Type": "text/plain; charset=utf-8"}
    return None


def proves_itself(view: View) -> View:
    """Let a view take forms from anywhere: what is in its address proves what it does.

    For links that were sent by mail alone: mail programs press them, and say no origin. Such a view
    must not look at who is signed in.
    """
    view.proves_itself = True  # type: ignore[attr-defined]
    return view


def _check_origin() -> None:
    if request.method in SAFE:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "proves_itself", False):
        return
    site = request.headers.get("Sec-Fetch-Site")
    same = site in {"same-origin", "none"} if site else _is_own(request.headers.get("Origin"))
    # A page of ours over plain http looks like another site, and its reader needs the right one.
    is_ours = request.headers.get("Origin") == f"http://{request.host}"
    if not same and is_ours and (address := address_instead()):
        raise Forbidden(plain_sentence(address))
    if not same:
        raise Forbidden(_("This came from another site, so nothing was done. Press it here again."))


def address_instead() -> str | None:
    """Return the address to open where this request came over plain http and must not; log that.

    The cookie of a place at https is dropped on plain http, and signing in would lead nowhere.
    Browsers say where a request comes from to places that they take for safe, and to no others:
    so a proxy that leaves out the scheme is not mistaken for a plain one.
    """
    own: str = current_app.config["PUBLIC_URL"] or ""
    is_plain = own.startswith("https://") and request.scheme == "http"
    if not is_plain or "Sec-Fetch-Site" in request.headers:
        return None
    _log.warning("%s came over plain http, and PUBLIC_URL is %s", paths.logged(), own)
    return own


def plain_sentence(address: str) -> str:
    """Return what a page says that should have been opened at `address`."""
    sentence = _("This page came over plain http, where nobody can sign in. Open %(address)s.")
    return sentence % {"address": address}


def _read_chunks() -> None:
    """Read a body that does not say how long it is, which a form would take as far as it came.

    Werkzeug cuts one that is too long, and what the server says of a broken one is a fault there.
    """
    environ = request.environ
    if "wsgi.input_terminated" not in environ or request.content_length is not None:
        return
    most = request.max_content_length or 0
    try:
        body = environ["wsgi.input"].read(most + 1)
    except (OSError, ParseException) as error:
        raise BadRequest from error
    if len(body) > most:
        raise RequestEntityTooLarge
    environ["wsgi.input"] = BytesIO(body)


def _is_own(origin: str | None) -> bool:
    own = current_app.config["PUBLIC_URL"] or request.host_url
    try:
        return bool(origin) and _parts(origin or "") == _parts(own)
    except ValueError:
        return False


def _parts(url: str) -> tuple[str, str | None, int | None]:
    split = urlsplit(url)
    return split.scheme, split.hostname, split.port or {"http": 80, "https": 443}.get(split.scheme)


def _dress(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = task.current().name
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
