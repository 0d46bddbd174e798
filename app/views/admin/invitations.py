"""Invitations: made, listed while they can be used, and withdrawn."""

from typing import Any

from flask import current_app, flash, redirect, request, session, url_for

from app.config import Settings
from app.infra import clock, db
from app.operations import invitations as operations
from app.queries import invitations as queries
from app.rules.language import _
from app.views.accounts import registration
from app.views.admin.forms import InvitationForm
from app.views.admin.room import bp
from app.web import access, htmx, letters
from app.web.once import once

_LINK = "invitation"


@bp.get("/invitations")
def invitations() -> Any:
    """Show the open invitations, and once the link of the one that was made just now."""
    return _page(InvitationForm(), link=session.pop(_LINK, None))


@bp.post("/invitations")
def invite() -> Any:
    """Make an invitation. Its link is stored nowhere but in the cookie of its maker, for one page.

    Whoever sends the form twice is shown the list alone: the link of the first time may be lost,
    and then that invitation can be withdrawn.
    """
    form = InvitationForm(request.form)
    if not form.validate():
        return _page(form, 422)
    with once() as writing:
        if writing:
            token = operations.invite(
                writing,
                access.actor(),
                form.email.data or None,
                int(form.days.data),
                by_mail=letters.are_sent(),
            )
            session[_LINK] = _link(token)
    if form.email.data and letters.are_sent():
        flash(_("The link is on its way to this address, too."))
    return htmx.redirect("admin.invitations")


@bp.post("/invitations/<key:invitation_id>/withdraw")
def withdraw(invitation_id: int) -> Any:
    """Make the link of an invitation useless."""
    with once() as writing:
        if writing:
            operations.withdraw(writing, access.actor(), invitation_id)
    flash(_("This invitation lets nobody in any more."))
    return htmx.redirect("admin.invitations")


@bp.get("/invitations/<key:invitation_id>/withdraw")
def lead_to_invitations(invitation_id: int) -> Any:
    """Lead to the list."""
    return redirect(url_for("admin.invitations"), code=303)


def _page(form: InvitationForm, status: int = 200, link: str | None = None) -> Any:
    with db.reading() as reading:
        found = queries.still_open(reading, clock.now())
    return htmx.page(
        "admin/invitations.html",
        status,
        form=form,
        found=found,
        link=link,
        registration=registration().value,
    )


def _link(token: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    base = settings.public_url or request.host_url.rstrip("/")
    return base + url_for("invitations.show", token=token)
