"""A forgotten password: ask for a link, and set a new one by it."""

from typing import Any

from flask import Blueprint, flash, request, url_for

from app.infra import db, passwords
from app.infra.limits import limiter
from app.operations import resets
from app.queries import accounts
from app.rules.errors import LinkSpent
from app.rules.language import _
from app.rules.links import Purpose
from app.rules.tries import RESET
from app.views import links
from app.views.account_forms import AddressForm, ResetForm
from app.web import access, audit, htmx, letters, tries

bp = Blueprint("resets", __name__)

_SPENT = "resets.new"


@bp.get("/forgot")
@access.public
def new() -> Any:
    """Ask for the address; where no mail is sent, say who can help."""
    return htmx.page("resets/new.html", form=AddressForm())


@bp.post("/forgot")
@access.public
@limiter.limit("120 per 10 minutes", key_func=access.address)
def create() -> Any:
    """Send a link to an address that has an account; the answer is the same for every one."""
    if not letters.are_sent():
        return htmx.redirect("resets.new")
    form = AddressForm(request.form)
    if not form.validate():
        return htmx.page("resets/new.html", 422, form=form)
    tries.begin(RESET, whose=form.address)
    with db.reading() as reading:
        account = accounts.by_email(reading, form.address)
    if links.may_write_to(form.address):
        with db.transaction() as writing:
            resets.ask(writing, account.id if account else None, form.address)
    return htmx.go(url_for("links.sent"))


@bp.get("/reset")
@access.public
def edit() -> Any:
    """Ask for a new password."""
    link = links.look(Purpose.RESET)
    return links.page("resets/edit.html", link, form=ResetForm()) if link else links.spent(_SPENT)


@bp.post("/reset")
@access.public
def update() -> Any:
    """Set the new password, and lead to the sign-in: nobody is signed in by a link."""
    link = links.look(Purpose.RESET)
    if link is None:
        return links.spent(_SPENT)
    form = ResetForm(request.form)
    form.address = link.email
    if not form.validate():
        return links.page("resets/edit.html", link, 422, form=form)
    password_hash = passwords.hash_password(form.password.data or "")
    try:
        with db.transaction() as writing:
            resets.reset(writing, links.token(), password_hash, links.key(), audit.here())
    except LinkSpent:
        return links.spent(_SPENT)
    leave(link.user_id)
    flash(_("The password is changed. Sign in with the new one."))
    return htmx.go(url_for("sessions.new"))


def leave(user_id: int) -> None:
    """Forget in this browser the sign-in of a user whose sign-ins have all ended."""
    who = access.current()
    if who and who.user_id == user_id:
        access.sign_out()
