"""What cannot be undone asks who somebody is once more, unless they have proved it just now."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, request, url_for

from app.infra import clock, db
from app.queries import sessions
from app.web import access, carried, htmx
from app.web.carried import Because

View = TypeVar("View", bound=Callable[..., Any])

_PROOF = "proof page"


def init_app(app: Flask, prove: str) -> None:
    """Ask on the page whose endpoint is given."""
    app.extensions[_PROOF] = prove


def fresh(view: View) -> View:
    """Let a view run only for who has proved within FRESH who they are; ask all others first.

    It costs a statement. It is not for public views.
    """

    @wraps(view)
    def asked(*args: Any, **values: Any) -> Any:
        return view(*args, **values) if is_fresh() else _ask()

    return asked  # type: ignore[return-value]


def is_fresh() -> bool:
    """Tell whether the one who acts has proved within FRESH who they are."""
    with db.reading() as reading:
        return sessions.is_fresh(reading, access.actor(), clock.now())


def _ask() -> Any:
    carried.hold(Because.PROOF)
    # The address of every form answers GET with the page on which it stands.
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return htmx.go(url_for(current_app.extensions[_PROOF], next=back))
