"""The mail queue: how much waits, and what no server would take; never what a letter says."""

from typing import Any

from flask import flash, redirect, request, url_for

from app.infra import db
from app.operations import outbox as operations
from app.operations.operators import prove
from app.queries import outbox as queries
from app.rules.language import _, ngettext, number
from app.views.admin.room import bp
from app.web import access, htmx
from app.web.converters import parse_key
from app.web.once import once


@bp.get("/mail")
def mail() -> Any:
    """Show how much mail waits, and each parked letter with the reason."""
    with db.reading() as reading:
        counts, parked = queries.counts(reading), queries.parked(reading)
    return htmx.page("admin/mail.html", counts=counts, parked=parked)


@bp.post("/mail/retry")
def retry() -> Any:
    """Send the parked letter `number` once more, or all that are parked."""
    many = 0
    with once() as writing:
        if writing:
            prove(writing, access.actor())
            many = operations.retry(writing, parse_key(request.form.get("number", "")))
    if many:
        sentence = ngettext("%(num)s letter goes out.", "%(num)s letters go out.", many)
        flash(sentence % {"num": number(many)})
    else:
        flash(_("Nothing is parked any more."))
    return htmx.redirect("admin.mail")


@bp.get("/mail/retry")
def lead_to_mail() -> Any:
    """Lead to the queue."""
    return redirect(url_for("admin.mail"), code=303)
