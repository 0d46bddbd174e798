"""Letters: what somebody wants to get by mail, and the link in each that turns it off."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, request

from app.infra import db
from app.operations import subscriptions
from app.queries import accounts
from app.queries import subscriptions as queries
from app.rules.language import _
from app.rules.subscriptions import EVENING, MORNING, Subscription
from app.views.forms import LettersForm
from app.web import access, htmx, letters, security, unsubscribing
from app.web.once import once
from app.web.unsubscribing import Reader

bp = Blueprint("subscriptions", __name__)


@bp.get("/letters")
def show() -> Any:
    """Show which letters are wanted."""
    return _page(LettersForm(data=_chosen()))


@bp.post("/letters")
def update() -> Any:
    """Choose the letters that are wanted."""
    form = LettersForm(request.form, data=_chosen())
    if not form.validate():
        return _page(form, 422)
    with once() as writing:
        if writing:
            subscriptions.choose(writing, access.actor(), _wanted(form))
    flash(_("Saved."))
    return htmx.redirect("subscriptions.show")


@bp.get("/unsubscribe/<token>")
@access.public
def ask(token: str) -> Any:
    """Ask whether a letter is to be turned off: whoever follows all links has not wished that."""
    reader = _reader(token)
    with db.reading() as reading:
        is_on = reader.kind in queries.minutes_of(reading, reader.user_id)
    return _link_page(token, reader, is_on=is_on)


@bp.post("/unsubscribe/<token>")
@access.public
@security.proves_itself
def turn_off(token: str) -> Any:
    """Turn a letter off, also when a mail program asks for it; again, nothing more happens."""
    reader = _reader(token)
    with db.transaction() as writing:
        subscriptions.end(writing, reader.user_id, reader.kind)
    # No redirect: mail programs are told to follow none.
    return _link_page(token, reader, is_on=False)


def _wanted(form: LettersForm) -> dict[Subscription, int | None]:
    """Return at which minute each letter is wanted of which something was changed."""
    wanted: dict[Subscription, int | None] = {}
    if form.changed("reminder") or form.changed("at"):
        wanted[Subscription.REMINDER] = int(form.at.data) if form.reminder.data == "on" else None
    if weekly := form.changed("weekly"):
        wanted[Subscription.WEEKLY] = MORNING if weekly == "on" else None
    return wanted


def _reader(token: str) -> Reader:
    reader = unsubscribing.reader_of(current_app, token)
    if reader is None:
        abort(404)
    return reader


def _link_page(token: str, reader: Reader, *, is_on: bool) -> Any:
    return htmx.page("subscriptions/unsubscribe.html", token=token, kind=reader.kind, is_on=is_on)


def _page(form: LettersForm, status: int = 200) -> Any:
    with db.reading() as reading:
        account = accounts.by_id(reading, access.claims().user_id)
    is_verified = account is not None and account.is_verified
    return htmx.page(
        "subscriptions/show.html",
        status,
        form=form,
        are_sent=letters.are_sent(),
        is_verified=is_verified,
    )


def _chosen() -> dict[str, str]:
    with db.reading() as reading:
        minutes = queries.minutes_of(reading, access.claims().user_id)
    return {
        "reminder": "on" if Subscription.REMINDER in minutes else "off",
        "at": str(minutes.get(Subscription.REMINDER, EVENING)),
        "weekly": "on" if Subscription.WEEKLY in minutes else "off",
    }
