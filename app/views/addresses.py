"""The address of an account: shown, confirmed, and changed by a link to the new one."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.infra import db
from app.operations import addresses
from app.queries.accounts import Account
from app.rules.errors import Invalid, LinkSpent
from app.rules.language import _
from app.rules.links import Purpose
from app.views import links
from app.views.account_forms import AddressForm
from app.views.proofs import account
from app.views.resets import leave
from app.web import access, audit, htmx, letters
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("addresses", __name__)

_SPENT = "addresses.show"


@bp.get("/settings/email")
def show() -> Any:
    """Show the address, and whether it is confirmed."""
    return htmx.page("addresses/show.html", account=_mine())


@bp.get("/settings/email/edit")
@fresh
def edit() -> Any:
    """Ask for another address."""
    return _edit(AddressForm())


@bp.post("/settings/email")
@fresh
def ask_to_move() -> Any:
    """Send a link to another address; where no mail is sent, take that at once."""
    form = AddressForm(request.form)
    if not form.validate():
        return _edit(form, 422)
    try:
        return _asked(form.address) if letters.are_sent() else _moved(form.address)
    except Invalid as error:
        form.refuse(error)
        return _edit(form, 422)


@bp.post("/settings/email/confirm")
def ask_to_confirm() -> Any:
    """Send a link to the address that is there."""
    is_little = links.may_write_to(_mine().email)
    with once() as writing:
        if writing and is_little:
            addresses.ask_to_confirm(writing, access.actor())
    return htmx.go(url_for("links.sent"))


@bp.get("/settings/email/confirm")
def leave_confirm() -> Any:
    """Lead to the page that the form stands on."""
    return redirect(url_for("addresses.show"), code=303)


@bp.get("/address")
@access.public
def new() -> Any:
    """Say what the link of a letter does, and ask for the press that does it."""
    link = links.look(*addresses.ALL)
    return links.page("addresses/new.html", link) if link else links.spent(_SPENT)


@bp.post("/address")
@access.public
def create() -> Any:
    """Do what the link of a letter says, in whichever browser it was opened."""
    link = links.look(*addresses.ALL)
    if link is None:
        return links.spent(_SPENT)
    try:
        with db.transaction() as writing:
            addresses.follow(writing, links.token(), links.key(), audit.here())
    except LinkSpent:
        return links.spent(_SPENT)
    if link.does is Purpose.RETURN:
        leave(link.user_id)
    flash(_done(link.does))
    return htmx.go(url_for("addresses.show" if access.current() else "sessions.new"))


def _done(purpose: Purpose) -> str:
    return {
        Purpose.CONFIRM: _("Your address is confirmed."),
        Purpose.MOVE: _("Your new address is confirmed. You sign in with it from now on."),
        Purpose.RETURN: _(
            "Your address is back, and everybody is signed out. Look into your mail."
        ),
    }[purpose]


def _asked(address: str) -> Any:
    is_little = links.may_write_to(address)
    with once() as writing:
        if writing and is_little:
            addresses.ask_to_move(writing, access.actor(), address)
    return htmx.go(url_for("links.sent"))


def _moved(address: str) -> Any:
    with once() as writing:
        if writing:
            addresses.move(writing, access.actor(), address, audit.here())
    flash(_("Saved."))
    return htmx.redirect("addresses.show")


def _mine() -> Account:
    return account(access.actor().user_id)


def _edit(form: AddressForm, status: int = 200) -> Any:
    return htmx.page("addresses/edit.html", status, form=form)
