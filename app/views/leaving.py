"""Leaving: the page that asks for the end of an account, and the way back."""

from typing import Any

from flask import Blueprint, request

from app.infra import clock, db
from app.operations import leaving
from app.queries import accounts
from app.rules.errors import SessionEnded
from app.rules.language import _
from app.rules.leaving import GRACE, is_confirmed
from app.views.account_forms import LeaveForm
from app.web import access, audit, htmx
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("leaving", __name__)


@bp.get("/settings/leave")
def show() -> Any:
    """Say what is deleted and when, and ask for the address; or how to keep the account."""
    return _page(LeaveForm())


@bp.post("/settings/leave")
@fresh
def ask() -> Any:
    """Let the account end when the grace is over."""
    form = LeaveForm(request.form)
    if not is_confirmed(form.address.data or "", _address()):
        form.address.errors = [_("This is not the address of your account.")]
        return _page(form, 422)
    with once() as writing:
        if writing:
            leaving.ask(writing, access.actor(), audit.here())
    return _shown_anew()


@bp.post("/settings/leave/stay")
def stay() -> Any:
    """Keep the account."""
    with once() as writing:
        if writing:
            leaving.stay(writing, access.actor(), audit.here())
    return _shown_anew()


@bp.get("/settings/leave/stay")
def lead_to() -> Any:
    """Lead to the page on which the account is kept."""
    return htmx.redirect("leaving.show")


def _shown_anew() -> Any:
    """Lead to the page, by claims that say how it is now."""
    with db.reading() as reading:
        who = accounts.claims(reading, access.actor(), clock.now())
    if who is None:
        raise SessionEnded
    access.sign(who)
    return htmx.redirect("leaving.show")


def _page(form: LeaveForm, status: int = 200) -> Any:
    return htmx.page("leaving/show.html", status, form=form, days=GRACE.days)


def _address() -> str:
    with db.reading() as reading:
        account = accounts.by_id(reading, access.actor().user_id)
    if account is None:
        raise SessionEnded
    return account.email
