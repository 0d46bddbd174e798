"""A form that met an ended sign-in, or that asks for a proof first, is not lost: it waits.

It waits in the browser, in a signed cookie, while somebody signs in or proves who they are, and is
then shown with a button that sends it. No view has to know. One form waits, the newest.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from flask import Flask, Response, current_app, g, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from app.config import Settings
from app.rules.language import _
from app.web import access, htmx, whose
from app.web.errors import answer

# Never carried; a form that has one of these besides others comes back without it.
SECRETS = frozenset({"password", "current"})
_LONGEST_WAIT = timedelta(hours=1)
# Of the 4096 that a browser takes for a cookie with its name.
_MOST_CHARACTERS = 3800
_PAGE = "page of what was not saved"


class Because(StrEnum):
    """Why a form waits."""

    ENDED = "ended"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that waits: where it goes, and its fields as they were sent."""

    because: Because
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The key of the form."""
        return self.first("key")

    def first(self, name: str) -> str:
        """Return what the first field of that name says, empty where there is none."""
        return next((value for field, value in self.fields if field == name), "")


def init_app(app: Flask, page: str) -> None:
    """Carry forms through sign-in and proof; the page that shows one is given as an endpoint."""
    app.extensions[_PAGE] = page
    app.after_request(_send)


def hold(because: Because) -> None:
    """Let the form that was sent wait, if it is one of ours on a closed page, and not too long."""
    if request.method != "POST" or access.is_public(request.endpoint):
        return
    form = Form(because, request.path, tuple(_fields()))
    if whose.is_marked(form.key):
        signed = _signer().dumps([form.because, form.path, form.fields])
        g.carried = signed if len(signed) <= _MOST_CHARACTERS else ""


def is_waiting() -> bool:
    """Tell whether a form waits in this browser, for whomever."""
    return _look() is not None


def waiting() -> Form | None:
    """Return the form that waits for the one who looks, None where none does."""
    form, who = _look(), access.current()
    return form if form and who and whose.is_of(form.key, who.user_id) else None


def onward(back: str) -> str:
    """Return where somebody goes who was recognised just now: to what waits, else to `back`."""
    return url_for(current_app.extensions[_PAGE]) if waiting() else back


def _fields() -> Iterator[tuple[str, str]]:
    for name, value in request.form.items(multi=True):
        if name not in SECRETS:
            yield name, value


def _look() -> Form | None:
    try:
        because, path, fields = _signer().loads(
            request.cookies.get(_name(), ""), max_age=int(_LONGEST_WAIT.total_seconds())
        )
    except BadData:
        return None
    return Form(Because(because), path, tuple((name, value) for name, value in fields))


def _send(response: Response) -> Response:
    if g.get("asks_to_sign_in"):
        # What cannot even be read is not carried.
        with suppress(HTTPException):
            hold(Because.ENDED)
    carried: str | None = g.get("carried")
    if carried == "" and htmx.is_htmx():
        sentence = _("You are signed out. Sign in in another tab, then press here once more.")
        response = answer(HTTPStatus.UNAUTHORIZED, sentence)
    if carried:
        response.set_cookie(
            _name(),
            carried,
            max_age=_LONGEST_WAIT,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    elif carried is not None or _is_sent_now(response):
        response.delete_cookie(_name(), secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _is_sent_now(response: Response) -> bool:
    """Tell whether the form that waited was sent with this request, and taken."""
    if request.method != "POST" or _name() not in request.cookies or response.status_code >= 400:
        return False
    form = _look()
    return form is None or form.key == request.form.get("key")


def _signer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.extensions["settings"]
    return URLSafeTimedSerializer(settings.secret_keys[::-1], salt="carried form")


def _name() -> str:
    return "__Host-carried" if current_app.config["SESSION_COOKIE_SECURE"] else "carried"
