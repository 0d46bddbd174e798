"""Accounts: found by their address, put on a plan, switched off and on, signed out, deleted.

Nothing of what somebody keeps or writes is shown here.
"""

from typing import Any

from flask import flash, redirect, request, url_for

from app.infra import clock, db
from app.operations import admin as operations
from app.queries import admin as queries
from app.queries.admin import AccountLine
from app.rules.errors import Invalid
from app.rules.language import _
from app.views.admin.forms import DeletionForm
from app.views.admin.room import bp
from app.views.forms import SearchForm
from app.web import access, htmx
from app.web.fresh import fresh
from app.web.once import once

_PREMIUM, _FREE = "premium", "free"


@bp.get("/accounts")
def accounts() -> Any:
    """Show the accounts in whose address `q` stands, those behind the address `after`."""
    form, found = SearchForm(request.args), queries.AccountsPage((), None)
    is_fine = form.validate()
    asked = form.q.data or ""
    if is_fine:
        with db.reading() as reading:
            after = request.args.get("after")
            found = queries.find(reading, clock.now(), asked, after)
    return htmx.page(
        "admin/accounts.html",
        200 if is_fine else 422,
        form=form,
        asked=asked,
        found=found,
        first="after" not in request.args,
    )


@bp.get("/accounts/<key:account_id>")
def account(account_id: int) -> Any:
    """Show an account, and what can be done about it."""
    line = _line(account_id)
    is_own = account_id == access.actor().user_id
    return htmx.page("admin/account.html", account=line, is_own=is_own)


@bp.get("/accounts/<key:account_id>/plan")
@bp.get("/accounts/<key:account_id>/disable")
@bp.get("/accounts/<key:account_id>/enable")
@bp.get("/accounts/<key:account_id>/sign-out")
def lead_to_account(account_id: int) -> Any:
    """Lead whoever reloads the answer of a form to the page where the form stands."""
    return redirect(url_for("admin.account", account_id=_line(account_id).id), code=303)


@bp.post("/accounts/<key:account_id>/plan")
def set_plan(account_id: int) -> Any:
    """Put an account on the premium plan with `plan` = premium, else on the free one."""
    is_premium = request.form.get("plan") == _PREMIUM
    with once() as writing:
        if writing:
            operations.set_premium(writing, access.actor(), account_id, is_premium)
    flash(_("This account has the premium plan.") if is_premium else _("It has the free plan."))
    return htmx.redirect("admin.account", account_id=account_id)


@bp.post("/accounts/<key:account_id>/disable")
@fresh
def disable(account_id: int) -> Any:
    """Switch an account off."""
    with once() as writing:
        if writing:
            operations.disable(writing, access.actor(), account_id)
    flash(_("This account is switched off and signed out everywhere. Everything in it stays."))
    return htmx.redirect("admin.account", account_id=account_id)


@bp.post("/accounts/<key:account_id>/enable")
def enable(account_id: int) -> Any:
    """Switch an account on again."""
    with once() as writing:
        if writing:
            operations.enable(writing, access.actor(), account_id)
    flash(_("This account is switched on; its owner can sign in."))
    return htmx.redirect("admin.account", account_id=account_id)


@bp.post("/accounts/<key:account_id>/sign-out")
def sign_out(account_id: int) -> Any:
    """End every sign-in of an account."""
    with once() as writing:
        if writing:
            operations.sign_out(writing, access.actor(), account_id)
    flash(_("This account is signed out everywhere."))
    return htmx.redirect("admin.account", account_id=account_id)


@bp.get("/accounts/<key:account_id>/delete")
@fresh
def confirm(account_id: int) -> Any:
    """Ask for the address of the account that is to be deleted."""
    return _confirmation(_line(account_id), DeletionForm())


@bp.post("/accounts/<key:account_id>/delete")
@fresh
def delete(account_id: int) -> Any:
    """Delete an account and everything in it, if its address was typed."""
    form = DeletionForm(request.form)
    try:
        with once() as writing:
            if writing:
                typed = form.address.data or ""
                operations.delete(writing, access.actor(), account_id, typed)
    except Invalid as error:
        form.refuse(error)
        return _confirmation(_line(account_id), form, 422)
    flash(_("The account is deleted."))
    # Not with the page at once: its address would be that of an account that is gone.
    return htmx.go(url_for("admin.accounts"))


def _line(account_id: int) -> AccountLine:
    with db.reading() as reading:
        return queries.one(reading, clock.now(), account_id)


def _confirmation(line: AccountLine, form: DeletionForm, status: int = 200) -> Any:
    return htmx.page("admin/delete.html", status, account=line, form=form)
