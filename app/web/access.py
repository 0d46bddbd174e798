"""Who is asking. Every view is closed to visitors unless it says `@public`.

The signed cookie carries claims, so that looking costs no query for identity. Claims older than
five minutes are read again and signed again, and must then find their sign-in alive; a write
finds it alive every time, in its own statements.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.infra import clock, db, task
from app.queries import accounts
from app.rules.errors import SessionEnded
from app.rules.identity import BELIEVED, IDLE, Actor, Claims

View = TypeVar("View", bound=Callable[..., Any])

login = LoginManager()
login.session_protection = None  # A phone changes its address all day.

_CLAIMS = "claims"
_SIGN_IN, _SIGN_UP = "sign-in page", "sign-up page"


@dataclass(frozen=True, slots=True, eq=False)
class Visitor(UserMixin):
    """The signed-in user as Flask-Login knows one."""

    claims: Claims

    def get_id(self) -> str:
        """Return the user's id as text."""
        return str(self.claims.user_id)


def init_app(app: Flask, sign_in: str, sign_up: str) -> None:
    """Close the app's views to visitors; the pages to sign in and up on are given as endpoints."""
    app.extensions[_SIGN_IN], app.extensions[_SIGN_UP] = sign_in, sign_up
    # Not by init_app: its remember cookie, which is not used here, would open the session on
    # every answer, and every answer would then vary by the cookie.
    app.login_manager = login  # type: ignore[attr-defined]
    app.before_request(_require_sign_in)
    app.context_processor(lambda: {"me": signed_in()})


def public(view: View) -> View:
    """Open a view to visitors."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(endpoint: str | None) -> bool:
    """Tell whether a visitor may reach the view of an endpoint, None being no page at all."""
    view = current_app.view_functions.get(endpoint or "")
    return view is None or getattr(view, "is_public", False)


def current() -> Claims | None:
    """Return who looks, None for visitors."""
    return getattr(current_user, "claims", None)


def claims() -> Claims:
    """Return who looks. Raises SessionEnded for visitors."""
    who = current()
    if who is None:
        raise SessionEnded
    return who


def actor() -> Actor:
    """Return who acts. Raises SessionEnded for visitors."""
    return claims().actor


def signed_in() -> Claims | None:
    """Return who looks if that is known already: asks neither cookie nor database."""
    return getattr(g.get("_login_user"), "claims", None)


def ended() -> Claims | None:
    """Return who the cookie speaks of where its sign-in was found ended in this request."""
    who: Claims | None = g.get("ended")
    return who


def sign_in(who: Claims) -> None:
    """Begin a browser session for `who`; nothing of an older one survives."""
    session.clear()
    login_user(Visitor(who))
    sign(who)


def sign(who: Claims) -> None:
    """Put fresh claims into the cookie."""
    session.permanent = True
    task.current().user_id = who.user_id
    session[_CLAIMS] = who.to_cookie()
    g._login_user = Visitor(who)


def sign_out() -> None:
    """Forget the browser session."""
    logout_user()
    session.clear()


def address() -> str:
    """Return the network that a limit counts: an IPv4 address, or the /64 of an IPv6 one."""
    text = request.remote_addr or ""
    try:
        remote = ip_address(text)
    except ValueError:
        return text or "unknown"
    if isinstance(remote, IPv6Address):
        mapped, network = remote.ipv4_mapped, int(remote) >> 64 << 64
        return str(mapped or IPv6Address(network))
    return text


@login.user_loader
def _load(_user_id: str) -> Visitor | None:
    who = Claims.from_cookie(session.get(_CLAIMS))
    if who is None:
        return None
    age = clock.now() - who.issued_at
    if age > IDLE:
        return None
    # For unsafe requests too: a form that is refused is answered with a page, which is a read.
    if age > BELIEVED:
        return _read_again(who)
    task.current().user_id = who.user_id
    return Visitor(who)


def _read_again(who: Claims) -> Visitor | None:
    with db.reading() as reading:
        fresh = accounts.claims(reading, who.actor, clock.now())
    if fresh is None:
        g.ended = who
        session.clear()
        return None
    sign(fresh)
    return Visitor(fresh)


def _require_sign_in() -> Any:
    if getattr(current_app.view_functions.get(request.endpoint or ""), "is_public", False):
        return None
    # A page that does not exist is not worth a sign-in, but who is signed in keeps the navigation.
    if current_user.is_authenticated or is_public(request.endpoint):
        return None
    return ask_to_sign_in()


def has_lost_cookie() -> bool:
    """Tell whether this visitor has signed in just now, and the browser kept no cookie of it.

    A browser comes to a closed page from one of the two open forms only when it was let in. Who
    loads such a page again later may have signed out in between.
    """
    asks_again = request.cache_control.no_cache or request.cache_control.max_age == 0
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies or asks_again:
        return False
    try:
        came_from = urlsplit(request.referrer or "").path
    except ValueError:
        return False
    return came_from in {url_for(current_app.extensions[form]) for form in (_SIGN_IN, _SIGN_UP)}


@login.unauthorized_handler
def ask_to_sign_in() -> Response:
    """Answer a visitor who needs an account: to the login, and from there back to a page.

    A form that was sent is not lost, see web/carried.py.
    """
    g.asks_to_sign_in = True
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    cookies = "off" if has_lost_cookie() else None
    where = url_for(current_app.extensions[_SIGN_IN], next=back, cookies=cookies)
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, code=303)  # type: ignore[return-value]
